// What the buttons of the live page ask for: answers that show what a connection can do, each of
// them small and over within seconds.
import { setTimeout } from 'node:timers/promises';
import type { HttpExchange, HttpResponse } from '@holdline/net';
import { updateKeys } from '../tls/tls-control.ts';
import { GUARD_FIELDS } from './page-files.ts';

/** How a probe is answered: at once, in pieces, before a close, not to its end, or under new keys. */
type ProbeKind = 'plain' | 'slow' | 'close' | 'cut' | 'keys';

const SLOW_PIECES = 12;
const SLOW_PIECE_BYTES = 2048;
const SLOW_PIECE_MS = 250;

/** The response that a query such as `?kind=slow` asks for; null when there is none like it. */
export function probeResponse(query: string, exchange: HttpExchange): HttpResponse | null {
  const { connection, number } = exchange;
  const text = `${JSON.stringify({ connection: connection.id, request: number })}\n`;
  const fields = [
    { name: 'content-type', value: 'application/json' },
    { name: 'cache-control', value: 'no-store' },
    ...GUARD_FIELDS,
  ];
  const kind = new URLSearchParams(query).get('kind') ?? 'plain';
  switch (kind as ProbeKind) {
    case 'plain':
      return { status: 200, fields, content: text };
    case 'close':
      return {
        status: 200,
        fields: [...fields, { name: 'connection', value: 'close' }],
        content: text,
      };
    case 'slow':
      return { status: 200, fields, content: slowly(text) };
    case 'keys':
      return updateKeys(connection.tls) ? { status: 200, fields, content: text } : null;
    case 'cut':
      return { status: 200, fields, content: cutOff(text, exchange) };
    default:
      return null;
  }
}

/** The text, and white space for some seconds, which JSON allows behind it. */
async function* slowly(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  for (let piece = 0; piece < SLOW_PIECES; piece += 1) {
    await setTimeout(SLOW_PIECE_MS);
    yield Buffer.alloc(SLOW_PIECE_BYTES, ' ');
  }
}

/** Half of the text, and then the end of the connection. */
async function* cutOff(text: string, { connection }: HttpExchange): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text.slice(0, text.length / 2));
  // Else the head might go with the connection, and the browser would try again elsewhere.
  await setTimeout(SLOW_PIECE_MS);
  connection.abort();
}
