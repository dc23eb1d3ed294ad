// What must be true of a conversation when all is quiet.
import { equalBytes, joinBytes } from '@holdline/testkit';

const IDEMPOTENT = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'];

function require(condition, what) {
  if (!condition) throw new Error(what);
}

/** The final responses that a client saw, each with its content so far. */
function responsesOf(events) {
  const responses = [];
  for (const event of events) {
    if (event.type === 'response') {
      const id = Number(event.fields.find(({ name }) => name === 'x-id')?.value ?? Number.NaN);
      responses.push({ id, status: event.status, content: [], isWhole: false });
    } else if (event.type === 'data') responses.at(-1).content.push(event.data);
    else if (event.type === 'end') responses.at(-1).isWhole = true;
  }
  return responses;
}

/** `closed` once and last, `failed` at most once and only `closed` behind it. */
export function checkEnding(who, events) {
  const types = events.map(({ type }) => type);
  require(types.indexOf('closed') === types.length - 1, `${who}: closed is not once and last`);
  const failed = types.indexOf('failed');
  require(failed < 0 || failed === types.length - 2, `${who}: something between failed and closed`);
}

/** Answers are whole, in order, and theirs; so is what the server has read. */
export function checkContents({ asking, answering, clientEvents }) {
  const responses = responsesOf(clientEvents);
  for (const [index, { id, status, content, isWhole }] of responses.entries()) {
    // What a fault of the request brought has no number, and is the last.
    if (status !== 200) continue;
    require(id === index, `the response to ${id} is taken for that to ${index}`);
    const expected = answering.answers.get(id);
    const received = joinBytes(content);
    const isRight = equalBytes(received, expected.subarray(0, received.length));
    require(isRight, `the response to ${id} has another content`);
    require(!isWhole || received.length === expected.length, `the response to ${id} is cut short`);
  }
  for (const [index, { id, content, isWhole }] of answering.seen.entries()) {
    require(id === index, `the server sees request ${id} in place of ${index}`);
    const sent = asking.sent[id].content;
    const received = joinBytes(content);
    require(equalBytes(received, sent.subarray(0, received.length)), `request ${id} has changed`);
    require(!isWhole || received.length === sent.length, `request ${id} is cut short`);
  }
}

/** Every request was answered or is said not to have been, and what may be sent again does no harm. */
export function checkRetries({ asking, answering, clientEvents }) {
  const { unanswered } = clientEvents.at(-1);
  const whole = responsesOf(clientEvents).filter(({ isWhole }) => isWhole).length;
  const ids = unanswered.map(({ target }) => Number(target.slice(1)));
  const expected = asking.sent.slice(whole).map(({ id }) => id);
  require(ids.join() === expected.join(), `unanswered are ${ids}, not ${expected}`);
  for (const [index, { verdict, method }] of unanswered.entries()) {
    const isSeen = answering.seen.some(({ id }) => id === ids[index]);
    require(verdict.reason !== 'unsent' || !isSeen, `request ${ids[index]} was unsent, and came`);
    const isSafe = verdict.reason === 'unsent' || IDEMPOTENT.includes(method);
    require(!verdict.retry || isSafe, `request ${ids[index]} is to be sent again`);
  }
}

/** Where nothing went wrong and the client was the one to leave, nothing may be missing. */
export function checkCompleteness({ asking, clientEvents, serverEvents }) {
  const { cause } = serverEvents.at(-1);
  if (cause !== 'peer-end') return;
  for (const [who, events] of Object.entries({ client: clientEvents, server: serverEvents })) {
    const failed = events.find(({ type }) => type === 'failed');
    require(failed === undefined, `${who}: ${failed?.code} although nothing went wrong`);
  }
  const whole = responsesOf(clientEvents).filter(({ isWhole }) => isWhole).length;
  const { length } = asking.sent;
  require(whole === length, `${whole} of ${length} requests are answered`);
}
