// WebSockets against `ws`, websocket-driver, Bun and bare sockets, and against what they are meant to
// reach: `node tools/bench/websocket.mjs [--quick] [codec] [echo] [idle]`, after a build. Masking by
// itself is in websocket-mask.mjs.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { findBun, machine, median, medianRatio, print, runtimes } from './report.mjs';
import { runEchoes } from './websocket/echo.mjs';
import { ECHO_CASES } from './websocket/echo-cases.mjs';
import { goalRows } from './websocket/goals.mjs';
import { COMPRESSED, PLAIN, runCompressedIdle, runIdle } from './websocket/idle.mjs';

const codecFile = fileURLToPath(new URL('./websocket/codec-process.mjs', import.meta.url));
const PARTS = ['codec', 'echo', 'idle'];
/** Modes of the codec's process: what is compared, and whether `ws` may use its native addon. */
const MODES = [
  { mode: 'native', label: 'ws with bufferutil' },
  { mode: 'plain', label: 'nobody with an addon', withoutAddon: true },
  { mode: 'injected', label: 'both with bufferutil' },
  { mode: 'functions', label: 'free functions alone, ws with bufferutil' },
  { mode: 'serverWrites', label: 'writing' },
  { mode: 'clientWrites', label: 'writing, masked' },
  { mode: 'serverFrames', label: 'a frame alone' },
  { mode: 'clientFrames', label: 'a frame alone, masked' },
];

/** What the rounds of one case say, by subject. */
class Rounds {
  constructor(values) {
    this.values = values;
  }

  median(key) {
    return median(this.values[key]);
  }

  /** How many times the figure of `to` that of `key` is. */
  ratio(key, to) {
    return medianRatio(this.values[key], this.values[to]);
  }
}

function runCodec(command, { mode, withoutAddon = false }, rounds) {
  const env = { ...process.env, ...(withoutAddon && { WS_NO_BUFFER_UTIL: '1' }) };
  if (!withoutAddon) delete env.WS_NO_BUFFER_UTIL;
  const child = spawnSync(command, [codecFile, mode, String(rounds)], {
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`measuring ${mode} failed`);
  const { results } = JSON.parse(child.stdout);
  return Object.fromEntries(
    Object.entries(results).map(([key, values]) => [key, new Rounds(values)]),
  );
}

/** Each mode in a process of its own, on each runtime. */
function measureCodec({ name, command }, rounds) {
  const codec = {};
  for (const each of MODES) {
    codec[each.mode] = runCodec(command, each, rounds);
    const cases = Object.entries(codec[each.mode]);
    const subjects = Object.keys(cases[0][1].values);
    const rows = [[`ns per message, ${each.label}, ${name}`, ...subjects]];
    for (const [key, of] of cases) {
      const cells = subjects.map((subject) => {
        const figure = of.median(subject).toFixed(0);
        return subject === 'ours' ? figure : `${figure} (${of.ratio(subject, 'ours').toFixed(2)}x)`;
      });
      rows.push([key, ...cells]);
    }
    print(rows);
  }
  return codec;
}

async function measureEcho({ name, command }, bun, rounds) {
  const subjects = ['raw', 'holdline', 'ws'].map((key) => ({ key, command }));
  if (bun !== null) subjects.push({ key: 'bun', command: bun.command });
  const results = await runEchoes(subjects, rounds);
  const echo = {};
  for (const [key, { label }] of Object.entries(ECHO_CASES)) {
    const pick = (what) =>
      new Rounds(
        Object.fromEntries(
          subjects.map((each) => [each.key, results[key][each.key].map((result) => result[what])]),
        ),
      );
    echo[key] = pick('cpuMicros');
    const perSecond = pick('perSecond');
    const rows = [[`${label}, ${name}`, 'us CPU/message', 'x raw', 'x ws', 'messages/s']];
    for (const subject of subjects) {
      const ratios = ['raw', 'ws'].map((to) => echo[key].ratio(subject.key, to).toFixed(2));
      const cpuMicros = echo[key].median(subject.key).toFixed(2);
      rows.push([subject.key, cpuMicros, ...ratios, perSecond.median(subject.key).toFixed(0)]);
    }
    print(rows);
  }
  return echo;
}

async function measureIdle({ name, command }, rounds) {
  const results = await runIdle(command, rounds);
  const idle = {};
  const [{ count }] = PLAIN;
  const rows = [[`${count} idle connections, bytes each, ${name}`, 'heap', 'fresh', 'settled']];
  for (const { kind } of PLAIN) {
    const of = (when, what) => median(results[kind].map((result) => result[when][what]));
    idle[kind] = { fresh: of('fresh', 'rss'), settled: of('settled', 'rss') };
    const bytes = [of('fresh', 'heap'), idle[kind].fresh, idle[kind].settled];
    rows.push([kind, ...bytes.map((value) => value.toFixed(0))]);
  }
  print(rows);
  return idle;
}

async function measureCompressedIdle({ name, command }) {
  const results = await runCompressedIdle(command);
  const rows = [[`idle compressed connections, ${name}`, 'opened', 'bytes each', '10,000 of them']];
  for (const { kind, label, count } of COMPRESSED) {
    const { rss } = results[kind];
    rows.push([
      label ?? kind,
      String(count),
      rss.toFixed(0),
      `${((rss * 10_000) / 1e6).toFixed(0)} MB`,
    ]);
  }
  print(rows);
  return results;
}

/**
 * Measures and prints. Returns the figures of each runtime, for plots. Quick: fewer rounds, on the Node
 * that runs this. `parts` are some of `codec`, `echo` and `idle`.
 */
export async function run({ quick, parts = PARTS }) {
  const bun = findBun();
  console.log(`${machine()}, ${bun === null ? 'no Bun here' : `Bun ${bun.version}`}`);
  console.log(
    'CPU, user and system, of the process measured; medians, and medians of the ratios, of interleaved rounds\n',
  );
  const runs = [];
  for (const runtime of runtimes({ quick })) {
    const figures = {};
    if (parts.includes('codec')) figures.codec = measureCodec(runtime, quick ? 11 : 41);
    if (parts.includes('echo')) figures.echo = await measureEcho(runtime, bun, quick ? 3 : 9);
    if (parts.includes('idle')) {
      figures.idle = await measureIdle(runtime, quick ? 1 : 3);
      figures.compressedIdle = await measureCompressedIdle(runtime);
    }
    runs.push({ name: runtime.name, figures });
  }
  print(goalRows(runs));
  return runs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2);
  const parts = words.filter((word) => PARTS.includes(word));
  await run({ quick: words.includes('--quick'), ...(parts.length > 0 && { parts }) });
}
