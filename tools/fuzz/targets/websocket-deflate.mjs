// The decoder of compressed messages against zlib, and the encoder against the decoder and zlib.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { coverage } from '../coverage.mjs';

const dist = join(import.meta.dirname, '..', '..', '..', 'packages', 'websocket', 'dist');
/** What is done, how pieces are cut, how much is taken at once, and how large the window is. */
const HEADER_BYTES = 4;
const OUTPUT_BYTES_MAX = [1, 7, 258, 259, 300, 4_096, 16_384, 1_000_000];
const FLUSH = { finishFlush: constants.Z_SYNC_FLUSH };
/** zlib reads lengths in a code that has no codes as zeros, and complains behind the last. */
const ZEROS = new Uint8Array(400);
/** Output that is compared; what inflates to more is left alone. */
const COMPARED_BYTES_MAX = 200_000;
const EDGES_AT_FIRST = 100_000;
const EDGES_PER_BYTE = 400;
const BYTES_AT_FIRST = 1_000_000;
const BYTES_PER_BYTE = 40;

/** What an input means. */
function caseOf(input) {
  const [mode = 0, cut = 0, most = 0, bits = 0] = input;
  return {
    isContent: (mode & 1) === 1,
    contextTakeover: (mode & 2) === 0,
    cut,
    outputBytesMax: OUTPUT_BYTES_MAX[most % OUTPUT_BYTES_MAX.length],
    windowBits: 8 + (bits & 7),
    bytes: input.subarray(HEADER_BYTES),
  };
}

/** Pieces of one to so many bytes, or all of it. */
function piecesOf(bytes, cut) {
  if (cut === 0) return [bytes];
  const pieces = [];
  let at = 0;
  for (let turn = cut; at < bytes.length; turn = (turn * 5 + 3) & 255) {
    const end = Math.min(bytes.length, at + 1 + (turn % cut));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces.length === 0 ? [bytes] : pieces;
}

function zlibInflate(bytes, dictionary) {
  const options = { ...FLUSH, info: true, maxOutputLength: COMPARED_BYTES_MAX };
  if (dictionary !== undefined && dictionary.length > 0) options.dictionary = dictionary;
  try {
    const { buffer, engine } = inflateRawSync(bytes, options);
    return { verdict: null, output: buffer, byteCount: engine.bytesWritten };
  } catch ({ code }) {
    return { verdict: code === 'Z_DATA_ERROR' ? 'invalid' : code, byteCount: bytes.length };
  }
}

function inflate(inflater, pieces, isLast, outputBytesMax) {
  const output = [];
  for (const [index, piece] of pieces.entries()) {
    inflater.push(piece, isLast && index === pieces.length - 1);
    for (let next = inflater.next(outputBytesMax); next !== null; ) {
      if (next === 'invalid') return { verdict: 'invalid', output: Buffer.concat(output) };
      assert(next.length > 0 && next.length <= outputBytesMax, `a piece of ${next.length} bytes`);
      output.push(next);
      next = inflater.next(outputBytesMax);
    }
  }
  return { verdict: null, output: Buffer.concat(output) };
}

/** A stream that may go on says the same to both, as far as zlib reads: to the end of the last block. */
function compareStreams({ Inflater }, { bytes, cut, outputBytesMax }) {
  const theirs = zlibInflate(bytes);
  if (theirs.verdict === 'ERR_BUFFER_TOO_LARGE') return;
  const stream = bytes.subarray(0, theirs.byteCount);
  limitCost(bytes.length + (theirs.output?.length ?? COMPARED_BYTES_MAX));
  const inflater = new Inflater({ windowBits: 15, contextTakeover: true });
  const ours = inflate(inflater, piecesOf(stream, cut), false, outputBytesMax);
  if (ours.verdict === 'invalid' && theirs.verdict === null) {
    assert.equal(
      zlibInflate(Buffer.concat([bytes, ZEROS])).verdict,
      'invalid',
      'we alone refuse it',
    );
    return;
  }
  assert.equal(ours.verdict, theirs.verdict, 'another verdict than that of zlib');
  if (ours.verdict === null) assert(ours.output.equals(theirs.output), 'another output than zlib');
}

/** Two messages with the same content, the second of which may refer to the first. */
function compareContent({ Inflater, Deflater }, { bytes, cut, outputBytesMax, ...context }) {
  limitCost(8 * bytes.length);
  const before = Buffer.from(bytes);
  const deflater = new Deflater(context);
  const inflater = new Inflater(context);
  for (const round of [1, 2]) {
    const pieces = piecesOf(bytes, cut);
    const sent = pieces.map((piece, index) => deflater.deflate(piece, index === pieces.length - 1));
    const { verdict, output } = inflate(inflater, sent, true, outputBytesMax);
    assert.equal(verdict, null, 'we refuse what we have written');
    assert(output.equals(bytes), 'another content than was sent');
    const remembers = round === 2 && context.contextTakeover;
    const dictionary = remembers ? bytes.subarray(-(1 << context.windowBits)) : undefined;
    const theirs = zlibInflate(Buffer.concat(sent), dictionary);
    if (theirs.verdict !== 'ERR_BUFFER_TOO_LARGE') {
      assert(theirs.output?.equals(bytes), 'zlib reads something else');
    }
  }
  assert(before.equals(bytes), 'what was borrowed was written to');
}

function limitCost(byteCount) {
  coverage.limit(
    EDGES_AT_FIRST + EDGES_PER_BYTE * byteCount,
    BYTES_AT_FIRST + BYTES_PER_BYTE * byteCount,
  );
}

function seeds() {
  const text = Buffer.from('{"id":17,"side":"buy"},{"id":18,"side":"sell"},'.repeat(4));
  const streams = [0, 1, 6, 9].map((level) => deflateRawSync(text, { level, ...FLUSH }));
  streams.push(deflateRawSync(text), deflateRawSync(text, { strategy: constants.Z_FIXED }));
  return [
    ...streams.map((stream, index) => Uint8Array.from([0, index, 5, 0, ...stream])),
    ...[0, 1, 7].map((bits) => Uint8Array.from([1, bits, 5, bits, ...text])),
  ];
}

export default {
  name: 'websocket-deflate',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 3_000,
  async load(instrument) {
    const folder = await instrument(dist);
    const at = (name) => import(pathToFileURL(join(folder, 'deflate', `${name}.js`)));
    const modules = { ...(await at('inflater')), ...(await at('deflater')) };
    return {
      seeds: seeds(),
      // Heads of blocks, an end of a flush, and the end of a message.
      tokens: [[0], [1], [2], [3], [4], [5], [6], [0, 0, 0xff, 0xff], [5, 0, 0xfa, 0xff]].map(
        (token) => Uint8Array.from(token),
      ),
      execute(input) {
        const means = caseOf(input);
        if (means.isContent) compareContent(modules, means);
        else compareStreams(modules, means);
      },
      describe(input, what) {
        const { bytes, ...means } = caseOf(input);
        const kind = means.isContent ? 'content' : 'stream';
        return [
          `${what}: the ${kind} ${Buffer.from(bytes).toString('hex')}`,
          JSON.stringify(means),
        ];
      },
    };
  },
};
