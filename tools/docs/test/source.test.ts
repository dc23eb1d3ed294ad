import { describe, expect, test } from 'vitest';
import { code, table, withLinks } from '../markdown.mjs';
import {
  classOf,
  interfaceOf,
  literalOf,
  objectRows,
  parseModule,
  tableOf,
  unionOf,
} from '../source.mjs';

const module = parseModule(
  'example.ts',
  `/** What all have. */
interface Base {
  /** A name. */
  readonly name: string;
}

/**
 * Two lines,
 * one sentence; see {@link Base}.
 *
 * Another paragraph.
 */
export interface Shape extends Base, Iterable<number> {
  readonly size?: number;
  /** Does it. */
  grow(
    by: number,
  ): void;
}

/** Makes things. */
export class Maker {
  /** What it is made of. */
  readonly part: Shape;
  readonly #hidden: number = 1;

  constructor(part: Shape) {
    this.part = part;
  }

  /** How many. */
  get count(): number {
    return this.#hidden;
  }

  /** Makes one. */
  make(
    by: number,
  ): Shape {
    return this.part;
  }

  #hide(): void {}

  [Symbol.iterator](): void {}
}

/** Words. */
export type Word =
  /** The first. */
  | 'one'
  | 'two';

/** Numbers. */
export const NUMBERS = Object.freeze({
  /** Small. */
  small: 1_000,
  large: Number.POSITIVE_INFINITY,
  inner: { 'a-b': 'c' },
} as const);
`,
);

describe('the reader of sources', () => {
  test('reads the public members of a class', () => {
    const common = { isOptional: false };
    expect(classOf(module, 'Maker')).toEqual({
      name: 'Maker',
      doc: 'Makes things.',
      members: [
        { name: 'part', type: 'Shape', isMethod: false, doc: 'What it is made of.', ...common },
        { name: 'count', type: 'number', isMethod: false, doc: 'How many.', ...common },
        {
          name: 'make',
          type: 'make(by: number): Shape',
          isMethod: true,
          doc: 'Makes one.',
          ...common,
        },
      ],
    });
    expect(() => classOf(module, 'Shape')).toThrow('no class');
  });

  test('reads an interface with what it inherits', () => {
    expect(interfaceOf(module, 'Shape')).toEqual({
      name: 'Shape',
      doc: 'Two lines, one sentence; see `Base`.\n\nAnother paragraph.',
      members: [
        { name: 'size', type: 'number', isMethod: false, isOptional: true, doc: '' },
        {
          name: 'grow',
          type: 'grow(by: number): void',
          isMethod: true,
          isOptional: false,
          doc: 'Does it.',
        },
        { name: 'name', type: 'string', isMethod: false, isOptional: false, doc: 'A name.' },
      ],
    });
  });

  test('reads a union with the comments of its words', () => {
    expect(unionOf(module, 'Word')).toEqual({
      name: 'Word',
      doc: 'Words.',
      alternatives: [
        { name: 'one', doc: 'The first.' },
        { name: 'two', doc: '' },
      ],
    });
  });

  test('reads a table of constants', () => {
    const { rows } = tableOf(module, 'NUMBERS');
    expect(rows.map(({ key, doc }) => [key, doc])).toEqual([
      ['small', 'Small.'],
      ['large', ''],
      ['inner', ''],
    ]);
    expect(literalOf(rows[0]?.value)).toBe(1000);
    expect(literalOf(rows[1]?.value)).toBe(Number.POSITIVE_INFINITY);
    expect(objectRows(rows[2]?.value).map(({ key }: { key: string }) => key)).toEqual(['a-b']);
  });

  test('refuses what is not there', () => {
    expect(() => interfaceOf(module, 'Nothing')).toThrow('example.ts declares no Nothing');
    expect(() => interfaceOf(module, 'Word')).toThrow('Word is no interface');
    expect(() => parseModule('example.ts', 'interface {')).toThrow(SyntaxError);
  });
});

describe('the writer of Markdown', () => {
  test('aligns a table, and keeps a bar in its cell', () => {
    expect(table(['a', 'b'], [['x | y', 'z']])).toBe(
      '| a      | b |\n| ------ | - |\n| x \\| y | z |',
    );
  });

  test('quotes code with backquotes in it', () => {
    expect(code('a`b')).toBe('``a`b``');
  });

  test('links the sections of an RFC', () => {
    expect(withLinks('see RFC 9112 section 6.3.')).toBe(
      'see [RFC 9112 section 6.3](https://www.rfc-editor.org/rfc/rfc9112#section-6.3).',
    );
  });
});
