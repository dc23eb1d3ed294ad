// Disagreements about field lines and Host.
import { isHost } from '../grammar.mjs';
import { valuesOf } from '../observation.mjs';

const SERVER = ['server'];
const CLIENT = ['client'];
const REFUSED_HOST =
  'A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that lacks a Host header field and to any request message that contains more than one Host header field line or a Host header field with an invalid field value.';
const NODE_HOST = 'node:http looks for Host above its parser, and only whether there is one.';

/** See `../list.mjs` for what a rule has. */
export const fieldRules = [
  {
    name: 'missing-host',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ message }) => message.minorVersion === 1 && valuesOf(message, 'host').length === 0,
    example: String.raw`GET / HTTP/1.1\r\n\r\n`,
    outcome: ['HTTP1_MISSING_HOST', 'accepts', 'accepts'],
    section: 'RFC 9112 section 3.2',
    sentence: REFUSED_HOST,
    why: NODE_HOST,
  },
  {
    name: 'duplicate-host',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ message }) => valuesOf(message, 'host').length > 1,
    example: String.raw`GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n`,
    outcome: ['HTTP1_DUPLICATE_HOST', 'accepts', 'accepts'],
    section: 'RFC 9112 section 3.2',
    sentence: REFUSED_HOST,
    why: `${NODE_HOST} Of two it takes the first.`,
  },
  {
    name: 'invalid-host',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ message }) => valuesOf(message, 'host').some((value) => !isHost(value)),
    example: String.raw`GET / HTTP/1.1\r\nHost: a/b\r\n\r\n`,
    outcome: ['HTTP1_INVALID_HOST', 'accepts', 'accepts'],
    section: 'RFC 9112 section 3.2',
    sentence: REFUSED_HOST,
    why: NODE_HOST,
  },
  {
    name: 'obs-fold-in-a-response',
    roles: CLIENT,
    stricter: 'node',
    when: ({ text, offset }) => /\r\n[ \t]+.?$/s.test(text.slice(0, offset + 1)),
    example: String.raw`HTTP/1.1 204 \r\nX: a\r\n b\r\n\r\n`,
    options: { asked: ['GET'] },
    outcome: ['accepts', 'HPE_INVALID_HEADER_TOKEN', 'accepts'],
    section: 'RFC 9112 section 5.2',
    sentence:
      'A user agent that receives an obs-fold in a response message that is not within a "message/http" container MUST replace each received obs-fold with one or more SP octets prior to interpreting the field value.',
    why: '`refuseObsFold` is for gateways, which may refuse it.',
  },
];
