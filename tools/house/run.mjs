// The root scripts. Plain JavaScript without dependencies, because it runs before anything is
// installed, on whatever Node the machine has.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const house = join(root, 'tools', 'house');
const stampFile = join(root, 'node_modules', '.holdline-installed');
// The workspace's own Node (an optional dependency on linux-x64) and pnpm come first for the tools.
const binPath = join(root, 'node_modules', '.bin');
const environment = {
  ...process.env,
  PATH: `${binPath}${delimiter}${process.env.PATH ?? ''}`,
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  npm_config_update_notifier: 'false',
};

const [task = '', ...rest] = process.argv.slice(2);

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** The one child that runs now. Signals sent to this process alone are passed on to it. */
let currentChild = null;

/** The exit code that a signal asked for, 0 before: after it nothing new is started. */
let interruptedCode = 0;

// A terminal's Ctrl-C reaches the whole process group, and npm passes it on once more, so a child
// may see it two or three times. What matters here is to stay until the child has ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (currentChild === null) process.exit(128 + signalNumbers[signal]);
    interruptedCode = 128 + signalNumbers[signal];
    currentChild.kill(signal);
  });
}
function fail(message) {
  process.stderr.write(`holdline: ${message}\n`);
  process.exit(1);
}

/** Runs a command to its end and resolves to its exit code, as a shell would report it. */
function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command !== process.execPath;
    const settings = { cwd: root, env: environment, shell, stdio: 'inherit', ...options };
    const child = spawn(command, args, settings);
    currentChild = child;
    // Where a pipe was asked for: quiet, unless it fails.
    const output = [];
    child.stdout?.on('data', (data) => output.push(data));
    child.stderr?.on('data', (data) => output.push(data));
    child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`));
    child.on('close', (code, signal) => {
      currentChild = null;
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 128 + (signalNumbers[signal] ?? 0));
    });
  });
}

/** Runs a tool and ends with its exit code unless that is 0, as some tools say when interrupted. */
async function runOrExit(command, args, options) {
  const code = (await run(command, args, options)) || interruptedCode;
  if (code !== 0) process.exit(code);
}

function turbo(...args) {
  // What leads up to `npm start`'s command is not what its user wants to read.
  const options = task === 'start' ? { stdio: ['ignore', 'pipe', 'pipe'] } : {};
  return runOrExit(join(binPath, 'turbo'), ['run', '--output-logs=errors-only', ...args], options);
}

const tool = (name, args) => {
  const ownNode = join(binPath, 'node');
  return runOrExit(existsSync(ownNode) ? ownNode : process.execPath, [name, ...args]);
};

/** Whether a published Node for this platform is among the workspace's optional dependencies. */
function bringsNode() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}

/** Says in one line what is missing, before anything is downloaded. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = bringsNode() ? [20, 19] : [22, 12];
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  const needed = `${wantedMajor}.${wantedMinor}`;
  fail(`the workspace's tools need Node >= ${needed} here, this is ${process.versions.node}`);
}

/** Everything that the installed tree depends on: when it changes, install again. */
function installFingerprint() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.pnpmfile.mjs']) {
    hash.update(readFileSync(join(root, name))).update('\0');
  }
  return hash.digest('hex');
}

/**
 * Brings the installed tree up to date. The platforms that tarballs are tried on are large, and
 * only the checks need them.
 */
async function install({ withPlatforms }) {
  const fingerprint = installFingerprint();
  const complete = `${fingerprint} with platforms`;
  const installed = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (installed === complete || (installed === fingerprint && !withPlatforms)) return;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const flags = ['--frozen-lockfile', '--reporter=append-only'];
  if (!withPlatforms) flags.push('--filter=!@holdline/tools-platforms');
  // stdout belongs to what was asked for; the installation reports to stderr.
  const options = { stdio: ['ignore', 2, 2] };
  await runOrExit('npx', ['--yes', packageManager, 'install', ...flags], options);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, withPlatforms ? complete : fingerprint);
}

async function start() {
  await turbo('build', '--filter=holdline...');
  const main = join(root, 'packages', 'cli', 'dist', 'main.js');
  if (!existsSync(main)) fail('the build left no packages/cli/dist/main.js');
  // In the caller's folder and environment, as it would be for a user.
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const options = { cwd, env: process.env };
  process.exit(await run(process.execPath, [main, 'serve', ...rest], options));
}

async function test() {
  // Old results must not be counted; those of tasks that did not change come back from the cache.
  for (const folder of ['packages', 'tools'].map((name) => join(root, name))) {
    for (const name of readdirSync(folder)) {
      rmSync(join(folder, name, 'test-results'), { recursive: true, force: true });
    }
  }
  const args = [
    'run',
    'test',
    '--output-logs=errors-only',
    '--continue',
    '--concurrency=2',
    ...rest,
  ];
  const code = await run(join(binPath, 'turbo'), args);
  if (interruptedCode === 0) await tool(join(house, 'tally.mjs'), []);
  process.exit(code);
}

/** `npm run bench -- NAME`: the benchmarks are the scripts in `tools/bench`. */
async function bench() {
  const folder = join(root, 'tools', 'bench');
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  const names = scripts.map((name) => name.slice(0, -'.mjs'.length));
  const [name = '', ...args] = rest;
  if (!names.includes(name)) fail(`which benchmark? npm run bench -- ${names.join('|')}`);
  await turbo('build');
  await tool(join(folder, `${name}.mjs`), args);
}

/** A tool with a `main.mjs` of its own, on what is built now. */
async function runTool(name) {
  await turbo('build');
  await tool(join(root, 'tools', name, 'main.mjs'), rest);
}

const tasks = {
  start,
  test,
  build: () => turbo('build', ...rest),
  interop: () => turbo('interop', ...rest),
  check: async () => {
    await turbo('build');
    await tool(join(house, 'check.mjs'), rest);
  },
  bench,
  fuzz: () => runTool('fuzz'),
  conformance: () => runTool('conformance'),
  exec: () => runOrExit(join(binPath, rest[0] ?? ''), rest.slice(1)),
};

const chosen = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
if (chosen === undefined) fail(`unknown task '${task}'; one of ${Object.keys(tasks).join(', ')}`);
checkNode();
await install({ withPlatforms: task === 'check' });
await chosen();
