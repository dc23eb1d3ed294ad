// Records of @holdline/tls sealed and opened, beside the calls of node:crypto alone that each of them
// takes. `node tools/bench/tls-record.mjs [--quick]`, after a build.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { interleave } from './http1.mjs';
import { machine, median, medianRatio, print } from './report.mjs';
import { ALGORITHMS, loadBuild, RECORDS, subjects } from './tls/record-cases.mjs';

const SIZES = [
  { size: 64, label: '64 B' },
  { size: 1024, label: '1 KiB' },
  { size: 16_384, label: '16 KiB' },
];
/** What is asked of full records, as a share of the bare calls' speed. */
const GOAL = { size: 16_384, bound: 0.9 };

function show(nanoseconds) {
  return `${(nanoseconds / 1000).toFixed(2)} us`;
}

async function measureCase(build, algorithm, { size, label }, rounds) {
  const results = await interleave(subjects(build, algorithm, size), rounds);
  const row = [`${algorithm.name} ${label}`];
  const ratios = { size };
  for (const direction of ['seal', 'open']) {
    const bare = results.get(`${direction} bare`);
    const own = results.get(direction);
    ratios[direction] = medianRatio(bare, own);
    const isMissed = size === GOAL.size && ratios[direction] < GOAL.bound;
    row.push(
      show(median(bare) / RECORDS),
      show(median(own) / RECORDS),
      `${ratios[direction].toFixed(2)}x${isMissed ? ' MISSED' : ''}`,
    );
  }
  return { row, ratios };
}

/** Measures and prints. Returns the ratios, ours to the bare calls' speed. Quick: 7 rounds instead of 31. */
export async function run({ quick }) {
  const rounds = quick ? 7 : 31;
  const build = await loadBuild();
  console.log(`${machine()}, node ${process.versions.node} (OpenSSL ${process.versions.openssl})`);
  console.log(
    `CPU of all threads per record, medians of ${rounds} interleaved rounds; Nx: of the bare calls' speed.\n` +
      `Goal: ${GOAL.bound}x of it at 16 KiB.\n`,
  );
  const rows = [['one record', 'seal bare', 'holdline', '', 'open bare', 'holdline', '']];
  const figures = [];
  for (const algorithm of ALGORITHMS) {
    for (const each of SIZES) {
      const { row, ratios } = await measureCase(build, algorithm, each, rounds);
      rows.push(row);
      figures.push({ algorithm: algorithm.name, ...ratios });
    }
  }
  print(rows);
  return figures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run({ quick: process.argv.includes('--quick') });
}
