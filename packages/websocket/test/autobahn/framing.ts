// Sections 1 to 5: framing, pings and pongs, reserved bits, opcodes, fragmentation.
import { type AutobahnCase, binary, closes, passes, pong, sent, text } from './case.ts';

const TEXT = 1;
const BINARY = 2;
const MORE = 0;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const PROTOCOL_ERROR = 1002;
const HELLO = 'Hello, world!';
const BYTES = Uint8Array.of(0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff);

const sizes = [0, 125, 126, 127, 128, 65_535, 65_536, 65_536].flatMap((size, index) => {
  const words = '*'.repeat(size);
  const bytes = new Uint8Array(size).fill(0xfe);
  return [
    passes(`1.1.${index + 1}`, [sent(TEXT, words)], [text(words)]),
    passes(`1.2.${index + 1}`, [sent(BINARY, bytes)], [binary(bytes)]),
  ];
});

const longest = new Uint8Array(125).fill(0xfe);
const tenPings = Array.from({ length: 10 }, (_, index) => `payload-${index}`);
const pings: AutobahnCase[] = [
  passes('2.1', [sent(PING)], [pong()]),
  passes('2.2', [sent(PING, HELLO)], [pong(HELLO)]),
  passes('2.3', [sent(PING, BYTES)], [pong(BYTES)]),
  passes('2.4', [sent(PING, longest)], [pong(longest)]),
  closes('2.5', [sent(PING, new Uint8Array(126).fill(0xfe))], [], PROTOCOL_ERROR),
  passes('2.6', [sent(PING, longest)], [pong(longest)]),
  passes('2.7', [sent(PONG)], []),
  passes('2.8', [sent(PONG, 'unsolicited pong payload')], []),
  passes('2.9', [sent(PONG, 'unsolicited pong payload'), sent(PING, 'ping')], [pong('ping')]),
  ...['2.10', '2.11'].map((id) =>
    passes(
      id,
      tenPings.map((payload) => sent(PING, payload)),
      tenPings.map((payload) => pong(payload)),
    ),
  ),
];

const reservedBits: AutobahnCase[] = [
  closes('3.1', [sent(TEXT, HELLO, true, 1)], [], PROTOCOL_ERROR),
  ...[2, 3, 4].map((rsv) =>
    closes(
      `3.${rsv}`,
      [sent(TEXT, HELLO), sent(TEXT, HELLO, true, rsv), sent(PING)],
      [text(HELLO)],
      PROTOCOL_ERROR,
    ),
  ),
  closes('3.5', [sent(BINARY, BYTES, true, 5)], [], PROTOCOL_ERROR),
  closes('3.6', [sent(PING, HELLO, true, 6)], [], PROTOCOL_ERROR),
  closes('3.7', [sent(CLOSE, '', true, 7)], [], PROTOCOL_ERROR),
];

const opcodes = [
  { section: '4.1', first: 3 },
  { section: '4.2', first: 11 },
].flatMap(({ section, first }) => [
  closes(`${section}.1`, [sent(first)], [], PROTOCOL_ERROR),
  closes(`${section}.2`, [sent(first + 1, 'reserved opcode payload')], [], PROTOCOL_ERROR),
  ...[2, 3, 4].map((more) =>
    closes(
      `${section}.${more + 1}`,
      [sent(TEXT, HELLO), sent(first + more, more === 2 ? '' : HELLO), sent(PING)],
      [text(HELLO)],
      PROTOCOL_ERROR,
    ),
  ),
]);

const parts = ['fragment1', 'fragment2', 'fragment3', 'fragment4', 'fragment5'] as const;
const [one, two, three, four] = parts;
const pair = [sent(TEXT, one, false), sent(MORE, two)];
const whole = text(`${one}${two}`);
const withPing = [sent(TEXT, one, false), sent(PING, 'ping payload'), sent(MORE, two)];
const orphan = [sent(MORE, 'non-continuation payload'), sent(TEXT, HELLO)];
const openOrphan = [sent(MORE, 'non-continuation payload', false), sent(TEXT, HELLO)];
const conversation = [
  sent(TEXT, one, false),
  sent(MORE, two, false),
  sent(PING, 'pongme 1!'),
  sent(MORE, three, false),
  sent(MORE, four, false),
  sent(PING, 'pongme 2!'),
  sent(MORE, parts[4]),
];

const fragments: AutobahnCase[] = [
  closes('5.1', [sent(PING, one, false), sent(MORE, two)], [], PROTOCOL_ERROR),
  closes('5.2', [sent(PONG, one, false), sent(MORE, two)], [], PROTOCOL_ERROR),
  ...['5.3', '5.4', '5.5'].map((id) => passes(id, pair, [whole])),
  ...['5.6', '5.7', '5.8'].map((id) => passes(id, withPing, [pong('ping payload'), whole])),
  ...['5.9', '5.10', '5.11'].map((id) => closes(id, orphan, [], PROTOCOL_ERROR)),
  ...['5.12', '5.13', '5.14'].map((id) => closes(id, openOrphan, [], PROTOCOL_ERROR)),
  closes('5.15', [...pair, sent(MORE, three, false), sent(TEXT, four)], [whole], PROTOCOL_ERROR),
  ...[false, true].map((isFinal) =>
    closes(
      isFinal ? '5.17' : '5.16',
      [1, 2].flatMap(() => [
        sent(MORE, one, isFinal),
        sent(TEXT, two, false),
        sent(MORE, three, true),
      ]),
      [],
      PROTOCOL_ERROR,
    ),
  ),
  closes('5.18', [sent(TEXT, one, false), sent(TEXT, two)], [], PROTOCOL_ERROR),
  ...['5.19', '5.20'].map((id) =>
    passes(id, conversation, [pong('pongme 1!'), pong('pongme 2!'), text(parts.join(''))]),
  ),
];

/** Every case of the five sections. */
export const framingCases: readonly AutobahnCase[] = [
  ...sizes,
  ...pings,
  ...reservedBits,
  ...opcodes,
  ...fragments,
];
