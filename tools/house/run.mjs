// The root scripts. Plain JavaScript without dependencies, because it runs before anything is
// installed, on whatever Node the machine has.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const stampFile = join(root, 'node_modules', '.holdline-installed');
const quietEnvironment = {
  ...process.env,
  DO_NOT_TRACK: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  npm_config_update_notifier: 'false',
};
// The workspace's own Node (an optional dependency of linux-x64) runs the tools where it exists.
const binPath = join(root, 'node_modules', '.bin');
quietEnvironment.PATH = `${binPath}:${process.env.PATH ?? ''}`;

const [task = 'help', ...rest] = process.argv.slice(2);

/** Everything the installed tree depends on, as one string: when it changes, install again. */
function installFingerprint() {
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
  return files.map((name) => readFileSync(join(root, name), 'utf8')).join('\0');
}

function fail(message) {
  process.stderr.write(`holdline: ${message}\n`);
  process.exit(1);
}

/** Runs a command to its end; its output goes to stderr for `start`, so stdout stays the command's. */
function runOrExit(command, args) {
  const output = task === 'start' ? ['ignore', 2, 2] : 'inherit';
  const result = spawnSync(command, args, { cwd: root, env: quietEnvironment, stdio: output });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function install() {
  const wanted = installFingerprint();
  const done = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (done !== wanted) {
    const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager;
    runOrExit('npx', ['--yes', version, 'install', '--frozen-lockfile', '--reporter=append-only']);
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, wanted);
  }
  checkToolNode();
}

/** Where the workspace brings no Node of its own, the machine's must be new enough for the tools. */
function checkToolNode() {
  if (existsSync(join(binPath, 'node'))) return;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) return;
  fail(`the workspace's tools need Node >= 22.12 here, this is ${process.versions.node}`);
}

function toolNode() {
  const own = join(binPath, 'node');
  return existsSync(own) ? own : process.execPath;
}

function turbo(...args) {
  runOrExit(join(binPath, 'turbo'), ['run', '--output-logs=errors-only', ...args]);
}

/** The newest change below a folder: lets `npm start` skip the build when nothing changed. */
function start() {
  turbo('build', '--filter=holdline...');
  const main = join(root, 'packages', 'cli', 'dist', 'main.js');
  if (!statSync(main, { throwIfNoEntry: false })) fail('the build left no packages/cli/dist/main.js');
  // The machine's own Node runs the command, as it would for a user. A terminal's Ctrl-C reaches
  // the child directly; a signal sent to this process alone is passed on.
  const child = spawn(process.execPath, [main, 'serve', ...rest], {
    stdio: 'inherit',
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

install();
switch (task) {
  case 'start':
    start();
    break;
  case 'build':
    turbo('build', ...rest);
    break;
  case 'test':
    turbo('test', ...rest);
    runOrExit(toolNode(), [join(root, 'tools', 'house', 'tally.mjs')]);
    break;
  case 'check':
    turbo('build');
    runOrExit(toolNode(), [join(root, 'tools', 'house', 'check.mjs'), ...rest]);
    break;
  case 'bench':
  case 'fuzz':
    turbo('build');
    runOrExit(toolNode(), [join(root, 'tools', task, 'main.mjs'), ...rest]);
    break;
  case 'exec':
    runOrExit(join(binPath, rest[0] ?? ''), rest.slice(1));
    break;
  default:
    fail(`unknown task '${task}'; try start, test, build, check, bench, fuzz or exec`);
}
