// Disagreements about the chunked coding and its trailer section.
import { isChunkLine } from '../grammar.mjs';

const BOTH = ['server', 'client'];
const HEAD = String.raw`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
/** A field that RFC 9110 section 6.5.1 keeps out of trailer sections: framing, routing, modifiers, authentication, controls, format. */
const NOT_A_TRAILER =
  /^(?:transfer-encoding|content-(?:length|encoding|type|range)|host|connection|(?:proxy-)?(?:connection|authenticate|authorization|authentication-info)|www-authenticate|keep-alive|upgrade|te|trailer|expect|max-forwards|cache-control|pragma|range|if-(?:match|none-match|modified-since|unmodified-since|range)|(?:set-)?cookie|age|expires|date|location|retry-after|vary|warning)$/;

const equal = (left, right) => JSON.stringify(left) === JSON.stringify(right);
/** A line of a trailer section, as far as it was read: between the last chunk and here is no empty line. */
const FRAMING_TRAILER =
  /\r\n0+(?:[ \t;][^\r\n]*)?\r\n(?:[^\r\n]+\r\n)*(?:content-length|transfer-encoding):[^\r\n]*(?:\r\n?)?$/i;

/** See `../list.mjs` for what a rule has. */
export const chunkRules = [
  {
    name: 'blanks-in-chunk-extensions',
    roles: BOTH,
    stricter: 'node',
    theirs: /^(?:HPE_INVALID_CHUNK_SIZE|HPE_STRICT)$/,
    // Of a line that is not complete it is enough that nothing of it is wrong so far.
    when: ({ refusedLine, text }) =>
      /[ \t]/.test(refusedLine) && (isChunkLine(refusedLine) || text.endsWith(refusedLine)),
    example: String.raw`${HEAD}1 ; a = b\r\nx\r\n0\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_CHUNK_SIZE', 'accepts'],
    section: 'RFC 9112 section 7.1.1',
    sentence: 'chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )',
    why: 'A recipient MUST parse for such bad whitespace (RFC 9110 section 5.6.3).',
  },
  {
    name: 'malformed-chunk-extension',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ refusedLine }) => !isChunkLine(refusedLine),
    example: String.raw`${HEAD}1;=b\r\nx\r\n0\r\n\r\n`,
    outcome: ['HTTP1_INVALID_CHUNK_EXTENSION', 'accepts', 'accepts'],
    section: 'RFC 9112 section 7.1.1',
    sentence: 'chunk-ext-name = token',
    why: 'What stands there is ignored once it is known to be an extension. Parsers that skipped whatever it was have been smuggled past.',
  },
  {
    name: 'chunk-beyond-2-53',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ refusedLine }) => {
      const [digits = '0'] = /^[0-9a-f]+/i.exec(refusedLine) ?? [];
      return BigInt(`0x${digits}`) > Number.MAX_SAFE_INTEGER;
    },
    example: String.raw`${HEAD}20000000000000\r\n`,
    outcome: ['HTTP1_INVALID_CHUNK_SIZE', 'incomplete', 'head'],
    section: 'RFC 9112 section 7.1',
    sentence:
      'recipients MUST anticipate potentially large hexadecimal numerals and prevent parsing errors due to integer conversion overflows or precision loss due to integer representation',
    why: 'A number in JavaScript cannot hold it exactly.',
  },
  {
    name: 'more-than-64-digits',
    roles: BOTH,
    stricter: 'holdline',
    when: ({ refusedLine }) => /^0[0-9a-f]{64}/i.test(refusedLine),
    example: String.raw`${HEAD}\{0*65}\r\n\r\n`,
    outcome: ['HTTP1_INVALID_CHUNK_SIZE', 'accepts', 'accepts'],
    section: 'RFC 9112 section 7.1',
    sentence:
      'recipients MUST anticipate potentially large hexadecimal numerals and prevent parsing errors due to integer conversion overflows or precision loss due to integer representation',
    why: 'A size of more than 64 digits is nobody’s size, and would cost a server work without end.',
  },
  {
    name: 'trailers-that-are-not-trailers',
    roles: BOTH,
    stricter: 'neither',
    what: 'trailers',
    when: ({ ours, theirs, index }) => {
      const [left, right] = [ours, theirs].map(({ messages }) => messages[index].trailers);
      return equal(
        left,
        right.filter(([name]) => !NOT_A_TRAILER.test(name)),
      );
    },
    example: String.raw`${HEAD}0\r\nHost: b\r\nX: y\r\n\r\n`,
    outcome: [
      [['x', 'y']],
      [
        ['host', 'b'],
        ['x', 'y'],
      ],
      [
        ['host', 'b'],
        ['x', 'y'],
      ],
    ],
    section: 'RFC 9110 section 6.5.1',
    sentence:
      'Many fields cannot be processed outside the header section because their evaluation is necessary prior to receiving the content',
    why: 'They are dropped, so that no caller merges them; node hands them out apart.',
  },
  {
    name: 'framing-in-trailers',
    roles: BOTH,
    stricter: 'node',
    theirs: /^HPE_(?:(?:UNEXPECTED|INVALID)_CONTENT_LENGTH|INVALID_TRANSFER_ENCODING)$/,
    when: ({ text, offset }) => FRAMING_TRAILER.test(text.slice(0, offset)),
    example: String.raw`${HEAD}0\r\nContent-Length: 5\r\n\r\n`,
    outcome: ['accepts', 'HPE_INVALID_CONTENT_LENGTH', 'accepts'],
    section: 'RFC 9110 section 6.5.1',
    sentence:
      'A recipient MUST NOT merge a trailer field into a header section unless the recipient understands the corresponding header field definition and that definition explicitly permits and defines how trailer field values can be safely merged.',
    why: 'The content is over. Node’s parser takes what stands here for what stood in the head.',
  },
  {
    name: 'connection-in-trailers',
    roles: BOTH,
    stricter: 'node',
    ours: /^(?:accepts|rest|incomplete|switched)$/,
    theirs: /^(?:HPE_CLOSED_CONNECTION|closed)$/,
    when: ({ theirs, index }) =>
      (theirs.messages[index - 1]?.trailers ?? []).some(([name]) =>
        /connection$|^transfer-encoding$/.test(name),
      ),
    example: String.raw`${HEAD}0\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['accepts', 'HPE_CLOSED_CONNECTION', 'accepts'],
    section: 'RFC 9110 section 6.5.1',
    sentence:
      'Many fields cannot be processed outside the header section because their evaluation is necessary prior to receiving the content',
    why: 'Connection options come too late for everybody who has forwarded the head. A Transfer-Encoding in the trailer section of a response has the same effect on Node’s parser.',
  },
];
