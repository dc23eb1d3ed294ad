// A server's application: what it answers follows from the script, never from how the stream was cut.
import { bytesOf } from '@holdline/testkit';
import { attempt } from './attempt.mjs';

const HELLO = bytesOf('hello');
/** Large enough to leave by reference. */
const LARGE = new Uint8Array(5_000).fill(0x78);
const LENGTH_5 = { name: 'Content-Length', value: '5' };
const CLOSE = { name: 'Connection', value: 'close' };
const AT_THE_HEAD = 0x80;
const MISSING_BYTES_MAX = 32;

/** Answers by number; each may prove not to be allowed. Those that throw are followed by a plain one. */
const ANSWERS = [
  (machine, now) => whole(machine, { status: 200, fields: [LENGTH_5] }, [HELLO], now),
  (machine, now) =>
    whole(machine, { status: 200, fields: [] }, [HELLO, HELLO], now, [{ name: 'x', value: 'y' }]),
  (machine, now) => whole(machine, { status: 204, fields: [] }, [], now),
  (machine, now) =>
    whole(machine, { status: 304, fields: [{ name: 'Content-Length', value: '10' }] }, [], now),
  (machine, now) => {
    attempt(machine, () => machine.sendInformational({ status: 103, fields: [] }, now));
    whole(machine, { status: 200, fields: [] }, [HELLO], now);
  },
  (machine, now) => {
    attempt(machine, () => machine.sendInformational({ status: 100, fields: [] }, now));
    whole(machine, { status: 404, fields: [LENGTH_5] }, [HELLO], now);
  },
  (machine, now) => whole(machine, { status: 200, fields: [CLOSE, LENGTH_5] }, [HELLO], now),
  (machine, now) =>
    machine.sendResponse({ status: 101, fields: [{ name: 'Upgrade', value: 'toy' }] }, now),
  (machine, now) => whole(machine, { status: 200, fields: [] }, [LARGE, HELLO], now),
  (machine, now) => machine.sendResponse({ status: 200, fields: [] }, now),
  (machine, now) =>
    whole(machine, { status: 200, fields: [{ name: 'X', value: 'a\r\nb' }] }, [], now),
  (machine, now) => machine.sendResponse({ status: 99, fields: [] }, now),
  (machine, now) => whole(machine, { status: 200, fields: [LENGTH_5] }, [], now),
  (machine, now) => whole(machine, { status: 205, reason: 'r\xe9', fields: [] }, [], now),
  // What the client has sent, as it is: nothing of it may make the response ambiguous.
  (machine, now, fields) => whole(machine, { status: 200, fields }, [HELLO], now),
  (machine, now, fields) => whole(machine, { status: 200, fields: [] }, [HELLO], now, fields),
];

function whole(machine, head, pieces, now, trailers = []) {
  machine.sendResponse(head, now);
  for (const piece of pieces) {
    if (machine.responseState === 'content') attempt(machine, () => machine.sendData(piece, now));
  }
  if (machine.responseState === 'content') machine.endMessage(trailers, now);
}

/** Answers requests as the script says. */
export class ServerApplication {
  /** The first request that was accepted, for others to look at. */
  firstRequest = null;
  #machine;
  #script;
  #requests = 0;
  #fields = [];

  constructor(machine, script) {
    this.#machine = machine;
    this.#script = script;
  }

  react(event, now) {
    const action = this.#script.action(this.#requests);
    if (event.type === 'request') {
      this.firstRequest ??= event;
      this.#fields = event.fields;
      if ((action & AT_THE_HEAD) !== 0) this.#answer(action, now);
    } else if (event.type === 'end') {
      if (this.#machine.responseState === 'awaiting') this.#answer(action, now);
    } else if (event.type === 'failed' && event.canRespond) {
      this.#answerPlainly(event.status, now);
    }
  }

  /** The response to a request that waits, or the rest of one. */
  unblock(now) {
    const machine = this.#machine;
    if (machine.responseState === 'awaiting') this.#answerPlainly(500, now);
    else if (machine.responseState !== 'content' || machine.transport === 'abort') return false;
    else if (!attempt(machine, () => machine.endMessage([], now))) this.#sendMissing(now);
    return true;
  }

  /** Any of the calls, at any moment. */
  actAtRandom(random, now) {
    const machine = this.#machine;
    const call = random.pick([
      () => random.pick(ANSWERS)(machine, now, this.#fields),
      () => machine.sendData(random.pick([HELLO, LARGE, new Uint8Array(0)]), now),
      () => machine.endMessage([], now),
      () => machine.endMessage([{ name: 'x', value: 'y' }], now),
      () => machine.sendInformational({ status: random.pick([100, 103, 101]), fields: [] }, now),
      () => random.oneIn(8) && machine.drain(now),
      () => random.oneIn(32) && machine.abort(now),
      () => machine.outputAccepted(1e9, now),
    ]);
    // An answer is several calls; only the one that throws must have changed nothing.
    try {
      call();
    } catch (error) {
      attempt(machine, () => {
        throw error;
      });
    }
  }

  #answer(action, now) {
    const machine = this.#machine;
    this.#requests++;
    try {
      ANSWERS[(action & 0x7f) % ANSWERS.length](machine, now, this.#fields);
    } catch (error) {
      attempt(machine, () => {
        throw error;
      });
    }
  }

  /** An answer that is always possible while one is awaited. */
  #answerPlainly(status, now) {
    const machine = this.#machine;
    machine.sendResponse({ status, fields: [] }, now);
    if (machine.responseState === 'content') machine.endMessage([], now);
  }

  /** The content that a Content-Length has promised, unless that is more than anybody wants to send. */
  #sendMissing(now) {
    const machine = this.#machine;
    for (let count = 0; count < MISSING_BYTES_MAX; count++) {
      machine.sendData(HELLO.subarray(0, 1), now);
      if (attempt(machine, () => machine.endMessage([], now))) return;
    }
    machine.abort(now);
  }
}
