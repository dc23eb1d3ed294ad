// A browser that people use, and the command as they start it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';

const executablePath = process.env['HOLDLINE_CHROMIUM'] ?? '/usr/bin/chromium';
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const command = fileURLToPath(
  new URL('dist/main.js', import.meta.resolve('holdline/package.json')),
);

/** Where screenshots go. */
export const results: string = fileURLToPath(new URL('../../test-results/', import.meta.url));

const children: Set<ChildProcess> = new Set();
let launched: Browser | undefined;

/** Has a browser for the tests of a file, which are skipped where there is none. */
export function useChromium(): void {
  beforeAll(async () => {
    if (!existsSync(executablePath)) return;
    launched = await chromium.launch({ executablePath, args: flags });
  });
  beforeEach((context) => {
    context.skip(launched === undefined, `needs Chromium at ${executablePath}`);
  });
  afterAll(async () => {
    await launched?.close();
    for (const child of children) child.kill('SIGKILL');
  });
}

/** The command, serving. */
export interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed. */
  log(): string;
  /** Its exit code, once it has ended by itself. */
  readonly exit: Promise<number | null>;
}

/** Starts the command, at a free port unless `args` say another. */
export async function serve(...args: string[]): Promise<Served> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const child = spawn(process.execPath, [command, 'serve', ...port, ...args]);
  children.add(child);
  const exit = once(child, 'exit').then(([code]) => {
    children.delete(child);
    return code as number | null;
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.on('close', () => reject(new Error(`the command ended: ${output}`)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /^holdline serving .* at (\S+)\n/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, child, log: () => output, exit };
}

/** A page that remembers what it complained about. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
}

/** Another person's browser, as far as cookies and connections go. */
export async function openContext(
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<BrowserContext> {
  return (launched as Browser).newContext({ viewport: { width: 1100, height: 1000 }, ...options });
}

/** A page, in a browser of its own unless there is one. */
export async function openPage(context?: BrowserContext): Promise<WatchedPage> {
  const page = await (context ?? (await openContext())).newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  return { page, complaints };
}
