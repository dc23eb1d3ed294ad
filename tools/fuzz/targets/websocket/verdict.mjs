// What must be true of a conversation when all is quiet.
import { equalBytes, joinBytes } from '@holdline/testkit';

const encoder = new TextEncoder();

function require(condition, what) {
  if (!condition) throw new Error(what);
}

/** The messages that one side has heard, the last perhaps in part. */
export function heardIn(events) {
  const heard = [];
  for (const event of events) {
    const { type } = event;
    if (type === 'text') {
      heard.push({ kind: type, pieces: [encoder.encode(event.text)], isWhole: true });
    } else if (type === 'binary') heard.push({ kind: type, pieces: [event.data], isWhole: true });
    else if (type === 'message') heard.push({ kind: event.kind, pieces: [], isWhole: false });
    else if (type === 'data') heard.at(-1).pieces.push(event.data);
    else if (type === 'end') heard.at(-1).isWhole = true;
  }
  return heard.map(({ kind, pieces, isWhole }) => ({ kind, isWhole, bytes: joinBytes(pieces) }));
}

/** What was heard is what was said, in order and from the beginning, and whole but for the last. */
export function checkHeard(who, heard, said) {
  for (const [index, { kind, bytes, isWhole }] of heard.entries()) {
    const original = said[index];
    require(original !== undefined, `${who} hears what nobody has said`);
    require(kind === original.kind, `${who} hears ${kind} ${index} for ${original.kind}`);
    const isBeginning = equalBytes(bytes, original.bytes.subarray(0, bytes.length));
    require(isBeginning, `${who} hears message ${index} otherwise than it was said`);
    require(isWhole || index === heard.length - 1, `${who} hears message ${index} in part`);
    const isRight = !isWhole || (original.isWhole && bytes.length === original.bytes.length);
    require(isRight, `${who} takes message ${index} for whole`);
  }
}

/** Every message that was said whole is heard whole. */
export function checkComplete(who, heard, said) {
  const isHeard = (index) => heard[index]?.isWhole === true;
  const missing = said.findIndex(({ isWhole }, index) => isWhole && !isHeard(index));
  require(missing < 0, `${who} never hears message ${missing}`);
}

/** The end as one side tells it does not contradict itself, nor the other side. */
export function checkClosed(who, mine, theirs) {
  const { code, wasClean, observation, evidence, startedBy } = mine;
  require(code === (evidence.receivedCode ?? code), `${who}: ${code} is not the code that came`);
  require(evidence.receivedCode !== null || code === 1006, `${who}: ${code}, but none came`);
  const isExchanged = evidence.receivedCode !== null && evidence.sentCode !== null;
  require(!wasClean || isExchanged, `${who}: clean without both Close frames`);
  require(!wasClean || startedBy !== null, `${who}: clean, and nobody has begun`);
  const isSaid = observation !== 'closing-handshake' || wasClean;
  require(isSaid, `${who}: a closing handshake that is not clean`);
  const { receivedCode } = evidence;
  const { sentCode } = theirs.evidence;
  require(receivedCode === null ||
    receivedCode === sentCode, `${who}: ${receivedCode}, not ${sentCode}`);
}

/** Where nothing went wrong there is no fault, and the end is clean on both sides. */
export function checkClean(who, events) {
  const { wasClean, observation } = events.at(-1);
  require(wasClean, `${who}: ${observation} although nothing went wrong`);
}

/** Nobody is accused of anything. */
export function checkBlameless(who, events) {
  const failed = events.find(({ type }) => type === 'failed');
  require(failed === undefined, `${who}: ${failed?.code} although nothing was wrong`);
}
