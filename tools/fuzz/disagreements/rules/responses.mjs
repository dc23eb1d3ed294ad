// Disagreements about responses.
import { words } from '../grammar.mjs';
import { joined } from '../observation.mjs';

const CLIENT = ['client'];
const GET = { asked: ['GET'] };

/** See `../list.mjs` for what a rule has. */
export const responseRules = [
  {
    name: 'control-in-a-reason-phrase',
    roles: CLIENT,
    stricter: 'holdline',
    when: ({ text, offset }) => !/^[\t\r\n -~\u0080-\u00ff]/.test(text.slice(offset)),
    example: String.raw`HTTP/1.1 204 a\x00\r\n\r\n`,
    options: GET,
    outcome: ['HTTP1_INVALID_STATUS_LINE', 'accepts', 'accepts'],
    section: 'RFC 9112 section 4',
    sentence: 'reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )',
    why: 'Phrases end up in logs and on terminals.',
  },
  {
    name: 'no-space-behind-the-status-code',
    roles: CLIENT,
    stricter: 'holdline',
    when: ({ text, offset }) =>
      text[offset] === '\r' && /HTTP\/\d\.\d \d{3}$/.test(text.slice(0, offset)),
    example: String.raw`HTTP/1.1 204\r\n\r\n`,
    options: GET,
    outcome: ['HTTP1_INVALID_STATUS_LINE', 'accepts', 'accepts'],
    section: 'RFC 9112 section 4',
    sentence:
      'A server MUST send the space that separates the status-code from the reason-phrase even when the reason-phrase is absent (i.e., the status-line would end with the space).',
    why: 'Whoever has to talk to such a server allows it, by `acceptMissingReasonSpace`.',
  },
  {
    name: 'empty-line-before-a-response',
    roles: CLIENT,
    stricter: 'holdline',
    ours: /^HTTP1_(?:INVALID_VERSION|UNSOLICITED_RESPONSE)$/,
    theirs: /^(?:accepts|rest|closed|incomplete|unasked)$/,
    when: ({ text, offset }) => text.startsWith('\r\n', offset),
    example: String.raw`\r\nHTTP/1.1 204 \r\n\r\n`,
    options: GET,
    outcome: ['HTTP1_INVALID_VERSION', 'accepts', 'accepts'],
    section: 'RFC 9112 section 9.2',
    sentence:
      'the client SHOULD close the connection, since message delimitation is now ambiguous, unless the data consists only of one or more CRLF (which can be discarded per Section 2.2)',
    why: 'It can be discarded; but a server that sends more than it announced is not asked again.',
  },
  {
    name: 'switch-that-was-not-offered',
    roles: CLIENT,
    stricter: 'holdline',
    when: ({ message, isOffered }) =>
      message.start[0] === '101' &&
      !(isOffered && words(joined(message, 'upgrade')).join() === 'toy'),
    example: String.raw`HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\n`,
    options: GET,
    outcome: ['HTTP1_UNEXPECTED_SWITCH', 'accepts', 'accepts'],
    section: 'RFC 9110 section 7.8',
    sentence:
      "A server MUST NOT switch to a protocol that was not indicated by the client in the corresponding request's Upgrade header field.",
    why: 'Who asked for what is beyond a parser; node:http leaves it to its caller.',
  },
  {
    name: 'head-response-without-length',
    roles: CLIENT,
    stricter: 'neither',
    what: 'persistent',
    when: ({ message, asked }) => asked === 'HEAD' && message.persistent,
    example: String.raw`HTTP/1.1 200 \r\n\r\n`,
    options: { asked: ['HEAD', 'GET'] },
    outcome: [true, false, false],
    section: 'RFC 9112 section 6.3',
    sentence:
      'Any response to a HEAD request [...] is always terminated by the first empty line after the header fields',
    why: 'So the connection goes on. Node’s parser decides before it is told that there is no content.',
  },
  {
    name: 'informational-that-is-the-last',
    roles: CLIENT,
    stricter: 'node',
    what: 'persistent',
    when: ({ message }) => message.start[0] < '200',
    example: String.raw`HTTP/1.0 100 \r\n\r\nHTTP/1.1 204 \r\n\r\n`,
    options: GET,
    outcome: [true, false, false],
    section: 'RFC 9110 section 15.2',
    sentence:
      'A client MUST be able to parse one or more 1xx responses received prior to a final response, even if the client does not expect one.',
    why: 'Whether the connection goes on is for the final response to say. Node’s parser takes the informational one for the last.',
  },
  {
    name: 'carriage-returns-behind-a-status',
    roles: CLIENT,
    stricter: 'holdline',
    agreeing: ['22', '24', '26'],
    when: ({ text, offset }) => text[offset - 1] === '\r' && text[offset] === '\r',
    example: String.raw`HTTP/1.1 204 \r\r\r\n`,
    options: GET,
    outcome: ['HTTP1_BARE_CR', 'accepts', 'HPE_INVALID_CONSTANT'],
    section: 'RFC 9112 section 2.2',
    sentence:
      'A recipient of such a bare CR MUST consider that element to be invalid or replace each bare CR with SP before processing the element or forwarding the message.',
    why: 'Two of them are taken for the ends of two lines.',
  },
];
