// The packed tarballs of the pure packages in a browser: their files are served as they are, an import
// map finds them by name, and a page runs the same sample as every other runtime.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, normalize } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { entriesOf, root } from '../workspace.mjs';
import { consumerFolder } from './pack.mjs';
import { judge, taskOf } from './packed-task.mjs';

const executablePath = process.env.HOLDLINE_CHROMIUM ?? '/usr/bin/chromium';

/** No sandbox, because root has none; nothing that talks to the outside. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const timeoutMs = 240_000;

/** The entries that need no platform: all but those that are named after one. */
const portableEntriesOf = (manifest) => entriesOf(manifest).filter(({ name }) => name !== 'node');

/** What a package's tests need in a browser besides: `test/browser.ts`, bundled. */
const supportOf = (name) => join(root, 'packages', name, 'test', 'browser.ts');

/**
 * Where names lead: to the tarballs' own files, by their manifests' `exports`, to fast-check, and by
 * `browser-support/NAME` to what a package's tests need besides.
 */
function importMapOf(packed) {
  const imports = { 'fast-check': '/fast-check.js' };
  for (const { name, manifest } of packed) {
    if (existsSync(supportOf(name))) imports[`browser-support/${name}`] = `/support/${name}.js`;
    for (const { specifier, source } of portableEntriesOf(manifest)) {
      const built = source.replace(/^src\//, 'dist/').replace(/\.ts$/, '.js');
      imports[specifier] = `/consumer/node_modules/${manifest.name}/${built}`;
    }
  }
  return { imports };
}

/** A module with all that it imports, as one text. */
async function bundle(source) {
  const settings = { bundle: true, format: 'esm', platform: 'browser', write: false };
  const { outputFiles } = await build({ ...source, ...settings, logLevel: 'silent' });
  return outputFiles[0].text;
}

/** What is made for the page alone, by path. */
async function madeFiles(packed) {
  const contents = `export { default } from 'fast-check';`;
  const made = new Map([
    ['/fast-check.js', await bundle({ stdin: { contents, resolveDir: root } })],
  ]);
  for (const { name } of packed.filter((one) => existsSync(supportOf(one.name)))) {
    made.set(`/support/${name}.js`, await bundle({ entryPoints: [supportOf(name)] }));
  }
  return made;
}

/** The file that a path stands for: one of the consumer's, or a test's. Modules only. */
function fileOf(path) {
  const [, top, rest = ''] =
    /^\/(consumer|packages|tools)(\/.*\.m?js)$/.exec(normalize(path)) ?? [];
  if (top === undefined) return null;
  const file = top === 'consumer' ? join(consumerFolder, rest) : join(root, top, rest);
  return existsSync(file) ? file : null;
}

/** Serves the page and the modules to this machine alone. */
async function servePage(packed) {
  const made = await madeFiles(packed);
  const importMap = JSON.stringify(importMapOf(packed));
  const page = `<!doctype html><script type="importmap">${importMap}</script>
    <script type="module" src="/tools/house/checks/page.mjs"></script>`;
  const server = createServer(({ url = '' }, response) => {
    const send = (type, content) => {
      response.setHeader('Content-Type', `${type}; charset=utf-8`);
      response.end(content);
    };
    const file = fileOf(url);
    if (url === '/') send('text/html', page);
    else if (made.has(url)) send('text/javascript', made.get(url));
    else if (file !== null) send('text/javascript', readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs one package in a page of its own and resolves to its counts. */
async function runPacked(browser, origin, one) {
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  await page.goto(`${origin}/`);
  const tests = `${origin}/packages/${one.name}/test/packed.mjs`;
  const task = { ...taskOf(one, []), entries: portableEntriesOf(one.manifest), tests };
  let timer;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing after ${timeoutMs} ms`)), timeoutMs);
  });
  const counts = await Promise.race([
    page.evaluate((given) => globalThis.runPacked(given), task),
    timeout,
  ]);
  clearTimeout(timer);
  counts.failed += complaints.length;
  counts.failures.push(...complaints);
  return judge(one, 'Chromium', counts);
}

/** Starts the browser, runs one package, and ends it. */
async function runInBrowser(packed, one) {
  const server = await servePage(packed);
  const browser = await chromium.launch({ executablePath, args: flags });
  try {
    const counts = await runPacked(browser, `http://127.0.0.1:${server.address().port}`, one);
    return { ...counts, detail: `${counts.detail}, version ${browser.version()}` };
  } finally {
    await browser.close();
    server.close();
  }
}

/** One check per package. */
export function chromiumChecks(packed) {
  const skipped = `needs Chromium at ${executablePath}`;
  return packed.map((one) => ({
    name: `packed ${one.name} in Chromium`,
    sideBySide: true,
    run: async () => (existsSync(executablePath) ? runInBrowser(packed, one) : { skipped }),
  }));
}
