// Disagreements about the first line of a request, and what may stand before it.
import { isKnownMethod, isTarget, isToken } from '../grammar.mjs';

const SERVER = ['server'];
const BOTH = ['server', 'client'];

/** See `../list.mjs` for what a rule has. */
export const requestLineRules = [
  {
    name: 'unknown-method',
    roles: SERVER,
    stricter: 'node',
    when: ({ message }) => isToken(message.start[0]) && !isKnownMethod(message.start[0]),
    example: String.raw`BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_METHOD', 'an error'],
    section: 'RFC 9112 section 3.1',
    sentence: 'method = token',
    why: 'Which methods there are is the application’s to say: it may answer 501, or know more of them than a list in a parser does.',
  },
  {
    name: 'preface-of-http-2',
    roles: SERVER,
    stricter: 'node',
    theirs: /^/,
    when: ({ message }) => message.start[0] === 'PRI',
    example: String.raw`PRI / HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_VERSION', 'an error'],
    section: 'RFC 9112 section 3.1',
    sentence: 'method = token',
    why: 'The real preface says HTTP/2.0 and is refused for that. In HTTP/1.1, PRI is one more method that no application implements.',
  },
  {
    name: 'invalid-target',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ message }) => !isTarget(...message.start),
    example: String.raw`GET /a"b HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['HTTP1_INVALID_TARGET', 'accepts', 'accepts'],
    section: 'RFC 9112 section 3.2',
    sentence:
      'Recipients of an invalid request-line SHOULD respond with either a 400 (Bad Request) error or a 301 (Moved Permanently) redirect with the request-target properly encoded.',
    why: 'What has none of the four forms is read differently by whoever comes next. `acceptUrlTargets` allows by name the bytes that browsers leave raw.',
  },
  {
    name: 'target-with-another-scheme',
    roles: SERVER,
    stricter: 'node',
    when: ({ message: { start } }) => /^[a-z]/i.test(start[1]) && isTarget(...start),
    example: String.raw`GET urn:isbn:1 HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_URL', 'accepts'],
    section: 'RFC 9112 section 3.2.2',
    sentence: 'A server MUST accept the absolute-form in requests',
    why: 'Its grammar is `absolute-URI` of RFC 3986, which asks neither for `//` nor for a scheme of letters alone.',
  },
  {
    name: 'later-minor-version',
    roles: BOTH,
    stricter: 'node',
    when: ({ text, offset }) => /HTTP\/1\.[2-9]$/.test(text.slice(0, offset)),
    example: String.raw`GET / HTTP/1.2\r\nHost: a\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_VERSION', 'accepts'],
    section: 'RFC 9110 section 6.2',
    sentence:
      'A recipient that receives a message with a major version number that it implements and a minor version number higher than what it implements SHOULD process the message as if it were in the highest minor version within that major version to which the recipient is conformant.',
    why: 'Minor versions exist so that the older side can go on.',
  },
  {
    name: 'other-major-version',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ text, offset }) =>
      /HTTP\/(?:0\.9|2\.0)(?: [0-9]{3}[^\r\n]*)?\r\n$/.test(text.slice(0, offset)),
    example: String.raw`GET / HTTP/2.0\r\nHost: a\r\n\r\n`,
    outcome: ['HTTP1_UNSUPPORTED_VERSION', 'accepts', 'accepts'],
    section: 'RFC 9110 section 15.6.6',
    sentence:
      'the server does not support, or refuses to support, the major version of HTTP that was used in the request message',
    why: 'Neither HTTP/0.9 nor HTTP/2 has messages of this form; 505 says so. Node’s parser takes both for HTTP/1.',
  },
  {
    name: 'request-line-without-version',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ refusedLine, message }) =>
      message.minorVersion === 9 && /^[^ ]+ +[^ ]*$/.test(refusedLine),
    example: String.raw`GET /\r\n\r\n`,
    outcome: ['HTTP1_INVALID_TARGET', 'accepts', 'HPE_INVALID_CONSTANT'],
    section: 'RFC 9112 section 3',
    sentence: 'request-line = method SP request-target SP HTTP-version',
    why: 'That was HTTP/0.9. A request-line that lost its version on the way would become one.',
  },
  {
    name: 'more-than-one-space',
    roles: SERVER,
    stricter: 'holdline',
    ours: /^(?:HTTP1_INVALID_VERSION|HTTP1_INVALID_TARGET)$/,
    when: ({ text, offset }) => text[offset] === ' ' && text[offset - 1] === ' ',
    example: String.raw`GET /  HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['HTTP1_INVALID_VERSION', 'accepts', 'HPE_INVALID_CONSTANT'],
    section: 'RFC 9112 section 3',
    sentence:
      'lenient parsing can result in request smuggling security vulnerabilities if there are multiple recipients of the message and each has its own unique interpretation of robustness',
    why: 'The grammar has one space, and recipients only MAY take more.',
  },
  {
    name: 'rtsp-or-ice',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ text, offset }) => /^[^\r\n]*(?:RTSP|ICE)\//.test(text.slice(offset)),
    example: String.raw`GET / RTSP/1.0\r\n\r\n`,
    outcome: ['HTTP1_INVALID_VERSION', 'accepts', 'HPE_INVALID_CONSTANT'],
    section: 'RFC 9112 section 2.3',
    sentence: 'HTTP-name = %s"HTTP"',
    why: 'These are other protocols.',
  },
  {
    name: 'bare-cr-or-lf-between-messages',
    roles: BOTH,
    stricter: 'holdline',
    ours: /^(?:HTTP1_INVALID_METHOD|HTTP1_INVALID_VERSION|HTTP1_UNSOLICITED_RESPONSE)$/,
    theirs: /^(?:accepts|rest|closed|switched)$/,
    when: ({ text, offset }) => /^(?:\n|\r(?!\n))/.test(text.slice(offset)),
    example: String.raw`\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['HTTP1_INVALID_METHOD', 'accepts', 'accepts'],
    section: 'RFC 9112 section 2.2',
    sentence:
      'a server that is expecting to receive and parse a request-line SHOULD ignore at least one empty line (CRLF) received prior to the request-line',
    why: 'An empty line is CRLF. A lone CR or LF is no more ignored here than elsewhere.',
  },
];
