// TLS 1.3 by holdline against node:tls, and against what it is meant to reach:
// `node tools/bench/tls.mjs [--quick] [handshake] [bulk] [messages] [idle]`, after a build. Records by
// themselves are in tls-record.mjs.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { machine, median, medianRatio, print, runtimes } from './report.mjs';
import { goalRows } from './tls/goals.mjs';
import { IDLE_COUNT, IDLE_KINDS, runIdle } from './tls/idle.mjs';
import { MESSAGE_CASES } from './tls/jobs.mjs';
import { runBulk, runMessages } from './tls/loads.mjs';

const handshakeFile = fileURLToPath(new URL('./tls/handshake-process.mjs', import.meta.url));
const PARTS = ['handshake', 'bulk', 'messages', 'idle'];
const MEGABYTE = 1e6;
/** What a handshake is measured of. */
const HANDSHAKES = {
  cryptography: 'its keys and signature alone',
  machines: 'TlsClient and TlsServer',
  holdline: 'connectTls and serveTls',
  node: 'node:tls',
};

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

/** Of results by subject, one number each. */
function rounds(results, of) {
  return new Rounds(
    Object.fromEntries(Object.entries(results).map(([key, each]) => [key, each.map(of)])),
  );
}

function measureHandshake({ name, command }, roundCount) {
  const child = spawnSync(command, [handshakeFile, String(roundCount)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error('measuring handshakes failed');
  const handshake = new Rounds(JSON.parse(child.stdout));
  const rows = [[`full handshake, both ends, ${name}`, 'us CPU', 'x node:tls']];
  for (const [key, label] of Object.entries(HANDSHAKES)) {
    rows.push([label, handshake.median(key).toFixed(0), handshake.ratio(key, 'node').toFixed(2)]);
  }
  print(rows);
  return handshake;
}

async function measureBulk({ name, command }, roundCount) {
  const results = await runBulk(command, roundCount);
  const bulk = {};
  const rows = [[`bulk, ${name}`, 'us CPU/MB', 'x node:tls', 'MB/s', 'x node:tls']];
  for (const [job, of] of Object.entries(results)) {
    const cpuMicros = rounds(of, (each) => (each.cpuMicros / each.bytes) * MEGABYTE);
    const speed = rounds(of, ({ bytes, seconds }) => bytes / MEGABYTE / seconds);
    bulk[job] = { cpuMicros, speed };
    for (const kind of Object.keys(of)) {
      const cells = [cpuMicros, speed].flatMap((each) => [
        each.median(kind).toFixed(0),
        each.ratio(kind, 'node').toFixed(2),
      ]);
      rows.push([`${job}, ${kind}`, ...cells]);
    }
  }
  print(rows);
  return bulk;
}

async function measureMessages({ name, command }, roundCount) {
  const results = await runMessages(command, roundCount);
  const messages = {};
  const rows = [[`echo, ${name}`, 'us CPU/message', 'x node:tls', 'messages/s']];
  for (const [key, of] of Object.entries(results)) {
    const cpuMicros = rounds(of, (each) => each.cpuMicros / each.messages);
    const perSecond = rounds(of, (each) => each.perSecond);
    messages[key] = { cpuMicros, perSecond };
    for (const kind of Object.keys(of)) {
      rows.push([
        `${MESSAGE_CASES[key].label}, ${kind}`,
        cpuMicros.median(kind).toFixed(2),
        cpuMicros.ratio(kind, 'node').toFixed(2),
        perSecond.median(kind).toFixed(0),
      ]);
    }
  }
  print(rows);
  return messages;
}

async function measureIdle({ name, command }, roundCount) {
  const results = await runIdle(command, roundCount);
  const idle = {};
  const head = ['heap', 'external', 'RSS'];
  const titles = ['fresh', 'settled'].flatMap((when) => head.map((what) => `${when} ${what}`));
  const rows = [[`${IDLE_COUNT} idle connections, bytes each, ${name}`, ...titles]];
  for (const { kind, label } of IDLE_KINDS) {
    idle[kind] = {};
    const cells = [];
    for (const [when, each] of Object.entries(results[kind])) {
      const of = (what) => median(each.map((bytes) => bytes[what]));
      idle[kind][when] = { heap: of('heap'), external: of('external'), rss: of('rss') };
      cells.push(...Object.values(idle[kind][when]).map((bytes) => bytes.toFixed(0)));
    }
    rows.push([label, ...cells]);
  }
  print(rows);
  return idle;
}

/**
 * Measures and prints. Returns the figures of each runtime, for plots. Quick: fewer rounds, on the Node
 * that runs this. `parts` are some of `handshake`, `bulk`, `messages` and `idle`.
 */
export async function run({ quick, parts = PARTS }) {
  console.log(machine());
  console.log(
    'TLS 1.3, x25519, AES-128-GCM, ECDSA on P-256. CPU, user and system, of all threads of the process\n' +
      'measured; medians, and medians of the ratios, of interleaved rounds\n',
  );
  const runs = [];
  for (const runtime of runtimes({ quick })) {
    const figures = {};
    if (parts.includes('handshake')) {
      figures.handshake = measureHandshake(runtime, quick ? 11 : 41);
    }
    if (parts.includes('bulk')) figures.bulk = await measureBulk(runtime, quick ? 15 : 41);
    if (parts.includes('messages')) {
      figures.messages = await measureMessages(runtime, quick ? 3 : 9);
    }
    if (parts.includes('idle')) figures.idle = await measureIdle(runtime, quick ? 1 : 3);
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
