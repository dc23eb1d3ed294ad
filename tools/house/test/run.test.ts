// The root scripts, in a workspace of their own where what they start only writes down that it was
// started, and how it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../workspace.mjs';

let folder: string;
let running: ChildProcess[] = [];

/**
 * What stands for turbo, npx and the command: writes its name and arguments, stays if the environment
 * says so, and ends as turbo does: with 0 even when interrupted.
 */
const stub = (name: string): string => `#!/usr/bin/env node
const { appendFileSync } = process.getBuiltinModule('node:fs');
const write = (line) => appendFileSync(process.env.STUB_LOG, line + '\\n');
write(['${name}', ...process.argv.slice(2)].join(' '));
if (process.env.STUB_STAYS === '${name}') {
  const guard = setTimeout(() => {}, 60_000);
  process.on('SIGINT', () => {
    // Not at once: whoever started it has to wait.
    setTimeout(() => {
      write('${name} interrupted');
      process.exit(0);
    }, 100);
  });
  write('${name} stays');
} else {
  process.exit(Number(process.env.STUB_FAILS === '${name}' ? 3 : 0));
}
`;

function write(name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-house-'));
  write('package.json', '{ "packageManager": "pnpm@1.2.3" }');
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.mjs']) write(name, name);
  write('bin/npx', stub('npx'));
  write('node_modules/.bin/turbo', stub('turbo'));
  write('packages/cli/dist/main.js', stub('serving'));
  write('tools/house/run.mjs', '');
  copyFileSync(join(root, 'tools/house/run.mjs'), join(folder, 'tools/house/run.mjs'));
});

afterEach(() => {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended, as it should.
    }
  }
  running = [];
  rmSync(folder, { recursive: true });
});

const logFile = (): string => join(folder, 'log');
const log = (): string[] =>
  existsSync(logFile()) ? readFileSync(logFile(), 'utf8').trimEnd().split('\n') : [];

/** Starts a root script at the head of a process group, as a terminal would. */
function start(args: readonly string[], stubs: NodeJS.ProcessEnv = {}) {
  const { INIT_CWD, ...inherited } = process.env;
  const environment = { ...inherited, PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  const child = spawn(process.execPath, [join(folder, 'tools/house/run.mjs'), ...args], {
    cwd: folder,
    detached: true,
    env: { ...environment, STUB_LOG: logFile(), ...stubs },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const end = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on('close', (code) => {
      // Whatever is written behind this was not waited for.
      appendFileSync(logFile(), `ended ${code}\n`);
      resolve({ code, stderr });
    });
  });
  return { child, end };
}

async function logged(line: string): Promise<void> {
  while (!log().includes(line)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Ctrl-C: the terminal signals the whole group. */
const interruptGroup = ({ pid }: ChildProcess): void => void process.kill(-Number(pid), 'SIGINT');
/** As a supervisor does: the script alone. */
const interruptOne = ({ pid }: ChildProcess): void => void process.kill(Number(pid), 'SIGINT');

const INSTALL = 'npx --yes pnpm@1.2.3 install --frozen-lockfile --reporter=append-only';
const WITHOUT_PLATFORMS = ' --filter=!@holdline/tools-platforms';
const BUILD = 'turbo run --output-logs=errors-only build';

describe('the installation', () => {
  test('comes first, and only when something has changed', async () => {
    await start(['build', '--force']).end;
    await start(['build']).end;
    write('pnpm-lock.yaml', 'changed');
    await start(['build']).end;
    expect(log()).toEqual([
      `${INSTALL}${WITHOUT_PLATFORMS}`,
      `${BUILD} --force`,
      'ended 0',
      BUILD,
      'ended 0',
      `${INSTALL}${WITHOUT_PLATFORMS}`,
      BUILD,
      'ended 0',
    ]);
  });

  test('brings the platforms for the checks, and keeps them', async () => {
    write('tools/house/check.mjs', stub('check'));
    await start(['check', 'size']).end;
    await start(['build']).end;
    expect(log().slice(0, 4)).toEqual([INSTALL, BUILD, 'check size', 'ended 0']);
    expect(log().filter((line) => line.startsWith('npx'))).toHaveLength(1);
  });

  test('is tried again when it failed', async () => {
    expect(await start(['build'], { STUB_FAILS: 'npx' }).end).toMatchObject({ code: 3 });
    await start(['build']).end;
    expect(log().filter((line) => line.startsWith('npx'))).toHaveLength(2);
  });
});

describe('a task', () => {
  test('that is unknown is one line and exit code 1', async () => {
    expect(await start(['fly']).end).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^holdline: unknown task 'fly'; one of start, .*\n$/),
    });
    expect(log()).toEqual(['ended 1']);
  });

  test('ends with the exit code of what failed, and starts nothing behind it', async () => {
    expect(await start(['start'], { STUB_FAILS: 'turbo' }).end).toMatchObject({ code: 3 });
    expect(log().join()).not.toContain('serving');
  });
});

describe.each([
  ['Ctrl-C', interruptGroup],
  ['SIGINT for the script alone', interruptOne],
])('%s', (_title, interrupt) => {
  test('during a build is waited for, and nothing is started behind it', async () => {
    const { child, end } = start(['start'], { STUB_STAYS: 'turbo' });
    await logged('turbo stays');
    interrupt(child);
    // Turbo says 0, and yet it was interrupted.
    expect(await end).toMatchObject({ code: 130 });
    expect(log().slice(-2)).toEqual(['turbo interrupted', 'ended 130']);
    expect(log().join()).not.toContain('serving');
  });

  test("while serving is the command's, whose exit code counts", async () => {
    const { child, end } = start(['start', '--port', '0'], { STUB_STAYS: 'serving' });
    await logged('serving stays');
    interrupt(child);
    expect(await end).toMatchObject({ code: 0 });
    expect(log().slice(-4)).toEqual([
      'serving serve --port 0',
      'serving stays',
      'serving interrupted',
      'ended 0',
    ]);
  });
});
