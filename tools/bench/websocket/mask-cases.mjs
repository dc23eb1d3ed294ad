// Masking: every case is a number of payloads that lie in chunks, and a pass masks each once.
import { MASKERS } from './peers.mjs';

const KEY = 0x92_9a_56_f0;
const keyBytes = Buffer.of(0x92, 0x9a, 0x56, 0xf0);
const KIB = 1024;
const FastBuffer = Buffer[Symbol.species];

/** Payload sizes in bytes, the small ones of which come a hundred to a chunk. */
const SIZES = [5, 16, 64, 125, KIB, 16 * KIB, 64 * KIB, KIB * KIB];
/** Where payloads begin, modulo 8: a header has 6, 8 or 14 bytes. */
const ALIGNMENTS = [0, 6];

function label(size) {
  if (size >= KIB * KIB) return `${size / (KIB * KIB)} MiB`;
  return size >= KIB ? `${size / KIB} KiB` : `${size} B`;
}

/** Payloads of one size, at one alignment, so many to a chunk. */
function payloads(size, alignment, perChunk, chunkCount) {
  const stride = Math.ceil((size + 6) / 8) * 8;
  return Array.from({ length: chunkCount }, () => {
    const chunk = Buffer.from(new ArrayBuffer(stride * perChunk + 8));
    const starts = Array.from({ length: perChunk }, (_, index) => index * stride + alignment);
    return { chunk, starts, views: starts.map((start) => chunk.subarray(start, start + size)) };
  });
}

/** The cases of masking in place. */
export function inPlaceCases() {
  const cases = [];
  for (const size of SIZES) {
    for (const alignment of ALIGNMENTS) {
      const chunks = payloads(size, alignment, size > KIB ? 1 : 100, 1);
      cases.push({ size, alignment, label: `${label(size)}, at ${alignment}`, chunks });
    }
  }
  for (const size of SIZES.slice(0, 4)) {
    const chunks = payloads(size, 6, 1, 100);
    cases.push({ size, alignment: 'alone', label: `${label(size)}, alone in its chunk`, chunks });
  }
  return cases;
}

/** Who masks in place: a pass over all payloads of a case. */
export const IN_PLACE = {
  ours: ({ mask }, { chunks, size }) => {
    return () => {
      for (const { chunk, starts } of chunks) {
        for (const start of starts) mask(chunk, start, start + size, KEY, 0);
      }
    };
  },
  ws: (_build, { chunks }) => peerPass(MASKERS.ws, chunks),
  // What its receiver does for a frame: it makes a view of the payload, then unmasks that.
  wsWithView: (_build, { chunks, size }) => {
    const { unmask } = MASKERS.ws;
    return () => {
      for (const { chunk, starts } of chunks) {
        for (const start of starts) {
          unmask(new FastBuffer(chunk.buffer, chunk.byteOffset + start, size), keyBytes);
        }
      }
    };
  },
  native: (_build, { chunks }) => peerPass(MASKERS.native, chunks),
};

function peerPass({ unmask }, chunks) {
  return () => {
    for (const { views } of chunks) for (const view of views) unmask(view, keyBytes);
  };
}

/** The cases of a masked copy: a source of its own, to behind a header of 6, 8 or 14 bytes. */
export function copyCases() {
  return SIZES.map((size) => {
    const at = size <= 125 ? 6 : size < 65_536 ? 8 : 14;
    const source = Buffer.from(new ArrayBuffer(size));
    const target = Buffer.from(new ArrayBuffer(size + at));
    const times = size > KIB ? 1 : 100;
    return { size, label: label(size), source, target, at, times };
  });
}

/** Who masks a copy. */
export const COPIES = {
  ours: ({ maskInto }, { source, target, at, size, times }) => {
    return () => {
      for (let time = 0; time < times; time += 1) maskInto(source, 0, size, target, at, KEY, 0);
    };
  },
  ws: (_build, copy) => peerCopy(MASKERS.ws, copy),
  native: (_build, copy) => peerCopy(MASKERS.native, copy),
};

function peerCopy({ mask }, { source, target, at, size, times }) {
  return () => {
    for (let time = 0; time < times; time += 1) mask(source, keyBytes, target, at, size);
  };
}

/** Payloads that a pass of a case masks. */
export function payloadCount({ chunks, times }) {
  return times ?? chunks.length * chunks[0].starts.length;
}

/** Throws when somebody masks other bytes, or otherwise, than the rest. */
export function checkAgreement(passes, bytesOf) {
  const results = passes.map((pass) => {
    pass();
    const result = Buffer.concat(bytesOf());
    pass();
    return result;
  });
  if (results.some((result) => !result.equals(results[0]))) throw new Error('they disagree');
}
