// Says what of an exchange is not as its case allows, and what of the responses is not as every
// response has to be.
import { describeAlternatives, statusIsIn, UNDERSTOOD } from './expectation.mjs';
import { checkPartial, checkValidators } from './representation.mjs';

/**
 * @typedef {object} Finding
 * @property {'verdict' | 'response'} kind of a case, or of the making of a response
 * @property {'MUST' | 'SHOULD'} level
 * @property {string} text
 */

/**
 * The findings of one exchange; none when all is well. Of the peer it matters whether it is ours,
 * and whether it sends content back.
 */
export function judge(testCase, exchange, { isHouse, isEchoing }) {
  const chosen = isHouse ? testCase.house : testCase.expect;
  // Our handler that sends content back has read it all before.
  const alternatives = chosen.filter(({ isEarly }) => !(isEarly && isHouse && isEchoing));
  const findings = [];
  const { level } = testCase;
  for (const text of exchange.faults) findings.push({ kind: 'verdict', level, text });
  if (!alternatives.some((alternative) => fits(alternative, exchange))) {
    const text = `${describe(exchange)}, expected ${describeAlternatives(alternatives)}`;
    // «HTTP implementations SHOULD support persistent connections», RFC 9112 section 9.3.
    const isOnlyClosed = alternatives.some((alternative) => fits(alternative, exchange, 'persist'));
    findings.push({ kind: 'verdict', level: isOnlyClosed ? 'SHOULD' : level, text });
  } else {
    const text =
      contentFault(testCase, exchange) ??
      (isEchoing ? echoFault(testCase, exchange) : null) ??
      testCase.check?.(exchange) ??
      null;
    if (text !== null) findings.push({ kind: 'verdict', level, text });
  }
  return [...findings, ...responseFindings(testCase, exchange)];
}

/** What happened, in one line. */
export function describe({ responses, fate, ending }) {
  const statuses = responses.map(({ status }) => status);
  return `[${statuses.join(', ')}] ${fate}${ending === 'reset' ? ' (reset)' : ''}`;
}

/** With `asIf` a connection that was closed is taken for one of that fate. */
function fits({ statuses, fate }, exchange, asIf = 'close') {
  if (exchange.responses.length !== statuses.length) return false;
  if (!exchange.responses.every(({ status }, index) => statusIsIn(statuses[index], status))) {
    return false;
  }
  if (exchange.fate === 'silent') return false;
  return fate === 'any' || fate === (exchange.fate === 'close' ? asIf : exchange.fate);
}

function contentFault({ contents }, { responses }) {
  if (contents === null) return null;
  const actual = responses.map(({ content }) => content);
  // How many there have to be is the alternatives' to say.
  const isSame = actual.every((content, index) => content === contents[index]);
  return isSame ? null : `contents ${JSON.stringify(actual)}, not ${JSON.stringify(contents)}`;
}

function echoFault({ echo }, { responses: [first] }) {
  if (echo === null || first?.status !== 200 || first.content === echo) return null;
  return `received ${JSON.stringify(first.content.slice(0, 40))} as content`;
}

function responseFindings(testCase, exchange) {
  const findings = [];
  const add = (level, text) => findings.push({ kind: 'response', level, text });
  for (const { response } of exchange.interim) checkInterim(testCase, response, add);
  exchange.responses.forEach((response, index) => {
    checkResponse(response, testCase, testCase.methods[index] ?? 'GET', add);
  });
  const announced = exchange.responses.findIndex((response) =>
    response.lists('connection', 'close'),
  );
  // «MUST NOT process any further requests received on that connection», RFC 9112 section 9.6.
  if (announced !== -1 && announced < exchange.responses.length - 1) {
    add('MUST', 'a response after one with Connection: close');
  }
  if (announced !== -1 && exchange.fate !== 'close') add('MUST', 'announced to close, and did not');
  if (announced === -1 && exchange.fate === 'close' && wasIntended(testCase, exchange)) {
    add('SHOULD', 'closed without Connection: close (RFC 9112 9.6)');
  }
  return findings;
}

/** Whether the server knew at its last response that it would close: it refused, or was asked to. */
function wasIntended({ steps, isOld, halfCloses }, { responses, wasProbed }) {
  if (isOld || halfCloses || wasProbed || responses.length === 0) return false;
  const isAsked = steps.some((step) => /^connection:[ \t]*close[ \t]*$/im.test(step));
  return isAsked || !statusIsIn([UNDERSTOOD], responses.at(-1).status);
}

function checkInterim(testCase, response, add) {
  // «a server MUST NOT send a 1xx response to an HTTP/1.0 client», RFC 9110 section 15.2.
  if (testCase.isOld) add('MUST', '1xx to HTTP/1.0 (RFC 9110 15.2)');
  if (response.field('content-length') !== null) add('MUST', 'Content-Length in 1xx (9110 8.6)');
  if (response.field('transfer-encoding') !== null)
    add('MUST', 'Transfer-Encoding in 1xx (9112 6.1)');
  if (response.status === 101) add('MUST', '101 to a protocol that nobody knows (RFC 9110 7.8)');
}

function checkResponse(response, { isOld }, method, add) {
  const { status } = response;
  const length = response.field('content-length');
  const coding = response.field('transfer-encoding');
  if (status < 500 && response.field('date') === null) add('MUST', 'no Date (RFC 9110 6.6.1)');
  if (length !== null && coding !== null) add('MUST', 'both lengths (RFC 9112 6.2)');
  if (coding !== null && isOld) add('MUST', 'Transfer-Encoding to HTTP/1.0 (RFC 9112 6.1)');
  if (status === 204 && length !== null) add('MUST', 'Content-Length in 204 (RFC 9110 8.6)');
  if (status === 204 && coding !== null) add('MUST', 'Transfer-Encoding in 204 (RFC 9112 6.1)');
  if (status === 405 && response.field('allow') === null)
    add('MUST', '405 without Allow (9110 15.5.6)');
  if (status >= 400 && method !== 'HEAD' && response.content === '' && coding === null) {
    add('SHOULD', 'an error without an explanation (RFC 9110 15.5)');
  }
  if (response.minorVersion === 0) add('SHOULD', 'not HTTP/1.1 (RFC 9110 6.2)');
  checkValidators(response, add);
  if (method !== 'HEAD') checkPartial(response, add);
}
