// One machine under calls of all kinds at all times, some of them not allowed; nothing to compare,
// but all that must hold whatever the caller does.
import { Random } from '../../random.mjs';

const STEPS_MAX = 200;
const WAITS_MS = [0, 1, 900, 5_000, 30_000, 100_000];

/** What may happen next. */
const STEPS = [
  (session, _application, random) => session.deliver(1 + random.below(40)),
  (session, _application, random) => session.deliver(1 + random.below(400)),
  (session) => session.watch.drainEvents(session.now, session.react),
  (session) => session.pullOutput(),
  (session, _application, random) => session.accept(random.below(session.outstandingBytes + 1)),
  (session, application, random) => application.actAtRandom(random, session.now),
  (session, application, random) => application.actAtRandom(random, session.now),
  (session, _application, random) => session.wait(random.pick(WAITS_MS)),
  (session) => session.watch.spuriousDeadline(session.now),
];

/** Runs until the stream is delivered, then lets the application and time bring it to its end; returns the outcome. */
export function runFreely(session, application, script) {
  const random = new Random(script.seed);
  for (let step = 0; step < STEPS_MAX; step++) {
    random.pick(STEPS)(session, application, random);
    if (session.isOver || (session.leftBytes === 0 && random.oneIn(16))) break;
  }
  session.end(script.end);
  session.letTimePass();
  // An application that stops in the middle of a message has only this way out.
  if (!session.isOver) session.machine.abort(session.now);
  session.settle();
  return session.finish();
}
