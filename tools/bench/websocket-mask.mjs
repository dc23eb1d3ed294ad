// Masking and UTF-8 validation of @holdline/websocket beside those of `ws` and of native addons, CPU
// per payload. `node tools/bench/websocket-mask.mjs [--quick]`, after a build.
import { cpus } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { interleave, median } from './http1.mjs';
import {
  COPIES,
  checkAgreement,
  copyCases,
  IN_PLACE,
  inPlaceCases,
  payloadCount,
} from './websocket/mask-cases.mjs';
import { goalRows } from './websocket/mask-goals.mjs';
import { versionOf } from './websocket/peers.mjs';
import { DECODING, textCases, VALIDATING } from './websocket/text-cases.mjs';

async function loadBuild() {
  const entry = import.meta.resolve('@holdline/websocket');
  const names = ['mask', 'utf8'];
  const modules = await Promise.all(names.map((name) => import(new URL(`${name}.js`, entry))));
  return Object.assign({}, ...modules);
}

/** Nanoseconds, or what they are in bytes per second where that is easier to read. */
function show(nanoseconds, size) {
  return size < 4096
    ? `${nanoseconds.toFixed(1)} ns`
    : `${(size / nanoseconds).toFixed(size / nanoseconds < 10 ? 2 : 1)} GB/s`;
}

/**
 * Measures one case: its row, and each subject's time as a multiple of ours, the median of what each
 * round says.
 */
async function measureCase(subjects, testCase, count, rounds) {
  const results = await interleave(subjects, rounds);
  const own = results.get('ours');
  const ratios = {};
  for (const [key, values] of results) {
    ratios[key] = median(values.map((value, round) => value / own[round]));
  }
  const cells = [...results].map(([key, values]) => {
    const figure = show(median(values) / count, testCase.size);
    return key === 'ours' ? figure : `${figure} ${ratios[key].toFixed(2)}x`;
  });
  return { ratios, row: [testCase.label, ...cells] };
}

async function measureMasking(build, makers, cases, bytesOf, title, rounds) {
  const rows = [title];
  const ratios = [];
  for (const testCase of cases) {
    const subjects = Object.entries(makers).map(([key, make]) => {
      return { key, work: make(build, testCase) };
    });
    checkAgreement(
      subjects.map(({ work }) => work),
      () => bytesOf(testCase),
    );
    const measured = await measureCase(subjects, testCase, payloadCount(testCase), rounds);
    ratios.push({ size: testCase.size, alignment: testCase.alignment, ...measured.ratios });
    rows.push(measured.row);
  }
  print(rows);
  return ratios;
}

async function measureTexts(build, makers, title, rounds) {
  const rows = [title];
  const ratios = [];
  for (const testCase of textCases()) {
    const subjects = Object.entries(makers).map(([key, make]) => {
      const once = make(build, testCase);
      if (!once()) throw new Error(`${key} does not take ${testCase.label}`);
      const work = () => {
        for (let time = 0; time < 10; time += 1) once();
      };
      return { key, work };
    });
    const measured = await measureCase(subjects, testCase, 10, rounds);
    ratios.push({ size: testCase.size, script: testCase.script, ...measured.ratios });
    rows.push(measured.row);
  }
  print(rows);
  return ratios;
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
    );
    console.log(cells.join('  '));
  }
  console.log('');
}

/** Measures and prints. Returns the ratios, others' time to ours. Quick: 7 rounds instead of 31. */
export async function run({ quick }) {
  const rounds = quick ? 7 : 31;
  const build = await loadBuild();
  console.log(
    `${cpus().length} x ${cpus()[0].model.trim()}, ${process.platform}, node ${process.versions.node} ` +
      `(V8 ${process.versions.v8}), ws ${versionOf('ws')} without addons, bufferutil ` +
      `${versionOf('bufferutil')}, utf-8-validate ${versionOf('utf-8-validate')}`,
  );
  console.log(
    `CPU of all threads per payload, medians of ${rounds} interleaved rounds; Nx: how many times ours.\n`,
  );
  const inPlace = await measureMasking(
    build,
    IN_PLACE,
    inPlaceCases(),
    ({ chunks }) => chunks.map(({ chunk }) => chunk),
    ['mask in place', 'holdline', 'ws (view given)', 'ws (view made)', 'bufferutil (view given)'],
    rounds,
  );
  const copies = await measureMasking(
    build,
    COPIES,
    copyCases(),
    ({ target }) => [target],
    ['mask a copy', 'holdline', 'ws', 'bufferutil'],
    rounds,
  );
  const validating = await measureTexts(
    build,
    VALIDATING,
    ['validate', 'holdline', 'with isUtf8', 'ws', 'utf-8-validate', 'buffer.isUtf8'],
    rounds,
  );
  const decoding = await measureTexts(
    build,
    DECODING,
    ['validate and decode', 'holdline', 'of a Uint8Array', 'ws'],
    rounds,
  );
  const figures = { inPlace, copies, validating, decoding };
  print(goalRows([{ name: `node ${process.versions.node}`, figures }]));
  return figures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await run({ quick: process.argv.includes('--quick') });
}
