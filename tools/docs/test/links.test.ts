import { describe, expect, test } from 'vitest';
import { anchorsOf, brokenLink, linksOf, pageFiles, readPage } from '../links.mjs';

describe('the links of every page', () => {
  const files = pageFiles();

  test('lead somewhere', () => {
    const broken = files.flatMap((file) =>
      linksOf(readPage(file)).flatMap(({ target, line }) => {
        const reason = brokenLink(file, target);
        return reason === null ? [] : [`${file}:${line}: ${reason}`];
      }),
    );
    expect(files).toContain('docs/README.md');
    expect(broken).toEqual([]);
  });

  test('reach every page of docs from its index', () => {
    const index = linksOf(readPage('docs/README.md')).map(({ target }) => `docs/${target}`);
    const pages = files.filter((file) => file.startsWith('docs/') && file !== 'docs/README.md');
    expect(pages.filter((file) => !index.includes(file))).toEqual([]);
  });
});

describe('the reader of links', () => {
  const fence = '`'.repeat(3);

  test('finds links outside of code, with their lines', () => {
    const page = `[a](b.md)\n\n${fence}\n[no](no.md)\n${fence}\n\`[no](no)\` and [c](#d)`;
    expect(linksOf(page)).toEqual([
      { target: 'b.md', line: 1 },
      { target: '#d', line: 6 },
    ]);
  });

  test('makes anchors as GitHub does', () => {
    const page = `# Keep-Alive: max=0 leaves «no» request\n${fence}\n# not this\n${fence}\n## A b\n## A b\n`;
    expect(anchorsOf(page)).toEqual(['keep-alive-max0-leaves-no-request', 'a-b', 'a-b-1']);
  });

  test('tells what is broken', () => {
    expect(brokenLink('docs/README.md', 'https://example.com')).toBeNull();
    expect(brokenLink('docs/README.md', '../CONTRIBUTING.md#tests')).toBeNull();
    expect(brokenLink('docs/README.md', 'nowhere.md')).toBe('docs/nowhere.md does not exist');
    expect(brokenLink('docs/README.md', '../CONTRIBUTING.md#nothing')).toBe(
      'CONTRIBUTING.md has no heading #nothing',
    );
  });
});
