// What tls-record.mjs measures: a run of records through our output and reader, and the same run through
// nothing but the calls of node:crypto.
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

/** Records in one pass. */
export const RECORDS = 64;
/** A socket of node's reads so much at a time. */
const CHUNK_BYTES = 65_536;
const TAG_BYTES = 16;
const AAD_BYTES = 5;
const OPTIONS = { authTagLength: TAG_BYTES };

export const ALGORITHMS = [
  { name: 'aes-128-gcm', keyBytes: 16 },
  { name: 'aes-256-gcm', keyBytes: 32 },
  { name: 'chacha20-poly1305', keyBytes: 32 },
];

export async function loadBuild() {
  const entry = import.meta.resolve('@holdline/tls/record');
  const modules = await Promise.all(
    ['index.js', '../node/aead.js', '../bytes/receive-buffer.js'].map(
      (name) => import(new URL(name, entry)),
    ),
  );
  return Object.assign({}, ...modules);
}

function random(byteCount) {
  return randomFillSync(new Uint8Array(byteCount));
}

/** The pieces that leave for one pass; one send per record. */
function seal(build, { name, key, iv, content }) {
  const output = new build.RecordOutput({ coalesces: false });
  const aeadKey = build.nodeAeadKey(name, key);
  output.protect(new build.Tls13Sealer(aeadKey, new Uint8Array(iv), build.keyLimits(name)));
  output.releaseData();
  for (let record = 0; record < RECORDS; record += 1) output.sendData(content, 0);
  const chunks = [];
  for (let chunk = output.next(); chunk !== null; chunk = output.next()) chunks.push(chunk);
  output.accept(output.pendingBytes);
  return chunks;
}

function sealBare({ name, key, iv, content, additionalData }) {
  const chunks = [];
  for (let record = 0; record < RECORDS; record += 1) {
    const cipher = createCipheriv(name, key, iv, OPTIONS);
    cipher.setAAD(additionalData);
    chunks.push(cipher.update(content));
    cipher.final();
    chunks.push(cipher.getAuthTag());
  }
  return chunks;
}

function open(build, { name, key, iv, chunks }) {
  const input = new build.ReceiveBuffer();
  const reader = new build.RecordReader(input, build.DEFAULT_RECORD_LIMITS);
  reader.protect(new build.Tls13Opener(build.nodeAeadKey(name, key), new Uint8Array(iv)));
  let records = 0;
  for (const chunk of chunks) {
    input.append(chunk);
    while (reader.next(0) !== null) records += 1;
  }
  if (records !== RECORDS) throw new Error(`${records} records were read, not ${RECORDS}`);
}

function openBare({ name, key, iv, records, tag, additionalData }) {
  for (const sealed of records) {
    const decipher = createDecipheriv(name, key, iv, OPTIONS);
    decipher.setAAD(additionalData);
    decipher.setAuthTag(tag);
    decipher.update(sealed);
    decipher.final();
  }
}

/** One pass as it arrives: cut where a socket would cut it, and not where records end. */
function chunksOf(wire) {
  const chunks = [];
  for (let from = 0; from < wire.length; from += CHUNK_BYTES) {
    chunks.push(new Uint8Array(wire.subarray(from, from + CHUNK_BYTES)));
  }
  return chunks;
}

/** Four subjects for `interleave`. */
export function subjects(build, { name, keyBytes }, size) {
  const key = random(keyBytes);
  const iv = random(12);
  const content = random(size);
  const additionalData = random(AAD_BYTES);
  const common = { name, key, iv, content, additionalData };
  const chunks = chunksOf(Buffer.concat(seal(build, common)));
  const cipher = createCipheriv(name, key, iv, OPTIONS);
  cipher.setAAD(additionalData);
  const sealed = cipher.update(content);
  cipher.final();
  // As much memory as the reader has to go through.
  const records = Array.from({ length: RECORDS }, () => new Uint8Array(sealed));
  const bare = { ...common, records, tag: cipher.getAuthTag() };
  return [
    { key: 'seal bare', work: () => sealBare(common) },
    { key: 'seal', work: () => seal(build, common) },
    { key: 'open bare', work: () => openBare(bare) },
    { key: 'open', work: () => open(build, { ...common, chunks }) },
  ];
}
