import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { transformSync } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Snippet, snippetsOf } from '../tidy/snippets.ts';
import { filesBelow, readText } from '../tidy/workspace-files.ts';
import { root } from '../workspace.mjs';

// The examples of every README and page are compiled and executed. They lie in a folder of this
// package, where all workspace packages resolve, because it lists them as dependencies.
const folder = join(root, 'tools', 'house', '.snippets');

const snippets = filesBelow('')
  .filter((file) => file.endsWith('.md') && !/\/test\/|^\.changeset\//.test(file))
  .flatMap((file) => snippetsOf(file, readText(file)));

const fileNameOf = (snippet: Snippet): string =>
  `${snippet.file.replace(/\.md$/, '').replaceAll('/', '-')}-${snippet.line}.${snippet.language}`;

function writeSnippets(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const snippet of snippets) {
    // Makes every snippet a module of its own.
    const code = `${snippet.code}\nexport {};\n`;
    writeFileSync(join(folder, fileNameOf(snippet)), code);
    const { code: runnable } = transformSync(code, { loader: 'ts', format: 'esm' });
    writeFileSync(join(folder, `${fileNameOf(snippet)}.mjs`), runnable);
  }
  const tsconfig = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      isolatedDeclarations: false,
      rewriteRelativeImportExtensions: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      allowJs: true,
      types: ['node'],
      lib: ['es2023'],
      skipLibCheck: true,
    },
    files: ['empty.ts', ...snippets.map(fileNameOf)],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  // So that there is something to compile before the first page has an example.
  writeFileSync(join(folder, 'empty.ts'), 'export {};\n');
}

describe('the examples in the documentation', () => {
  beforeAll(writeSnippets);

  test('compile', () => {
    const compiler = join(root, 'node_modules', '.bin', 'tsc');
    const result = spawnSync(compiler, ['-p', folder], { cwd: folder, encoding: 'utf8' });
    expect(result.stdout + result.stderr).toBe('');
    expect(result.status).toBe(0);
  });

  for (const snippet of snippets.filter(({ runs }) => runs)) {
    test(`${snippet.file}:${snippet.line} runs to its end`, () => {
      const file = join(folder, `${fileNameOf(snippet)}.mjs`);
      const result = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 30_000 });
      expect(result.stderr).toBe('');
      expect(result.status).toBe(0);
    });
  }
});

describe('the reader of snippets', () => {
  const fence = '`'.repeat(3);

  test('finds the code, the language and the line', () => {
    const page = `# A page\n\n${fence}ts\nlet a = 1;\n${fence}\n\n${fence}sh\nls\n${fence}\n`;
    expect(snippetsOf('a.md', page)).toEqual([
      { file: 'a.md', line: 3, language: 'ts', runs: true, code: 'let a = 1;\n' },
    ]);
  });

  test('joins what continues, and obeys no-run', () => {
    const page = `${fence}js\nf();\n${fence}\n${fence}js continued no-run\ng();\n${fence}\n`;
    expect(snippetsOf('a.md', page)).toEqual([
      { file: 'a.md', line: 1, language: 'js', runs: false, code: 'f();\n\ng();\n' },
    ]);
  });

  test('refuses a tag that it does not know', () => {
    expect(() => snippetsOf('a.md', `${fence}ts norun\n${fence}\n`)).toThrow(
      "a.md:1: unknown tag 'norun'",
    );
  });
});
