// Opening handshakes of @holdline/websocket with peers that nobody here wrote, and against what ws
// makes of the same heads.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket as UndiciWebSocket } from 'undici';
import { describe, expect, test } from 'vitest';
import { WebSocketServer, WebSocket as WsWebSocket } from 'ws';
import { openPage, useChromium } from './support/chromium.ts';
import {
  acceptKey,
  acceptWebSocket,
  type ClientHandshake,
  checkOpeningResponse,
  decodeBase64,
  makeOpeningRequest,
  parseWebSocketUrl,
  readOpeningRequest,
} from './support/handshake.ts';
import {
  type Difference,
  REQUEST_DIFFERENCES,
  RESPONSE_DIFFERENCES,
} from './support/handshake-differences.ts';
import {
  answering,
  ask,
  readResponse,
  type WireField,
  writeHead,
} from './support/handshake-peers.ts';
import { openSocket } from './support/in-page.ts';
import {
  changedRequests,
  RESPONSE_CHANGES,
  SAMPLE_KEY,
  withChanges,
} from './support/websocket-heads.ts';

const OPTIONS = {
  deflate: { clientNoContextTakeover: false },
  subprotocols: (offered: readonly string[]) => offered[0] ?? null,
};

/** Fails for outcomes that differ without a reason, and for reasons without such outcomes. */
function expectExplained(
  outcomes: readonly { label: string; ours: string; theirs: string }[],
  differences: readonly Difference[],
): void {
  const differing = outcomes.filter(({ ours, theirs }) => ours !== theirs);
  const explains = (difference: Difference, outcome: (typeof outcomes)[number]): boolean =>
    difference.heads.test(outcome.label) &&
    difference.ours.test(outcome.ours) &&
    difference.theirs.test(outcome.theirs);
  const unexplained = differing.filter(
    (outcome) => differences.filter((difference) => explains(difference, outcome)).length !== 1,
  );
  expect(unexplained).toEqual([]);
  const idle = differences.filter(
    (difference) => !differing.some((outcome) => explains(difference, outcome)),
  );
  expect(idle).toEqual([]);
}

/** What a response to the sample request says, as one text; the parameters as our client understands them. */
function outcomeOf(status: number, fields: readonly WireField[]): string {
  if (status !== 101) return String(status);
  const lineOf = (name: string): string | undefined =>
    fields.find((field) => field.name.toLowerCase() === name)?.value;
  const handshake: ClientHandshake = {
    request: { method: 'GET', target: '/', fields: [] },
    accept: acceptKey(SAMPLE_KEY),
    subprotocols: [],
    subprotocolRequired: false,
    // Any response with valid parameters answers this offer.
    deflate: [{ clientMaxWindowBits: true }],
  };
  const known = fields.filter(({ name }) => !/protocol|accept/i.test(name));
  const accept = { name: 'Sec-WebSocket-Accept', value: handshake.accept };
  const verdict = checkOpeningResponse(handshake, { status, fields: [...known, accept] });
  if (verdict.type !== 'established') return verdict.type;
  const deflate = verdict.deflate === null ? '-' : JSON.stringify(verdict.deflate);
  return `open ${lineOf('sec-websocket-protocol') ?? '-'} ${deflate}`;
}

test('a server decides as ws does, but where a sentence says otherwise', async () => {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: true,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const heads = changedRequests();
  const outcomes = [];
  for (const head of heads) {
    const answer = acceptWebSocket(head, OPTIONS);
    const ours = outcomeOf(answer.response.status, answer.response.fields);
    const line = `${head.method} ${head.target} HTTP/1.${head.minorVersion}`;
    const response = readResponse(await ask(port, writeHead(line, head.fields)));
    const theirs = outcomeOf(response.status, response.fields);
    outcomes.push({ label: head.label, ours, theirs });
  }
  for (const client of server.clients) client.terminate();
  server.close();
  expect(heads.length).toBeGreaterThan(150);
  expectExplained(outcomes, REQUEST_DIFFERENCES);
});

/** What a client of ws makes of a response: `open` with what was agreed, or `failed`. */
function verdictOfWs(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WsWebSocket(`ws://127.0.0.1:${port}/`, ['chat', 'superchat']);
    socket.on('open', () => {
      resolve(`open ${socket.protocol || '-'} ${socket.extensions || '-'}`);
      socket.terminate();
    });
    socket.on('error', () => resolve('failed'));
  });
}

test('a client decides as ws does, but where a sentence says otherwise', async () => {
  const outcomes: { label: string; ours: string; theirs: string }[] = [];
  let change: Readonly<Record<string, string | readonly string[] | null>> = {};
  let ours = '';
  const { port, close } = await answering((request) => {
    const key = request.fields.find(({ name }) => /^sec-websocket-key$/i.test(name))?.value ?? '';
    const right = {
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Accept': acceptKey(key),
      'Sec-WebSocket-Protocol': 'chat',
    };
    const fields = withChanges(right, change).map(({ name, value }) => ({
      name,
      value: value.replaceAll('{accept}', acceptKey(key)),
    }));
    const nonce = decodeBase64(key) ?? new Uint8Array();
    const subprotocols = ['chat', 'superchat'];
    const options = { subprotocols, subprotocolRequired: true };
    const handshake = makeOpeningRequest(parseWebSocketUrl('ws://127.0.0.1/'), nonce, options);
    const verdict = checkOpeningResponse(handshake, { status: 101, fields });
    ours = verdict.type;
    if (verdict.type === 'established') {
      const extensions = verdict.deflate === null ? '-' : 'permessage-deflate';
      ours = `open ${verdict.subprotocol ?? '-'} ${extensions}`;
    }
    return writeHead('HTTP/1.1 101 Switching Protocols', fields);
  });
  for (const [name, values] of Object.entries(RESPONSE_CHANGES)) {
    for (const value of values) {
      change = { [name]: value };
      const theirs = await verdictOfWs(port);
      outcomes.push({ label: `${name}: ${JSON.stringify(value)}`, ours, theirs });
    }
  }
  close();
  expect(outcomes.length).toBeGreaterThan(70);
  expectExplained(outcomes, RESPONSE_DIFFERENCES);
});

/** A server of ours, and what it has made of the request of the one client that comes. */
async function acceptingServer(): Promise<{
  readonly url: string;
  readonly close: () => void;
  readonly seen: () => unknown;
}> {
  let seen: unknown;
  const { port, close } = await answering((head) => {
    seen = readOpeningRequest(head);
    const deflate = { clientMaxWindowBits: 10, serverMaxWindowBits: 12 };
    const answer = acceptWebSocket(head, { deflate, subprotocols: ['superchat'] });
    const { status, reason = '', fields } = answer.response;
    return writeHead(`HTTP/1.1 ${status} ${reason}`, fields);
  });
  return { url: `ws://127.0.0.1:${port}/a?b`, close, seen: () => seen };
}

const EMPTY = { name: 'Content-Length', value: '0' };
const BROWSER_OFFER = {
  name: 'permessage-deflate',
  parameters: [{ name: 'client_max_window_bits', value: null }],
};
const AGREED =
  'permessage-deflate; client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=10';

test.each([
  ['undici', UndiciWebSocket],
  ['ws', WsWebSocket],
])('%s opens a connection to our answer', async (_, Client) => {
  const { url, close, seen } = await acceptingServer();
  const socket = new Client(url, ['chat', 'superchat']);
  const opened = await new Promise((resolve) => {
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });
  expect(seen()).toMatchObject({
    type: 'opening',
    resourceName: '/a?b',
    origin: null,
    subprotocols: ['chat', 'superchat'],
    extensions: [BROWSER_OFFER],
  });
  expect(opened).toBe(true);
  expect(socket.protocol).toBe('superchat');
  expect(socket.extensions).toMatch(/^permessage-deflate/);
  close();
});

describe('in a browser', () => {
  useChromium();

  test('Chromium opens a connection to our answer, and tells its Origin', async () => {
    const { url, close, seen } = await acceptingServer();
    const { page } = await openPage();
    // A page of another port of this machine: one from elsewhere would need the user's permission.
    const elsewhere = await answering(() => writeHead('HTTP/1.1 200 OK', [EMPTY]));
    const origin = `http://127.0.0.1:${elsewhere.port}`;
    await page.goto(origin);
    const opened = await page.evaluate(openSocket, url);
    expect(seen()).toMatchObject({
      type: 'opening',
      resourceName: '/a?b',
      origin,
      subprotocols: ['chat', 'superchat'],
      extensions: [BROWSER_OFFER],
    });
    expect(opened).toEqual({ protocol: 'superchat', extensions: AGREED });
    await page.close();
    elsewhere.close();
    close();
  });
});

test('a server of ws opens a connection to our request', async () => {
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    perMessageDeflate: { serverMaxWindowBits: 11, clientMaxWindowBits: 9 },
    handleProtocols: () => 'superchat',
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = parseWebSocketUrl(`ws://127.0.0.1:${port}/a?b`);
  const nonce = crypto.getRandomValues(new Uint8Array(16));
  const handshake = makeOpeningRequest(url, nonce, { subprotocols: ['chat', 'superchat'] });
  const { method, target, fields } = handshake.request;
  const response = await ask(port, writeHead(`${method} ${target} HTTP/1.1`, fields));
  expect(checkOpeningResponse(handshake, readResponse(response))).toEqual({
    type: 'established',
    subprotocol: 'superchat',
    deflate: {
      serverNoContextTakeover: false,
      clientNoContextTakeover: false,
      serverMaxWindowBits: 11,
      clientMaxWindowBits: 9,
    },
  });
  for (const client of server.clients) client.terminate();
  server.close();
});
