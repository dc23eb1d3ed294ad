// What the command makes of texts that strangers write: which names a target can mean, whichever the
// platform, and what is shown of it.
import { join, posix, win32 } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bytesOf, printBlock } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';

const dist = join(import.meta.dirname, '../../../packages/cli/dist');
const EDGES_AT_FIRST = 2_000;
const EDGES_PER_BYTE = 40;
const PLATFORMS = { linux: posix, win32 };
const ROOTS = { linux: '/srv/www', win32: 'C:\\srv\\www' };

const SEEDS = [
  '/',
  '/a/b.txt',
  '/a%20b/?q=/../x',
  'http://a.example/%2e%2e/x',
  '/a/..%2f%5c',
  '/\\x',
]
  .concat([
    '/a//b',
    '/.git/config',
    '/con.txt',
    '/GIT~1',
    '/a%00',
    '/%E2%80%AE',
    '/a.',
    '/c:',
    '/%',
  ])
  .concat(['/<b>"\'&', '\x1b[2J', 'http://a?b/c']);
const WORDS = [
  '/',
  '..',
  '.',
  '%2e',
  '%2f',
  '%5c',
  '\\',
  '%00',
  '%25',
  '%',
  '?',
  'http://',
  ':',
].concat(['aux', '.txt', '~1', ' ', '%20', '%c3%a9', '%ff', '"', '<', '&', '\n', '\x1b', '\x85']);

function require(condition, what) {
  if (!condition) throw new Error(what);
}

/** However a platform joins and resolves them, plain names stay where they are. */
function checkNames(names, platform) {
  const { resolve, sep } = PLATFORMS[platform];
  const root = ROOTS[platform];
  require(resolve(root, ...names) === [root, ...names].join(sep), 'names that are not plain');
  // One after the other as well, as folders are opened.
  let folder = root;
  for (const name of names) {
    const next = resolve(folder, name);
    require(next === folder + sep + name, 'a name that leads elsewhere');
    require(!name.startsWith('.'), 'a hidden name');
    folder = next;
  }
}

function checkPath({ parsePath, pathOfTarget, isServedName }, target, platform) {
  const path = pathOfTarget(target);
  require(!path.includes('?'), 'a query is taken for a path');
  require(path.startsWith('/'), 'a path that does not begin with a slash');
  const parsed = parsePath(path, platform);
  if ('status' in parsed) return;
  const { names, isFolder } = parsed;
  checkNames(names, platform);
  for (const name of names) {
    // What is not listed for its replacement characters may still be asked for.
    const isListed = isServedName(name, platform) || name.includes('\ufffd');
    require(isListed, 'a name that can be asked for and is not listed');
  }
  const again = `/${names.map(encodeURIComponent).join('/')}${isFolder && names.length > 0 ? '/' : ''}`;
  const other = parsePath(again, platform);
  require(!('status' in other) &&
    other.names.join('/') === names.join('/'), 'names that do not come back');
}

/** The inverse of `escapePeerText`. */
function unescaped(text) {
  return text.replace(/\\(?:x([0-9a-f]{2})|u\{([0-9a-f]+)\}|(["\\]))/g, (_, byte, code, quoting) =>
    quoting === undefined ? String.fromCodePoint(Number.parseInt(byte ?? code, 16)) : quoting,
  );
}

function checkShown(modules, text) {
  const logged = modules.escapePeerText(text);
  require(/^[ -~]*$/.test(logged), 'a log line with more than printable ASCII');
  require(unescaped(logged) === text, 'a log line from which the text does not come back');
  require(!/(?<!\\)(?:\\\\)*"/.test(logged), 'a log line with a quote of its own');
  for (const page of [modules.escapeHtml(text), modules.escapePeerHtml(text)]) {
    require(!/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/.test(page), 'a text that becomes HTML');
    require(!/[\p{C}\p{Zl}\p{Zp}]/u.test(page), 'a text with what cannot be seen');
  }
}

export default {
  name: 'cli-paths',
  headerBytes: 0,
  smokeExecutions: 8_000,
  async load(instrument) {
    const folder = await instrument(dist);
    const load = (name) => import(pathToFileURL(join(folder, name)));
    const modules = { ...(await load('safe-path.js')), ...(await load('escape.js')) };
    return {
      seeds: SEEDS.map(bytesOf),
      tokens: WORDS.map(bytesOf),
      execute(input) {
        coverage.limit(EDGES_AT_FIRST + EDGES_PER_BYTE * input.length, Number.POSITIVE_INFINITY);
        const text = String.fromCharCode(...input);
        for (const platform of Object.keys(PLATFORMS)) checkPath(modules, text, platform);
        checkShown(modules, text);
        checkShown(modules, new TextDecoder().decode(input));
      },
      describe: (input) => printBlock(input).map((line) => `    ${line}`),
    };
  },
};
