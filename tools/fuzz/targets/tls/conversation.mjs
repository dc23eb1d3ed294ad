// One machine that hears a stream of records, whole and in pieces: what it reports must be the same,
// and nothing but what the documentation allows.
import { equalDeep, mergeData, Watch } from '@holdline/testkit';
import { coverage } from '../../coverage.mjs';

/** When everything happens. */
export const START = 1_000_003;
const EDGES_AT_FIRST = 2_000_000;
const EDGES_PER_BYTE = 20_000;
/** Deadlines in the rest of a machine's life. */
const DEADLINES_MAX = 1_000;

function outcomeOf(make, react, faults, chunks) {
  const watch = new Watch(make());
  const { machine } = watch;
  watch.drain(START, (event) => react(machine, event));
  for (const chunk of chunks) {
    if (!machine.wantsData || machine.transport === 'abort') break;
    watch.spuriousDeadline(START);
    watch.receive(chunk, START);
    watch.drain(START, (event) => react(machine, event));
  }
  machine.receiveEnd(START, 'finished');
  watch.drain(START, (event) => react(machine, event));
  for (let count = 0; machine.deadline() !== Number.POSITIVE_INFINITY; count++) {
    if (count > DEADLINES_MAX) throw new Error('deadlines without end');
    const now = Math.max(START, machine.deadline());
    watch.onDeadline(now);
    watch.drain(now, (event) => react(machine, event));
  }
  watch.verifyBytes();
  const { events } = watch;
  checkEnd(events);
  for (const event of events) {
    if (event.type === 'failed' && faults[event.code] === undefined) {
      throw new Error(`${event.code} is in no table`);
    }
  }
  return { events: mergeData(events), transport: machine.transport };
}

/** The end is reported, and is no clean one without both close_notify. */
function checkEnd(events) {
  const last = events.at(-1);
  if (last?.type !== 'closed') throw new Error('an end that is not reported');
  const hasHeard = events.some(({ type, end }) => type === 'end' && end === 'finished');
  if (last.cause !== 'finished') return;
  if (!hasHeard || !last.sentCloseNotify || !last.receivedCloseNotify) {
    throw new Error('a clean end without close_notify');
  }
}

/** How often answers to key updates are put together depends on when the output is taken. */
function comparable({ events, transport }) {
  const isOurs = ({ type, direction }) => type === 'key-update' && direction === 'sending';
  return { events: mergeData(events.filter((event) => !isOurs(event))), transport };
}

/** Throws what is a finding: `make` makes the machine, `react` answers its events. Returns all events. */
export function hear(stream, step, { make, react, faults }) {
  const edgesMax = coverage.edges + EDGES_AT_FIRST + EDGES_PER_BYTE * stream.length;
  coverage.limit(edgesMax, Number.POSITIVE_INFINITY);
  const whole = outcomeOf(make, react, faults, stream.length > 0 ? [stream.slice()] : []);
  const size = 1 + step * 3;
  const chunks = [];
  for (let at = 0; at < stream.length; at += size) chunks.push(stream.slice(at, at + size));
  const cut = outcomeOf(make, react, faults, chunks);
  if (!equalDeep(comparable(whole), comparable(cut))) {
    const show = ({ events }) => events.map(({ type, code }) => `${type} ${code ?? ''}`).join(', ');
    throw new Error(`what is reported depends on the cuts: ${show(whole)}; ${show(cut)}`);
  }
  return whole.events;
}
