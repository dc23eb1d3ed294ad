import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Connection } from '../src/bytes/connection.ts';
import type { AnyEvent } from '../src/drain.ts';
import { ToyUpgrade } from '../src/toy-upgrade.ts';
import {
  parseBlock,
  parseCaseFile,
  parseEscapes,
  parseSentence,
  parseSentences,
  printBlock,
  printEscapes,
  runCaseFile,
  type Subject,
  textOf,
} from '../src/transcript/index.ts';

const toy: Subject = {
  create: (options, now) => new ToyUpgrade(now, options.get('role') === 'echo'),
  act(machine, command) {
    if (command.name !== 'send') throw new SyntaxError(`unknown command ${command.name}`);
    (machine as Connection<AnyEvent> as ToyUpgrade).sendMessage(
      parseEscapes(command.words[0] ?? ''),
    );
  },
};

const lines = (...all: string[]) => all.join('\n');
const run = (...all: string[]) => runCaseFile(toy, 'toy.md', lines(...all));

test('a case runs whole, byte by byte, with spurious deadlines and with every single split', () => {
  const [result] = run(
    '# The toy',
    '',
    '```options',
    'role: echo',
    '```',
    '',
    '## An echo',
    'Prose.',
    '```input',
    '\\x03abc\\',
    '```',
    '```events',
    'message "abc"',
    '```',
    '```output',
    '\\x03abc\\',
    '```',
    '```do',
    'wait 9999',
    '```',
    '```state',
    'deadline: +1',
    'transport: open',
    '```',
    '```do',
    'wait 1',
    '```',
    '```events',
    'failed code=TOY_IDLE_TIMEOUT',
    'closed',
    '```',
    '```state',
    'deadline: none',
    '```',
  );
  expect(result).toMatchObject({ title: 'toy.md:7 An echo', failure: null, runs: 1 + 2 + 3 });
  expect(result?.events.map((event) => event.type)).toEqual(['message', 'failed', 'closed']);
});

test('a table row is a case of its own', () => {
  const results = run(
    '## Rows',
    '```options',
    'before: \\x01',
    'after: \\x00',
    '```',
    '| input | events |',
    '| --- | --- |',
    '| `a` | `message "a"; closed` |',
    '| `b` | `message "a"; closed` |',
  );
  expect(results.map((result) => result.failure === null)).toEqual([true, false]);
  expect(results[1]?.title).toBe('toy.md:9 Rows: b');
});

const wrong: [string, string[]][] = [
  ['another event', ['```events', 'closed', '```']],
  ['another payload', ['```events', 'message "b"', '```']],
  ['an event too few', ['```events', '(none)', '```']],
  ['an event too many', ['```events', 'message "a"', 'closed', '```']],
  [
    'an event not mentioned at the end',
    ['```events', 'message "a"', '```', '```do', 'wait 10000', '```'],
  ],
  ['another output', ['```output', 'a', '```']],
  ['another state', ['```state', 'transport: close', '```']],
  ['nothing expected', []],
  ['an unknown command', ['```events', 'message "a"', '```', '```do', 'dance', '```']],
];
for (const [name, blocks] of wrong) {
  test(`a case fails on ${name}`, () => {
    const [result] = run('## A message', '```input', '\\x01a\\', '```', ...blocks);
    expect(result?.failure).toMatch(/toy\.md:1 A message/);
  });
}

test('a machine whose events depend on the split is found', () => {
  const fickle: Subject = {
    ...toy,
    create: (_options, now) => {
      const machine = new ToyUpgrade(now, false);
      const receive = machine.receive.bind(machine);
      machine.receive = (data, at) => {
        if (data.length !== 2) receive(data, at);
      };
      return machine;
    },
  };
  const [result] = runCaseFile(
    fickle,
    'toy.md',
    lines('## One', '```input', '\\x03abc\\', '```', '```events', 'message "abc"', '```'),
  );
  expect(result?.failure).toMatch(/split at 2/);
});

test('a throwing command is an event', () => {
  const [result] = run(
    '## Too long',
    '```do',
    'send ""',
    '```',
    '```events',
    'threw name=RangeError',
    '```',
  );
  expect(result?.failure).toBeNull();
});

test('an end goes behind what is unread, a reset does not', () => {
  const [finished] = run(
    '## End',
    '```input',
    '\\x02a\\',
    '```',
    '```do',
    'end',
    '```',
    '```events',
    'failed code=TOY_UNEXPECTED_END',
    'closed',
    '```',
  );
  expect(finished?.failure).toBeNull();
});

test('escapes and blocks go there and back', () => {
  expect(textOf(parseEscapes('a\\r\\n\\t\\x00\\\\\\"\\{xy*2}'))).toBe('a\r\n\t\0\\"xyxy');
  expect(textOf(parseBlock(['a\\x20', '', 'b\\\\', 'c\\']))).toBe('a \r\n\r\nb\\\r\nc');
  fc.assert(
    fc.property(fc.uint8Array(), (data) => {
      expect(parseEscapes(printEscapes(data))).toEqual(new Uint8Array(data));
      expect(parseBlock(printBlock(data))).toEqual(new Uint8Array(data));
    }),
  );
});

test('what cannot be seen or is not in the notation is refused', () => {
  expect(() => parseBlock(['a '])).toThrow(SyntaxError);
  expect(() => parseEscapes('\\q')).toThrow(SyntaxError);
  expect(() => parseEscapes('é')).toThrow(SyntaxError);
  expect(() => parseSentence('a "b')).toThrow(SyntaxError);
  expect(() => parseSentences(['  a: b'])).toThrow(SyntaxError);
  expect(() => parseSentences(['x', '  noColon'])).toThrow(SyntaxError);
  expect(() => parseCaseFile('f', '## a\n```events')).toThrow(/f:2/);
  expect(() => parseCaseFile('f', '## a\n```what\n```')).toThrow(/f:1 unknown block/);
  expect(() => parseCaseFile('f', '## a\nprose')).toThrow(/without a block/);
});

test('a sentence has words, pairs and fields', () => {
  expect(
    parseSentences([
      'request GET target="/ x" n=-1',
      '  a: b c',
      '  d:',
      'end',
      '  (none)',
      'closed',
    ]),
  ).toEqual([
    {
      name: 'request',
      words: ['GET'],
      pairs: [
        { name: 'target', value: '/ x' },
        { name: 'n', value: '-1' },
      ],
      fields: [
        { name: 'a', value: 'b c' },
        { name: 'd', value: '' },
      ],
    },
    { name: 'end', words: [], pairs: [], fields: [] },
    { name: 'closed', words: [], pairs: [], fields: null },
  ]);
});
