// What is parsed and serialised in each case: the same bytes for everyone.
import { Buffer } from 'node:buffer';
import { CASES, plainRequest } from '../http/requests.mjs';

const PORT = 8080;
const PIPELINED = 100;
const CONTENT_BYTES = 65_536;
const CHUNKS = 16;

function post(framing, content) {
  const head = `POST /upload HTTP/1.1\r\nHost: 127.0.0.1:${PORT}\r\n${framing}\r\n\r\n`;
  return Buffer.from(head + content, 'latin1');
}

function chunked(content) {
  const byteCount = content.length / CHUNKS;
  let text = '';
  for (let at = 0; at < content.length; at += byteCount) {
    text += `${byteCount.toString(16)}\r\n${content.slice(at, at + byteCount)}\r\n`;
  }
  return `${text}0\r\n\r\n`;
}

const plain = plainRequest(PORT);
const browser = CASES.find(({ key }) => key === 'browser').request(PORT);
const content = 'x'.repeat(CONTENT_BYTES);

/** `messages` requests in `bytes`, with `fields` field lines and `contentBytes` of content in all. */
export const REQUESTS = [
  {
    key: 'plain',
    label: `GET of ${plain.length} bytes`,
    bytes: Buffer.from(plain),
    messages: 1,
    fields: 1,
    contentBytes: 0,
  },
  {
    key: 'browser',
    label: `browser head of ${browser.length} bytes`,
    bytes: Buffer.from(browser),
    messages: 1,
    fields: 15,
    contentBytes: 0,
  },
  {
    key: 'pipelined',
    label: `${PIPELINED} GETs, pipelined`,
    bytes: Buffer.from(plain.repeat(PIPELINED)),
    messages: PIPELINED,
    fields: PIPELINED,
    contentBytes: 0,
  },
  {
    key: 'length',
    label: 'content of 64 KiB',
    bytes: post(`Content-Length: ${CONTENT_BYTES}`, content),
    messages: 1,
    fields: 2,
    contentBytes: CONTENT_BYTES,
  },
  {
    key: 'chunked',
    label: `${CHUNKS} chunks of 4 KiB`,
    bytes: post('Transfer-Encoding: chunked', chunked(content)),
    messages: 1,
    fields: 2,
    contentBytes: CONTENT_BYTES,
  },
];

/** What every request is answered with where whole exchanges are measured. */
export const ANSWER = {
  status: 200,
  fields: [
    { name: 'Content-Type', value: 'text/plain' },
    { name: 'Content-Length', value: '2' },
  ],
};
export const ANSWER_CONTENT = new Uint8Array([0x6f, 0x6b]);

/** A response head of eight fields without content. */
export const RESPONSE = {
  status: 304,
  fields: [
    { name: 'Date', value: 'Sun, 22 Nov 2026 12:00:00 GMT' },
    { name: 'Server', value: 'bench' },
    { name: 'Cache-Control', value: 'public, max-age=3600' },
    { name: 'ETag', value: '"5f3c-61e0a8f9c3d40"' },
    { name: 'Last-Modified', value: 'Sat, 21 Nov 2026 09:30:00 GMT' },
    { name: 'Vary', value: 'Accept-Encoding' },
    { name: 'X-Content-Type-Options', value: 'nosniff' },
    { name: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' },
  ],
};

const FRESH = 1024;

/** The same, with other values in three of the fields each time: as many heads as go round. */
export const FRESH_RESPONSES = Array.from({ length: FRESH }, (_, index) => ({
  status: RESPONSE.status,
  fields: RESPONSE.fields.map(({ name, value }) => ({
    name,
    value: freshValue(name, value, index),
  })),
}));

/** Distinct for every index, of lengths that differ. */
function freshValue(name, value, index) {
  switch (name) {
    case 'Cache-Control':
      return `public, max-age=${index * 7}`;
    case 'ETag':
      return `"${(0x5f3c0000 + index * 7919).toString(16)}-61e0a8f9c3d40"`;
    case 'Last-Modified':
      return new Date(Date.UTC(2026, 10, 21, 9, 30, index)).toUTCString();
    default:
      return value;
  }
}
