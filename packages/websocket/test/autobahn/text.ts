// Section 6: UTF-8. The sequences are Markus Kuhn's.
import { latin1 } from '../support/frames.ts';
import { type AutobahnCase, closes, passes, type SentFrame, sent, text, utf8 } from './case.ts';

const INVALID = 1007;
const WORD = '\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5';

/** Each byte in a frame of its own. */
function singleBytes(data: Uint8Array): SentFrame[] {
  return Array.from(data, (byte, index) =>
    sent(index === 0 ? 1 : 0, Uint8Array.of(byte), index === data.length - 1),
  );
}

const GREETING = utf8('Hello-µ@ßöäüàá-UTF-8!!');
/** The word, a surrogate, and «edited». */
export const BROKEN: Uint8Array = latin1(`${WORD}\xed\xa0\x80edited`);
/** The word, a character above U+10FFFF, and «edited»: wrong from byte 12 on. */
export const TOO_FAR: Uint8Array = latin1(`${WORD}\xf4\x90\x80\x80edited`);

const basics: AutobahnCase[] = [
  passes('6.1.1', [sent(1)], [text('')]),
  passes('6.1.2', [sent(1, '', false), sent(0, '', false), sent(0)], [text('')]),
  passes('6.1.3', [sent(1, '', false), sent(0, 'middle', false), sent(0)], [text('middle')]),
  passes('6.2.1', [sent(1, GREETING)], [text(GREETING)]),
  passes(
    '6.2.2',
    [sent(1, GREETING.subarray(0, 12), false), sent(0, GREETING.subarray(12))],
    [text(GREETING)],
  ),
  passes('6.2.3', singleBytes(GREETING), [text(GREETING)]),
  passes('6.2.4', singleBytes(latin1(WORD)), [text(latin1(WORD))]),
  closes('6.3.1', [sent(1, BROKEN)], [], INVALID),
  closes('6.3.2', singleBytes(BROKEN), [], INVALID),
];

/** In the order of the suite: valid ones begin with «+». */
const SEQUENCES: readonly (readonly string[])[] = [
  [
    '+hello\x24world',
    '+hello\xc2\xa2world',
    '+hello\xe2\x82\xacworld',
    '+hello\xf0\xa4\xad\xa2world',
    `+${WORD}`,
  ],
  Array.from({ length: WORD.length }, (_, index) => {
    const boundaries = [2, 5, 7, 9, 11];
    return `${boundaries.includes(index + 1) ? '+' : '-'}${WORD.slice(0, index + 1)}`;
  }),
  ['+\x00', '+\xc2\x80', '+\xe0\xa0\x80', '+\xf0\x90\x80\x80'],
  ['-\xf8\x88\x80\x80\x80', '-\xfc\x84\x80\x80\x80\x80'],
  ['+\x7f', '+\xdf\xbf', '+\xef\xbf\xbf', '+\xf4\x8f\xbf\xbf'],
  ['-\xf7\xbf\xbf\xbf', '-\xfb\xbf\xbf\xbf\xbf', '-\xfd\xbf\xbf\xbf\xbf\xbf'],
  ['+\xed\x9f\xbf', '+\xee\x80\x80', '+\xef\xbf\xbd', '+\xf4\x8f\xbf\xbf', '-\xf4\x90\x80\x80'],
  [
    '-\x80',
    '-\xbf',
    '-\x80\xbf',
    '-\x80\xbf\x80',
    '-\x80\xbf\x80\xbf',
    '-\x80\xbf\x80\xbf\x80',
    '-\x80\xbf\x80\xbf\x80\xbf',
    `-${range(0x80, 0xbf, '')}`,
  ],
  [
    range(0xc0, 0xdf),
    range(0xe0, 0xef),
    range(0xf0, 0xf7),
    range(0xf8, 0xfb),
    range(0xfc, 0xfd),
  ].map((lonely) => `-${lonely}`),
  [
    '-\xc0',
    '-\xe0\x80',
    '-\xf0\x80\x80',
    '-\xf8\x80\x80\x80',
    '-\xfc\x80\x80\x80\x80',
    '-\xdf',
    '-\xef\xbf',
    '-\xf7\xbf\xbf',
    '-\xfb\xbf\xbf\xbf',
    '-\xfd\xbf\xbf\xbf\xbf',
  ],
  [
    '-\xc0\xe0\x80\xf0\x80\x80\xf8\x80\x80\x80\xfc\x80\x80\x80\x80\xdf\xef\xbf\xf7\xbf\xbf\xfb\xbf\xbf\xbf\xfd\xbf\xbf\xbf\xbf',
  ],
  ['-\xfe', '-\xff', '-\xfe\xfe\xff\xff'],
  [
    '-\xc0\xaf',
    '-\xe0\x80\xaf',
    '-\xf0\x80\x80\xaf',
    '-\xf8\x80\x80\x80\xaf',
    '-\xfc\x80\x80\x80\x80\xaf',
  ],
  [
    '-\xc1\xbf',
    '-\xe0\x9f\xbf',
    '-\xf0\x8f\xbf\xbf',
    '-\xf8\x87\xbf\xbf\xbf',
    '-\xfc\x83\xbf\xbf\xbf\xbf',
  ],
  [
    '-\xc0\x80',
    '-\xe0\x80\x80',
    '-\xf0\x80\x80\x80',
    '-\xf8\x80\x80\x80\x80',
    '-\xfc\x80\x80\x80\x80\x80',
  ],
  [
    '-\xed\xa0\x80',
    '-\xed\xad\xbf',
    '-\xed\xae\x80',
    '-\xed\xaf\xbf',
    '-\xed\xb0\x80',
    '-\xed\xbe\x80',
    '-\xed\xbf\xbf',
  ],
  [
    '-\xed\xa0\x80\xed\xb0\x80',
    '-\xed\xa0\x80\xed\xbf\xbf',
    '-\xed\xad\xbf\xed\xb0\x80',
    '-\xed\xad\xbf\xed\xbf\xbf',
    '-\xed\xae\x80\xed\xb0\x80',
    '-\xed\xae\x80\xed\xbf\xbf',
    '-\xed\xaf\xbf\xed\xb0\x80',
    '-\xed\xaf\xbf\xed\xbf\xbf',
  ],
  ['+\xef\xbf\xbe', '+\xef\xbf\xbf', ...nonCharacters()],
  ['\xb9', '\xba', '\xbb', '\xbc', '\xbd', '\xbe', '\xbf'].map((last) => `+\xef\xbf${last}`),
];

/** The bytes from `first` up to `last`, which is not among them, each with something behind it. */
function range(first: number, last: number, behind = ' '): string {
  const bytes = Array.from({ length: last - first }, (_, index) => first + index);
  return bytes.map((byte) => `${String.fromCharCode(byte)}${behind}`).join('');
}

/** U+1FFFE, U+1FFFF and their like in the other planes. */
function nonCharacters(): string[] {
  const planes = Array.from({ length: 16 }, (_, index) => index + 1);
  return planes.flatMap((plane) =>
    [0xfffe, 0xffff].map((last) => {
      const data = utf8(String.fromCodePoint(plane * 0x1_0000 + last));
      return `+${String.fromCharCode(...data)}`;
    }),
  );
}

const sequences = SEQUENCES.flatMap((group, section) =>
  group.map((entry, index) => {
    const id = `6.${section + 5}.${index + 1}`;
    const data = latin1(entry.slice(1));
    const frames = [sent(1, data)];
    return entry.startsWith('+')
      ? passes(id, frames, [text(data)])
      : closes(id, frames, [], INVALID);
  }),
);

/** Every case of the section but 6.4, which is about when. */
export const textCases: readonly AutobahnCase[] = [...basics, ...sequences];
