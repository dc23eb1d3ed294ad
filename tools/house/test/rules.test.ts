import { describe, expect, test } from 'vitest';
import { undocumentedExportFindings } from '../tidy/exports.ts';
import {
  codesIn,
  faultTable,
  uncitedFaultFindings,
  unlistedFaultFindings,
} from '../tidy/faults.ts';
import { importDirectionFindings } from '../tidy/imports.ts';
import { fileSizeFindings, functionLinesMax, functionSizeFindings } from '../tidy/sizes.ts';
import { type Finding, parseSource } from '../tidy/source.ts';
import { textFindings } from '../tidy/texts.ts';
import { forbiddenWordFindings, textDecoderFindings } from '../tidy/words.ts';

// The linter is tested with a bad sample for each rule, and a good one that looks alike.

const file = 'packages/sample/src/sample.ts';
const sample = (text: string) => parseSource(file, text);
const lines = (findings: readonly Finding[]): number[] => findings.map(({ line }) => line);
const messages = (findings: readonly Finding[]): string[] => findings.map(({ message }) => message);

describe('forbidden words', () => {
  test.each([
    'export const now = Date.now();',
    'export const wait = new Promise(() => {});',
    'export const start = performance.now();',
    'setTimeout(() => {}, 1);',
    'export const data = Buffer.alloc(1);',
    'process.exit();',
    'console.log(1);',
    'export async function f() {}',
    'export const f = async () => { await 1; };',
    'enum Color { Red }',
    `export const text = \`\${Date.now()}\`;`,
    'export const now = globalThis.performance;',
    "import { connect } from 'node:net';",
    "export type Socket = import('node:net').Socket;",
    "export const net = import('node:net');",
  ])('are found: %s', (text) => {
    expect(forbiddenWordFindings(sample(`\n${text}\n`))).not.toEqual([]);
    expect(new Set(lines(forbiddenWordFindings(sample(`\n${text}\n`))))).toEqual(new Set([2]));
  });

  test.each([
    '// A Date is no Instant, and no Promise is made.',
    '/* process, console */ export const a = 1;',
    "export const name = 'Date';",
    `export const text = \`Date: \${1} await\`;`,
    'export const pattern = /Date|Promise/;',
    'export const processed = 1; export const dateText = 2; export const Dates = 3;',
    'export const f = (fields) => fields.Date;',
  ])('are no longer words of code in: %s', (text) => {
    expect(forbiddenWordFindings(sample(text))).toEqual([]);
  });
});

describe('text decoders', () => {
  test.each(['latin1', 'Windows-1252', 'ascii', 'utf-16le'])('of %s are found', (label) => {
    const text = `export const decoder = new TextDecoder('${label}');`;
    expect(messages(textDecoderFindings(sample(text)))).toEqual([
      `a TextDecoder for '${label.toLowerCase()}'`,
    ]);
  });

  test('of UTF-8 may be', () => {
    const text = "new TextDecoder(); new TextDecoder('utf-8'); new TextEncoder();";
    expect(textDecoderFindings(sample(text))).toEqual([]);
  });
});

describe('sizes', () => {
  test('a file of one line too many is found, a full one is not', () => {
    expect(fileSizeFindings(sample('f();\n'.repeat(11)), 10)).toHaveLength(1);
    expect(fileSizeFindings(sample('f();\n'.repeat(10)), 10)).toEqual([]);
  });

  const body = (count: number): string => `{\n${'f();\n'.repeat(count - 2)}}`;

  test.each([
    ['a function', (text: string) => `function long() ${text}`],
    ['an arrow function', (text: string) => `const long = () => ${text};`],
    ['a method', (text: string) => `class Long { long() ${text} }`],
    ['an inner function', (text: string) => `function outer() { return function () ${text}; }`],
  ])('%s of one line too many is found, a full one is not', (_, wrap) => {
    expect(functionSizeFindings(sample(wrap(body(functionLinesMax + 1))))).not.toEqual([]);
    expect(functionSizeFindings(sample(wrap(body(functionLinesMax))))).toEqual([]);
  });
});

describe('imports', () => {
  const pure = { isPure: true, allowed: [] };
  const platform = { isPure: false, allowed: ['@holdline/http1'] };
  const fault = (specifier: string, rules: typeof platform | typeof pure): string[] =>
    messages(importDirectionFindings(sample(`import { a } from '${specifier}';`), rules));

  test.each(['@holdline/timer-wheel', 'fast-check', 'node:net', '../../net/src/a.ts', './a'])(
    'of %s by a pure package is found',
    (specifier) => {
      expect(fault(specifier, pure)).toHaveLength(1);
    },
  );

  test.each(['@holdline/websocket', 'undici', '../../http1/src/index.ts'])(
    'of %s by a package that does not depend on it is found',
    (specifier) => {
      expect(fault(specifier, platform)).toHaveLength(1);
    },
  );

  test('downwards may be', () => {
    expect(fault('./bytes/assert.ts', pure)).toEqual([]);
    expect(fault('@holdline/http1/server', platform)).toEqual([]);
    expect(fault('node:net', platform)).toEqual([]);
  });

  test('are found in every form', () => {
    const text = `
      export { a } from '@holdline/b';
      export * from '@holdline/b';
      export type B = import('@holdline/b').B;
      export const b = import('@holdline/b');
      import type { C } from '@holdline/b';`;
    expect(lines(importDirectionFindings(sample(text), pure))).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('documented exports', () => {
  const found = (text: string, others: Record<string, string> = {}): string[] =>
    messages(
      undocumentedExportFindings(sample(text), (name) => {
        const other = others[name.slice('packages/sample/src/'.length)];
        return other === undefined ? null : parseSource(name, other);
      }),
    );

  test('an export without a docstring is found', () => {
    expect(found('export const a = 1;')).toEqual(["export 'a' without a docstring"]);
    expect(found('// No docstring.\nexport function f() {}')).toHaveLength(1);
    expect(found('/** Of something else. */\nconst b = 1;\nexport type A = 1;')).toHaveLength(1);
  });

  test('it is found behind what passes it on', () => {
    const others = {
      'b.ts': 'export const b = 1; export const c = 2;',
      'c.ts': 'export { b as d } from "./b.ts"',
    };
    expect(found("export { b } from './b.ts';", others)).toEqual([
      "export 'b' without a docstring",
    ]);
    expect(found("export * from './b.ts';", others)).toHaveLength(2);
    expect(found("export * from './c.ts';", others)).toEqual(["export 'b' without a docstring"]);
    expect(found('const e = 1;\nexport { e };')).toEqual(["export 'e' without a docstring"]);
  });

  test('so are public members of a class and options', () => {
    const text = `
      /** A class. */
      export class A { constructor() {} #b = 1; private c = 2; d(): void {} }
      /** Options. */
      export interface AOptions { readonly idleMs: number }`;
    expect(found(text)).toEqual([
      "'A.d' without a docstring",
      "'AOptions.idleMs' without a docstring",
    ]);
  });

  test('but not what an interface documents', () => {
    const others = { 'b.ts': 'export interface B { b(): void }' };
    const text = `
      import type { B as Shape } from './b.ts';
      interface C { c(): void }
      /** A class. */
      export class A implements Shape, C { b(): void {} c(): void {} d(): void {} }`;
    expect(found(text, others)).toEqual(["'A.d' without a docstring"]);
  });

  test('a documented export is not', () => {
    expect(found('/** A number. */\nexport const a = 1;')).toEqual([]);
    expect(
      found("export { b } from './b.ts';", { 'b.ts': '/** B. */\nexport const b = 1;' }),
    ).toEqual([]);
  });

  test('an export from nowhere is an error', () => {
    expect(() => found("export * from './b.ts';")).toThrow('which is not there');
  });
});

describe('faults', () => {
  const table = faultTable({
    faults: {
      SAMPLE_GOOD: { section: 'RFC 9112 section 6.3' },
      SAMPLE_VAGUE: { section: 'RFC 9112' },
      SAMPLE_NONE: {},
    },
    somethingElse: { lower: 1 },
  });

  test('without a section of an RFC are found', () => {
    expect(messages(uncitedFaultFindings(file, table))).toEqual([
      'SAMPLE_VAGUE cites no section of an RFC',
      'SAMPLE_NONE cites no section of an RFC',
    ]);
  });

  test('that the package does not list are found', () => {
    const listing = sample("export type Local = 'SAMPLE_LOCAL';");
    const listed = new Set([...table.keys(), ...codesIn(listing)]);
    const text =
      "fail('SAMPLE_GOOD'); fail('SAMPLE_LOCAL');\nfail('SAMPLE_TYPO'); say('OTHER_CODE');";
    expect(messages(unlistedFaultFindings(sample(text), listed))).toEqual([
      'SAMPLE_TYPO is not listed among the faults',
    ]);
  });
});

describe('texts', () => {
  test.each([
    '/home' + '/ada/code/x',
    '/Users' + '/ada/code',
    '/root' + '/code/x',
    'C:' + '\\Users\\ada',
  ])('the path %s of a machine is found', (path) => {
    expect(textFindings('a.md', `see\n${path}`)).toMatchObject([{ line: 2 }]);
  });

  test.each(['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX'])('the mark %s is found', (mark) => {
    expect(textFindings('a.ts', `f(); // ${mark}: later`)).toHaveLength(1);
  });

  test('what looks alike is not', () => {
    const text = 'https://a.example/home/ada/code, a /home page, `TODOs`'.replace(
      'TODOs',
      'TO' + 'DOs',
    );
    expect(textFindings('a.md', text)).toEqual([]);
  });
});
