// One input, the same machine and application, the stream whole and in pieces: nobody may see a
// difference.
import { equalBytes, equalDeep, printEvent } from '@holdline/testkit';
import { runInPieces } from '../../session.mjs';

/** Throws unless the outcome is the same whatever the split; returns the outcome. */
export function compareSplits(script, open) {
  const length = Math.max(1, script.stream.length);
  const whole = runInPieces(open(), [length], script.end, false);
  const split = runInPieces(open(), script.pieces(), script.end, true);
  if (!equalDeep(whole.events, split.events)) {
    throw new Error(`events depend on the split:\n${print(whole)}\nbut in pieces\n${print(split)}`);
  }
  if (!equalBytes(whole.output, split.output)) throw new Error('output depends on the split');
  if (whole.transport !== split.transport) throw new Error('transport depends on the split');
  if (!equalDeep(whole.trailing, split.trailing)) {
    throw new Error('trailing data depends on the split');
  }
  return whole;
}

function print({ events }) {
  return events.map((event) => `  ${printEvent(event)}`).join('\n');
}

/** Throws for a `failed` whose code is not in the table, or that says something else than it. */
export function checkFailures(events, faults, isServer) {
  for (const event of events) {
    if (event.type !== 'failed') continue;
    const fault = faults[event.code];
    if (fault === undefined) throw new Error(`the code ${event.code} is not in the table`);
    if (event.status !== (isServer ? fault.status : 0))
      throw new Error('the status is not the table’s');
    if (!isServer && event.canRespond) throw new Error('a client can respond to nothing');
    if (/[^\x20-\x7e]/.test(event.message)) throw new Error('the message has bytes of the peer’s');
  }
}
