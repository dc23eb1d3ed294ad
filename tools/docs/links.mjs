// The links of the documentation, and the headings that they may point to.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from './source.mjs';

/** Every page that people read, relative to the workspace; case files are pages, too. */
export function pageFiles(folder = '') {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
    const isForeign = entry.name === 'node_modules' || entry.name.startsWith('.');
    if (isForeign || ['dist', 'coverage', 'test-results'].includes(entry.name)) continue;
    if (entry.isDirectory()) found.push(...pageFiles(file));
    else if (file.endsWith('.md')) found.push(file);
  }
  return found.sort();
}

/** The text of a page. */
export function readPage(file) {
  return readFileSync(join(root, file), 'utf8');
}

/** The targets of a page's links, outside of code, with the line of each. */
export function linksOf(text) {
  const prose = withoutCode(text);
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map((match) => ({
    target: match[1],
    line: prose.slice(0, match.index).split('\n').length,
  }));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text) {
  const counts = new Map();
  return [...withoutBlocks(text).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) => {
    const anchor = anchorOf(heading);
    const count = counts.get(anchor) ?? 0;
    counts.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

/** Why a link leads nowhere, or null. Links to other sites are not followed. */
export function brokenLink(file, target) {
  if (/^[a-z]+:/.test(target)) return null;
  const [path = '', anchor] = target.split('#');
  const page = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(root, page))) return `${page} does not exist`;
  if (anchor === undefined) return null;
  if (statSync(join(root, page)).isDirectory()) return `${page} is a folder`;
  return anchorsOf(readPage(page)).includes(anchor) ? null : `${page} has no heading #${anchor}`;
}

function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Blanked, so that lines keep their numbers. */
function withoutBlocks(text) {
  return text.replace(/^(`{3,})[^\n]*\n.*?^\1$/gms, (block) => block.replace(/[^\n]/g, ''));
}

function withoutCode(text) {
  return withoutBlocks(text).replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, (span) =>
    span.replace(/[^\n]/g, '.'),
  );
}
