// The same messages in other records: handshake messages and data are cut and put together anew wherever
// RFC 9846 section 5.1 lets a sender do so. Toys hide nothing, so that protected records can be made.

const CHANGE = {
  client_hello: 1,
  server_hello: 2,
  end_of_early_data: 5,
  finished: 20,
  key_update: 24,
};
/** Messages behind which keys may change: "Handshake messages MUST NOT span key changes". */
const KEY_CHANGES = new Set(Object.values(CHANGE));
const HANDSHAKE = 22;
const DATA = 23;
const HEADER_BYTES = 5;
const MESSAGE_HEADER_BYTES = 4;
const TAG = new Array(16).fill(2);
/** Data records without data that are put between others. */
const EMPTIES_MAX = 2;

/** The record at `at`: what it says it has, and what is in it; null when there is no whole one. */
function recordAt(stream, at) {
  const end = at + HEADER_BYTES + stream[at + 3] * 256 + stream[at + 4];
  // Not less for what is not there, which is no number.
  if (!(end <= stream.length)) return null;
  const outer = stream[at];
  const body = stream.subarray(at + HEADER_BYTES, end);
  if (outer !== DATA) return { end, outer, type: outer, content: body, innerBytes: 0 };
  let typeAt = body.length - TAG.length - 1;
  while (typeAt >= 0 && body[typeAt] === 0) typeAt -= 1;
  // Null: nothing but padding, or less.
  const type = typeAt < 0 ? null : body[typeAt];
  const content = body.subarray(0, Math.max(0, typeAt));
  return { end, outer, type, content, innerBytes: body.length - TAG.length };
}

/** Records of one kind that follow each other, from `first` on, of no more than `innerBytesMax`. */
function groupAt(stream, at, first, innerBytesMax) {
  const contents = [];
  let end = at;
  for (let record = first; record !== null; record = recordAt(stream, end)) {
    const isAlike = record.outer === first.outer && record.type === first.type;
    // An empty fragment of a message is a fault, as is a large record: they are to stay where they are.
    const isEmpty = record.type === HANDSHAKE && record.content.length === 0;
    if (!isAlike || isEmpty || record.innerBytes > innerBytesMax) break;
    contents.push(record.content);
    end = record.end;
  }
  return { contents, end };
}

/**
 * Where records have to end, since keys may change: null where one of them does not, which is a fault.
 * `begun` is what came before of a message; `rest`, of one that is not whole.
 */
function keyChanges(contents, begun) {
  const recordEnds = new Set();
  let length = 0;
  for (const content of contents) {
    length += content.length;
    recordEnds.add(length);
  }
  const bytes = joined([begun, ...contents]);
  const ends = [];
  let at = 0;
  while (at + MESSAGE_HEADER_BYTES <= bytes.length) {
    const size = bytes[at + 1] * 65_536 + bytes[at + 2] * 256 + bytes[at + 3];
    const end = at + MESSAGE_HEADER_BYTES + size;
    if (end > bytes.length) break;
    if (KEY_CHANGES.has(bytes[at])) ends.push(end - begun.length);
    at = end;
  }
  const isFaulty = ends.some((end) => !recordEnds.has(end));
  return { ends: isFaulty ? null : ends, rest: bytes.subarray(at) };
}

function joined(pieces) {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function write(out, { outer, type }, content) {
  const body = outer === DATA ? [...content, type, ...TAG] : [...content];
  out.push(outer, 3, 3, body.length >> 8, body.length & 255, ...body);
}

/** Writes `bytes` in records of sizes that chance decides, each of which ends where it has to. */
function cut(out, kind, { bytes, ends, bytesMax, random }) {
  // Single bytes, pieces of some size, or as few as can be.
  const usual = random.pick([1, 1 + random.below(40), Number.POSITIVE_INFINITY]);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    while (from < end) {
      const wish = Number.isFinite(usual) ? 1 + random.below(usual) : bytesMax;
      const size = Math.min(wish, bytesMax, end - from);
      write(out, kind, bytes.subarray(from, from + size));
      from += size;
    }
  }
}

/**
 * A stream of records that says the same as `stream` to whoever takes protected fragments of `bytesMax`,
 * as far as it is one of records. `crosses`: without regard to keys, so that it may be a fault.
 */
export function refragment(stream, { random, bytesMax, crosses = false }) {
  const out = [];
  let begun = new Uint8Array(0);
  let at = 0;
  for (let record = recordAt(stream, at); record !== null; record = recordAt(stream, at)) {
    const { contents, end } = groupAt(stream, at, record, bytesMax + 1);
    const isHandshake = record.type === HANDSHAKE;
    const isData = record.outer === DATA && record.type === DATA;
    const bytes = joined(contents);
    if (!(isHandshake || isData) || bytes.length === 0) {
      out.push(...stream.subarray(at, record.end));
      at = record.end;
      continue;
    }
    let ends = [];
    if (isHandshake) {
      const found = keyChanges(contents, begun);
      begun = found.rest;
      if (!crosses) ends = found.ends;
    }
    if (ends === null) break;
    cut(out, record, { bytes, ends, bytesMax, random });
    if (isData) addEmpties(out, random);
    at = end;
  }
  return Uint8Array.from([...out, ...stream.subarray(at)]);
}

/** Behind data there may be data without bytes (section 5.1). */
function addEmpties(out, random) {
  for (let count = random.below(1 + EMPTIES_MAX); count > 0; count--) {
    write(out, { outer: DATA, type: DATA }, []);
  }
}
