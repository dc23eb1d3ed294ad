// The heads of opening handshakes from strangers, to either role: documented outcomes only, the same
// ones however a head is written down, and what one side answers, the other accepts.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { equalDeep } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';
import { HEADER_BYTES, restated, Script, valuesOf } from './websocket/heads.mjs';
import { isExtensionList, isTokenList } from './websocket/list-grammar.mjs';

const dist = join(import.meta.dirname, '../../../packages/websocket/dist');
const EDGES_AT_FIRST = 200_000;
const EDGES_PER_BYTE = 2_000;
const NONCE = Buffer.from('the sample nonce');
const KEY = NONCE.toString('base64');
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
/** A message says what and where, and nothing of the peer's. */
const MESSAGE =
  /^[a-z0-9]+(?: [a-z0-9]+)*(?:: [a-z -]{1,50}(?: at \d+)?)? \(RFC \d+ section [\d.]+\)$/;

function require(condition, what) {
  if (!condition) throw new Error(what);
}

/** What must not depend on how a head is written; a message tells where its fault is. */
const meaningOf = ({ message: _, ...outcome }) => outcome;

function requireSame(first, second, what) {
  require(equalDeep(first, second), `${what}: ${JSON.stringify(first)}, ${JSON.stringify(second)}`);
}

/** Lists are what the grammar says they are, and come back when they are written again. */
function checkLists(fields, limits, { extensions, subprotocols }) {
  const lines = valuesOf(fields, 'sec-websocket-extensions');
  const list = extensions.parseExtensionList(lines, limits);
  if (list.type === 'malformed') {
    const isOver = list.reason === 'too-large';
    require(isOver || !isExtensionList(lines), `extensions are no list: ${list.reason}`);
  } else if (lines.length > 0) {
    require(isExtensionList(lines), 'extensions are a list');
    const again = [extensions.serializeExtensionList(list.extensions)];
    requireSame(extensions.parseExtensionList(again), list, 'extensions written again');
  }
  const names = valuesOf(fields, 'sec-websocket-protocol');
  const tokens = subprotocols.parseSubprotocols(names, limits);
  if (names.length === 0 || tokens.reason === 'too-large') return;
  const isRepeated = tokens.reason === 'duplicate';
  require(isRepeated || (tokens.type !== 'malformed') === isTokenList(names), 'subprotocols');
}

/** What a client must have offered for a request to look so. */
function handshakeOf(request, { parameters, index }) {
  const offers = request.extensions
    .filter(({ name }) => name === parameters.DEFLATE_NAME)
    .map((extension) => parameters.parseDeflateElement(extension, 'offer'))
    .filter((element) => element !== null);
  return {
    accept: index.acceptKey(request.key),
    subprotocols: request.subprotocols,
    subprotocolRequired: false,
    deflate: offers.map((offer) => ({
      serverNoContextTakeover: offer.serverNoContextTakeover,
      clientNoContextTakeover: offer.clientNoContextTakeover,
      ...(offer.serverMaxWindowBits === null
        ? {}
        : { serverMaxWindowBits: offer.serverMaxWindowBits }),
      clientMaxWindowBits:
        offer.clientMaxWindowBits === 'supported' ? true : (offer.clientMaxWindowBits ?? false),
    })),
  };
}

/** Both know the same; of several offers, the client keeps to what is the most modest for itself. */
function requireAgreement(accepted, verdict) {
  require(verdict.type === 'established', `an answer of ours is not accepted: ${verdict.code}`);
  requireSame(verdict.subprotocol, accepted.subprotocol, 'the subprotocol');
  const { deflate: ours } = accepted;
  const { deflate: theirs } = verdict;
  require((ours === null) === (theirs === null), 'one side alone compresses');
  if (ours === null) return;
  const isModest =
    theirs.clientMaxWindowBits <= ours.clientMaxWindowBits &&
    theirs.clientNoContextTakeover >= ours.clientNoContextTakeover;
  require(isModest, 'the client takes more than it was given');
  const { serverMaxWindowBits, serverNoContextTakeover } = ours;
  requireSame({ ...theirs, serverMaxWindowBits, serverNoContextTakeover }, theirs, 'deflate');
}

function checkAccepted(request, script, modules) {
  const { index } = modules;
  const accepted = index.acceptOpening(request, script.choice);
  const handshake = handshakeOf(request, modules);
  requireAgreement(accepted, index.checkOpeningResponse(handshake, accepted.response));
  // Asked again by our own client, in its words.
  const nonce = Buffer.from(request.key, 'base64');
  const url = { authority: request.authority, resourceName: request.resourceName };
  const { subprotocols, deflate } = handshake;
  const asked = index.makeOpeningRequest(url, nonce, { subprotocols, deflate });
  const again = index.readOpeningRequest(asked.request);
  // The last character of a key may have bits that say nothing.
  const { extensions: _, origin: __, key: ___, ...rest } = request;
  const { extensions: written, origin: ____, key: _____, ...restAgain } = again;
  requireSame(restAgain, rest, 'asked again');
  const other = index.acceptOpening({ ...again, extensions: written }, script.choice);
  requireSame(other.deflate, accepted.deflate, 'compression when asked again');
}

function checkRequest(script, modules) {
  const { index, faults } = modules;
  const head = script.request;
  const result = index.readOpeningRequest(head, script.limits);
  const other = { ...head, fields: restated(head.fields, true) };
  const again = index.readOpeningRequest(other, script.limits);
  requireSame(meaningOf(again), meaningOf(result), 'restated');
  checkLists(head.fields, script.limits, modules);
  if (result.type === 'opening') {
    checkAccepted(result, script, modules);
    return;
  }
  const fault = faults.REQUEST_FAULTS[result.code];
  require(fault !== undefined, `${result.code} is in no table`);
  require(result.response.status === fault.status, `${result.code} is answered otherwise`);
  require(MESSAGE.test(result.message), `not plain: ${JSON.stringify(result.message)}`);
}

function checkEstablished(verdict, { fields, handshake }) {
  const { subprotocol, deflate } = verdict;
  require(valuesOf(fields, 'sec-websocket-accept').join() === handshake.accept, 'another accept');
  require(/^websocket$/i.test(valuesOf(fields, 'upgrade').join()), 'another upgrade');
  const isOffered = subprotocol === null || handshake.subprotocols.includes(subprotocol);
  require(isOffered, 'a subprotocol that nobody asked for');
  const names = valuesOf(fields, 'sec-websocket-extensions').join().trim();
  require((deflate === null) === (names === ''), 'an extension that is nowhere');
  require(deflate === null || handshake.deflate.length > 0, 'an extension that nobody asked for');
}

function checkResponse(script, modules) {
  const { index, faults } = modules;
  const url = index.parseWebSocketUrl('ws://h/');
  const handshake = index.makeOpeningRequest(url, NONCE, script.opening);
  const head = script.response;
  const verdict = index.checkOpeningResponse(handshake, head, script.limits);
  checkLists(head.fields, script.limits, modules);
  require((verdict.type === 'refused') === (head.status !== 101), 'refused without a status');
  if (verdict.type === 'refused') return;
  const other = { ...head, fields: restated(head.fields, false) };
  const again = index.checkOpeningResponse(handshake, other, script.limits);
  requireSame(meaningOf(again), meaningOf(verdict), 'restated');
  if (verdict.type === 'established') {
    checkEstablished(verdict, { fields: head.fields, handshake });
    return;
  }
  require(faults.RESPONSE_FAULTS[verdict.code] !== undefined, `${verdict.code} is in no table`);
  require(MESSAGE.test(verdict.message), `not plain: ${JSON.stringify(verdict.message)}`);
}

function execute(input, modules) {
  coverage.limit(EDGES_AT_FIRST + EDGES_PER_BYTE * input.length, Number.POSITIVE_INFINITY);
  const script = new Script(input, modules.index.DEFAULT_HANDSHAKE_LIMITS);
  if (script.isRequest) checkRequest(script, modules);
  else checkResponse(script, modules);
}

const ASKED = [
  ['Host: h', 'Upgrade: websocket', 'Connection: Upgrade'],
  [`Sec-WebSocket-Key: ${KEY}`, 'Sec-WebSocket-Version: 13'],
].flat();
const ANSWERED = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${ACCEPT}`];
const DEFLATE = 'Sec-WebSocket-Extensions: permessage-deflate';
const SEEDS = [
  [
    [0, 0, 0, 0],
    ['GET /chat', ...ASKED, 'Origin: http://h', 'Sec-WebSocket-Protocol: chat, v1'],
  ],
  [
    [0, 8, 0, 0],
    ['GET http://a:81?q', ...ASKED, `${DEFLATE}; client_max_window_bits, x; y="\\z"`],
  ],
  [
    [0, 0, 0, 0],
    ['GET /', ...ASKED, `${DEFLATE}; server_max_window_bits=15, x`],
  ],
  [
    [0, 0, 0, 0],
    ['GET / 0', ...ASKED],
  ],
  [
    [0, 0, 0, 0],
    ['POST /', ...ASKED, 'Content-Length: 0', 'Transfer-Encoding: chunked'],
  ],
  [
    [1, 0, 1, 0],
    ['101', ...ANSWERED, `${DEFLATE}; client_max_window_bits=9`],
  ],
  [
    [3, 0, 0x34, 0],
    ['101', ...ANSWERED, 'Sec-WebSocket-Protocol: chat', DEFLATE],
  ],
  [
    [1, 0, 0x1f, 1],
    ['426', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  ],
];
const TOKENS = [
  ...['server_no_context_takeover', 'client_no_context_takeover', 'server_max_window_bits'],
  ...['client_max_window_bits', '; ', ', ', '="10"', '=15', '="\\8"', 'chat', 'superchat', ','],
  ...['\nSec-WebSocket-Extensions: ', '\nSec-WebSocket-Protocol: ', '\nConnection: ', '[::1]:80'],
];

export default {
  name: 'websocket-handshake',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 3_000,
  async load(instrument) {
    const copies = await instrument(dist);
    const load = (name) => import(pathToFileURL(join(copies, `${name}.js`)));
    const modules = {
      index: await load('index'),
      faults: { ...(await load('request-faults')), ...(await load('response-faults')) },
      extensions: await load('extension-list'),
      subprotocols: await load('subprotocol'),
      parameters: await load('deflate-parameters'),
    };
    return {
      seeds: SEEDS.map(([header, lines]) =>
        Uint8Array.from([...header, ...Buffer.from(lines.join('\n'), 'latin1')]),
      ),
      tokens: TOKENS.map((token) => Uint8Array.from(Buffer.from(token, 'latin1'))),
      execute: (input) => execute(input, modules),
      describe: (input) => {
        const { isRequest, request, response, choice, opening, limits } = new Script(input, null);
        const shown = isRequest ? { request, choice } : { response, opening };
        return JSON.stringify({ ...shown, limits }, null, 1)
          .split('\n')
          .map((line) => `    ${line}`);
      },
    };
  },
};
