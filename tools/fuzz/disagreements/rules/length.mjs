// Disagreements about Content-Length and Transfer-Encoding.
import { codingNames, isCodingList } from '../grammar.mjs';
import { joined, valuesOf } from '../observation.mjs';

const SERVER = ['server'];
const CLIENT = ['client'];
const BOTH = ['server', 'client'];
const POST = String.raw`POST / HTTP/1.1\r\nHost: a\r\n`;

const isOneLength = (message) => {
  const numbers = joined(message, 'content-length').split(/[ \t]*,[ \t]*/);
  const [first] = numbers;
  return numbers.length > 1 && /^[0-9]+$/.test(first) && numbers.every((one) => one === first);
};
const codings = (message) => codingNames(joined(message, 'transfer-encoding'));

/** See `../list.mjs` for what a rule has. */
export const lengthRules = [
  {
    name: 'same-length-twice',
    roles: BOTH,
    stricter: 'node',
    theirs: /^HPE_(?:UNEXPECTED|INVALID)_CONTENT_LENGTH$/,
    when: ({ message }) => isOneLength(message),
    example: String.raw`${POST}Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi`,
    outcome: ['accepts', 'HPE_UNEXPECTED_CONTENT_LENGTH', 'accepts'],
    section: 'RFC 9112 section 6.3',
    sentence:
      'unless the field value can be successfully parsed as a comma-separated list (Section 5.6.1 of [HTTP]), all values in the list are valid, and all values in the list are the same (in which case, the message is processed with that single value used as the Content-Length field value)',
    why: 'There is one length to be read here, and the RFC says so.',
  },
  {
    name: 'length-beyond-2-53',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ message }) => {
      const value = joined(message, 'content-length');
      return /^[0-9]+$/.test(value) && BigInt(value) > Number.MAX_SAFE_INTEGER;
    },
    example: String.raw`${POST}Content-Length: 9007199254740993\r\n\r\n`,
    outcome: ['HTTP1_INVALID_CONTENT_LENGTH', 'head', 'head'],
    section: 'RFC 9110 section 8.6',
    sentence:
      'a recipient MUST anticipate potentially large decimal numerals and prevent parsing errors due to integer conversion overflows or precision loss due to integer conversion',
    why: 'A number in JavaScript cannot hold it exactly, and nobody sends eight pebibytes.',
  },
  {
    name: 'length-of-a-message-without-content',
    roles: CLIENT,
    stricter: 'node',
    theirs: /^HPE_(?:(?:UNEXPECTED|INVALID)_CONTENT_LENGTH|INVALID_TRANSFER_ENCODING)$/,
    when: ({ message, asked }) =>
      asked === 'HEAD' || message.upgrade || /^(?:1..|204|304)$/.test(message.start[0]),
    example: String.raw`HTTP/1.1 200 OK\r\nContent-Length: about 5\r\n\r\n`,
    options: { asked: ['HEAD'] },
    outcome: ['accepts', 'HPE_INVALID_CONTENT_LENGTH', 'accepts'],
    section: 'RFC 9112 section 6.3',
    sentence:
      'Any response to a HEAD request and any response with a 1xx (Informational), 204 (No Content), or 304 (Not Modified) status code is always terminated by the first empty line after the header fields, regardless of the header fields present in the message',
    why: 'Nothing is framed by these fields.',
  },
  {
    name: 'transfer-encoding-in-http-1.0',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ message }) =>
      message.minorVersion === 0 && valuesOf(message, 'transfer-encoding').length > 0,
    example: String.raw`POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    outcome: ['HTTP1_TRANSFER_ENCODING_IN_HTTP10', 'accepts', 'accepts'],
    section: 'RFC 9112 section 6.1',
    sentence:
      'A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding header field MUST treat the message as if the framing is faulty',
    why: 'It was likely forwarded by somebody who did not look at the chunks.',
  },
  {
    name: 'unknown-coding-in-a-request',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ message }) =>
      codings(message).length > 1 &&
      codings(message).indexOf('chunked') === codings(message).length - 1,
    example: String.raw`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    outcome: ['HTTP1_UNKNOWN_TRANSFER_CODING', 'accepts', 'accepts'],
    section: 'RFC 9112 section 6.1',
    sentence:
      'A server that receives a request message with a transfer coding it does not understand SHOULD respond with 501 (Not Implemented).',
    why: 'Node’s parser hands the coded bytes on as content.',
  },
  {
    name: 'offer-without-chunked',
    roles: SERVER,
    stricter: 'holdline',
    when: ({ message }) => message.upgrade && codings(message).at(-1) !== 'chunked',
    example: String.raw`${POST}Connection: upgrade\r\nUpgrade: toy\r\nTransfer-Encoding: gzip\r\n\r\n`,
    outcome: ['HTTP1_INVALID_TRANSFER_ENCODING', 'accepts', 'accepts'],
    section: 'RFC 9112 section 6.3',
    sentence:
      'If a Transfer-Encoding header field is present in a request and the chunked transfer coding is not the final encoding, the message body length cannot be determined reliably; the server MUST respond with the 400 (Bad Request) status code and then close the connection.',
    why: 'Node’s parser refuses it, too, unless a protocol is offered; then it takes the request for one without content.',
  },
  {
    name: 'refused-behind-its-head',
    roles: SERVER,
    stricter: 'neither',
    theirs: /^head$/,
    when: ({ message, theirs }) =>
      theirs.code === 'HPE_INVALID_TRANSFER_ENCODING' && codings(message).at(-1) !== 'chunked',
    example: String.raw`${POST}Transfer-Encoding: gzip\r\n\r\n`,
    outcome: ['HTTP1_INVALID_TRANSFER_ENCODING', 'head', 'accepts'],
    section: 'RFC 9112 section 6.3',
    sentence:
      'If a Transfer-Encoding header field is present in a request and the chunked transfer coding is not the final encoding, the message body length cannot be determined reliably; the server MUST respond with the 400 (Bad Request) status code and then close the connection.',
    why: 'Both refuse it, but Node’s parser has handed out the head by then: a handler may have acted on it.',
  },
  {
    name: 'malformed-transfer-encoding',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ message }) => !isCodingList(joined(message, 'transfer-encoding')),
    example: String.raw`${POST}Transfer-Encoding: "x, chunked\r\n\r\n0\r\n\r\n`,
    outcome: ['HTTP1_INVALID_TRANSFER_ENCODING', 'accepts', 'accepts'],
    section: 'RFC 9112 section 6.1',
    sentence: 'Transfer-Encoding = #transfer-coding',
    why: 'Who cannot read the list does not know where the message ends.',
  },
  {
    name: 'parameters-of-a-known-coding',
    roles: ['client', 'server'],
    stricter: 'holdline',
    when: ({ message }) =>
      /(?:^|[, \t])(?:chunked|(?:x-)?gzip|(?:x-)?compress|deflate)[ \t]*;/i.test(
        joined(message, 'transfer-encoding'),
      ),
    example: String.raw`HTTP/1.1 200 \r\nTransfer-Encoding: gzip;q=1\r\n\r\nhi`,
    options: { asked: ['GET'] },
    outcome: ['HTTP1_INVALID_TRANSFER_ENCODING', 'accepts', 'accepts'],
    section: 'RFC 9112 section 7.2',
    sentence:
      'The compression codings do not define any parameters. The presence of parameters with any of these compression codings SHOULD be treated as an error.',
    why: 'Section 7.1 says the same of chunked.',
  },
  {
    name: 'chunked-more-than-once',
    roles: ['client', 'server'],
    stricter: 'holdline',
    when: ({ message }) => codings(message).filter((name) => name === 'chunked').length > 1,
    example: String.raw`HTTP/1.1 200 \r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
    options: { asked: ['GET'] },
    outcome: ['HTTP1_INVALID_TRANSFER_ENCODING', 'accepts', 'accepts'],
    section: 'RFC 9112 section 6.1',
    sentence:
      'A sender MUST NOT apply the chunked transfer coding more than once to a message body',
    why: 'Who decodes once hands chunks on as content.',
  },
  {
    name: 'empty-elements-behind-chunked',
    roles: ['client', 'server'],
    stricter: 'neither',
    what: ['content', 'verdict', 'trailers', 'persistent'],
    ours: /^/,
    theirs: /^(?:accepts|HPE_INVALID_TRANSFER_ENCODING)$/,
    when: ({ message }) => /chunked[ \t]*(?:,[ \t]*)+$/i.test(joined(message, 'transfer-encoding')),
    example: String.raw`HTTP/1.1 200 \r\nTransfer-Encoding: chunked,\r\n\r\n0\r\n\r\n`,
    options: { asked: ['GET'] },
    outcome: ['', '0\r\n\r\n', '0\r\n\r\n'],
    section: 'RFC 9110 section 5.6.1.2',
    sentence: 'A recipient MUST parse and ignore a reasonable number of empty list elements',
    why: 'Chunked is the last coding. Node’s parser looks at the last bytes of the value: it refuses such a request, and reads such a response to the end of the connection, chunk sizes and all.',
  },
  {
    name: 'empty-transfer-encoding-line',
    roles: BOTH,
    stricter: 'node',
    agreeing: ['20'],
    theirs: /^HPE_INVALID_TRANSFER_ENCODING$/,
    when: ({ message }) => {
      const values = valuesOf(message, 'transfer-encoding');
      return values.length > 1 && values.includes('');
    },
    example: String.raw`${POST}Transfer-Encoding:\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_TRANSFER_ENCODING', 'accepts'],
    section: 'RFC 9110 section 5.6.1.2',
    sentence: 'A recipient MUST parse and ignore a reasonable number of empty list elements',
    why: 'Several lines of a list are one list (RFC 9110 section 5.3), and an empty line is an empty element of it.',
  },
  {
    name: 'blanks-behind-chunked',
    roles: BOTH,
    stricter: 'node',
    what: ['verdict', 'content', 'trailers', 'persistent'],
    ours: /^/,
    theirs: /^(?:accepts|HPE_INVALID_TRANSFER_ENCODING)$/,
    when: ({ text, message }) =>
      /\ntransfer-encoding:[^\r\n]*chunked[ \t]+\r\n/i.test(text) &&
      codings(message).at(-1) === 'chunked',
    example: String.raw`${POST}Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_TRANSFER_ENCODING', 'accepts'],
    section: 'RFC 9112 section 5.1',
    sentence: 'The field line value does not include that leading or trailing whitespace',
    why: 'What is left is chunked. Such a response is read to the end of the connection, as with `empty-elements-behind-chunked`.',
  },
  {
    name: 'chunks-behind-an-offer',
    roles: SERVER,
    stricter: 'holdline',
    what: ['verdict', 'trailing'],
    ours: /^/,
    theirs: /^/,
    when: ({ text, ours, index }) => {
      const before = ours.messages[index - 1];
      const isUnseen = /\ntransfer-encoding:[^\r\n]*chunked[ \t,]+\r\n/i.test(text);
      return before?.upgrade === true && isUnseen && codings(before).at(-1) === 'chunked';
    },
    example: String.raw`${POST}Connection: upgrade\r\nUpgrade: toy\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n`,
    outcome: ['rest', 'hidden', 'HPE_INVALID_CONSTANT'],
    section: 'RFC 9112 section 6.3',
    sentence:
      'If a Transfer-Encoding header field is present and the chunked transfer coding (Section 7.1) is the final encoding, the message body length is determined by reading and decoding the chunked data until the transfer coding indicates the data is complete.',
    why: 'Node’s parser does not see that this request is chunked (`blanks-behind-chunked`), and does not refuse it (`offer-without-chunked`): what is content to everybody else is to it the next request, or the next protocol’s.',
  },
];
