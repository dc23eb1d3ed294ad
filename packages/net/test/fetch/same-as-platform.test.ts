// The same calls through our `fetch` and through the platform's, on the same server: what callers
// get, and what the server is asked, must be the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFetch, type Fetch } from '../../src/fetch/index.ts';
import { HttpClient } from '../../src/index.ts';
import { EchoServer, LONG_TEXT } from './support/echo-server.ts';

const server = new EchoServer();
const client = new HttpClient();
const ours = createFetch(client);

beforeAll(() => server.listen());
afterAll(async () => {
  await client.close();
  await server.close();
});

type Call = readonly [url: string, init?: () => RequestInit];

interface Outcome {
  readonly response: unknown;
  readonly seen: unknown;
}

/** Headers that are each client's own affair. */
const OWN = new Set([
  ...['host', 'connection', 'user-agent', 'accept-language', 'sec-fetch-mode'],
  ...['accept-encoding', 'content-length', 'transfer-encoding', 'content-type'],
]);

async function outcome(fetchOne: Fetch, [path, init]: Call): Promise<Outcome> {
  server.seen.length = 0;
  const response = await describeResponse(fetchOne, path, init?.() ?? {});
  const seen = server.seen.map(({ method, url, headers, body }) => ({
    method,
    url,
    headers: Object.entries(headers)
      .filter(([name]) => !OWN.has(name))
      .sort(),
    type: withoutBoundary(String(headers['content-type'])),
    length: headers['content-length'] === undefined || Number(headers['content-length']) > 0,
    body: withoutBoundary(body),
  }));
  return { response, seen };
}

function withoutBoundary(text: string): string {
  return text.replaceAll(/-{4,}[\w-]*\d[\w-]*/g, 'BOUNDARY');
}

async function describeResponse(
  fetchOne: Fetch,
  path: string,
  init: RequestInit,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetchOne(`${server.origin}${path}`, init);
  } catch (error) {
    return { rejected: (error as Error).name };
  }
  const { status, statusText, ok, redirected, url, type, bodyUsed } = response;
  const hasBody = response.body !== null;
  const headers = Array.from(response.headers).filter(
    ([name]) => !['date', 'keep-alive', 'connection'].includes(name),
  );
  const text = await response.text().catch((error: Error) => ({ rejected: error.name }));
  return { status, statusText, ok, redirected, url, type, bodyUsed, hasBody, headers, text };
}

const to = (path: string): string => encodeURIComponent(path);

const calls: Readonly<Record<string, Call>> = {
  'a plain GET': ['/'],
  'a fragment and userless query': ['/a?b=c#d'],
  'a lower-case method': ['/', () => ({ method: 'post', body: 'x' })],
  'an unknown method': ['/', () => ({ method: 'REPORT', body: 'x' })],
  HEAD: ['/long', () => ({ method: 'HEAD' })],
  'POST without a body': ['/', () => ({ method: 'POST' })],
  'a text': ['/', () => ({ method: 'POST', body: 'grüße' })],
  'an empty text': ['/', () => ({ method: 'POST', body: '' })],
  bytes: ['/', () => ({ method: 'PUT', body: new Uint8Array([1, 2, 255]) })],
  'a view into larger memory': [
    '/',
    () => ({ method: 'PUT', body: new Uint8Array([1, 2, 3, 4]).subarray(1, 3) }),
  ],
  'an ArrayBuffer': ['/', () => ({ method: 'PUT', body: new Uint8Array([7]).buffer })],
  parameters: ['/', () => ({ method: 'POST', body: new URLSearchParams({ a: '1 2', b: '&' }) })],
  'a typed Blob': ['/', () => ({ method: 'POST', body: new Blob(['blob'], { type: 'text/csv' }) })],
  'a form': ['/', formCall],
  'a stream': ['/', () => streamCall('POST')],
  'a content-type of the caller': [
    '/',
    () => ({ method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }),
  ],
  'several values of one header': [
    '/',
    () => ({
      headers: [
        ['x-a', '1'],
        ['X-A', '2'],
        ['accept', 'text/html'],
      ],
    }),
  ],
  'GET with a body': ['/', () => ({ body: 'x' })],
  'a header with a line feed': ['/', () => ({ headers: { a: 'b\nc' } })],
  'a forbidden method': ['/', () => ({ method: 'TRACE' })],
  'a stream without duplex': [
    '/',
    () => ({ method: 'POST', body: new Blob(['x']).stream() }) as RequestInit,
  ],
  'a long text': ['/long'],
  cookies: ['/cookies'],
  'a cut response': ['/cut'],
  ...Object.fromEntries(
    [200, 201, 204, 205, 299, 304, 400, 404, 418, 500, 599].map((code): [string, Call] => [
      `status ${code}`,
      [`/status?code=${code}`],
    ]),
  ),
  ...Object.fromEntries(
    ['gzip', 'x-gzip', 'deflate', 'br', 'gzip, br', 'unheard-of'].map((coding): [string, Call] => [
      `content coded with ${coding}`,
      [`/coded?with=${encodeURIComponent(coding)}`],
    ]),
  ),
  'HEAD of coded content': ['/coded?with=gzip', () => ({ method: 'HEAD' })],
  ...redirectCalls(),
};

function formCall(): RequestInit {
  const form = new FormData();
  form.append('name', 'value');
  form.append('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return { method: 'POST', body: form };
}

function streamCall(method: string): RequestInit {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('one '));
      controller.enqueue(new TextEncoder().encode('two'));
      controller.close();
    },
  });
  return { method, body, duplex: 'half' } as RequestInit;
}

function redirectCalls(): Record<string, Call> {
  const found: Record<string, Call> = {};
  for (const status of [300, 301, 302, 303, 304, 305, 306, 307, 308]) {
    const path = `/redirect?status=${status}&to=${to('/there?x=1')}`;
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
      const withBody = method === 'POST' || method === 'PUT';
      const init = withBody ? { method, body: 'body', headers: { 'x-mine': '1' } } : { method };
      found[`${status} to ${method}`] = [path, () => init];
    }
    found[`${status} to a stream`] = [path, () => streamCall('POST')];
    found[`${status} with redirect: manual`] = [path, () => ({ redirect: 'manual' })];
    found[`${status} with redirect: error`] = [path, () => ({ redirect: 'error' })];
  }
  found['an empty location'] = [`/redirect?status=302&to=`];
  found['a fragment that stays'] = [`/redirect?status=302&to=${to('/b')}#part`];
  found['a location that is no URL'] = [`/redirect?status=302&to=${to('http://[')}`];
  found['a location with another scheme'] = [`/redirect?status=302&to=${to('ftp://a/')}`];
  found['a loop'] = ['/loop?n=0'];
  return found;
}

describe('as the platform does', () => {
  for (const [name, call] of Object.entries(calls)) {
    it(name, async () => {
      const theirs = await outcome(fetch as Fetch, call);
      expect(await outcome(ours, call)).toEqual(theirs);
    });
  }
});

it('drops credentials on the way to another origin', async () => {
  const call: Call = [
    `/redirect?status=307&to=${to(`${server.otherOrigin}/there`)}`,
    () => ({ headers: { authorization: 'Basic eDp5', cookie: 'a=1', 'x-mine': '1' } }),
  ];
  const theirs = await outcome(fetch as Fetch, call);
  expect(await outcome(ours, call)).toEqual(theirs);
  expect(server.seen[1]?.headers).toMatchObject({ 'x-mine': '1' });
  expect(server.seen[1]?.headers).not.toHaveProperty('authorization');
  expect(server.seen[1]?.headers).not.toHaveProperty('cookie');
});

it('decodes what it asks for', async () => {
  const response = await ours(`${server.origin}/coded?with=${encodeURIComponent('gzip, br')}`);
  expect(await response.text()).toBe(LONG_TEXT);
});
