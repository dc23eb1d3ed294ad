// Changes inputs in the ways that break parsers: bits, bytes, stretches, tokens, lines, numbers, and
// pieces of other inputs.

const INPUT_BYTES_MAX = 2048;
const STRETCH_BYTES_MAX = 64;
const INTERESTING = [0, 9, 10, 13, 32, 34, 44, 48, 58, 59, 92, 127, 128, 255];
const NUMBERS = ['0', '1', '7', '8', '9', 'f', '10', '99', '00', '+1', '-1', '1e3', '65536']
  .concat(['4294967296', '9007199254740992', '18446744073709551616'])
  .map(bytesOfText);
const NOTHING = new Uint8Array(0);
const LF = 10;

function bytesOfText(text) {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

/** `data` with `removed` bytes at `at` replaced. */
export function splice(data, at, removed, inserted) {
  const end = Math.min(data.length, at + removed);
  const result = new Uint8Array(data.length - (end - at) + inserted.length);
  result.set(data.subarray(0, at));
  result.set(inserted, at);
  result.set(data.subarray(end), at + inserted.length);
  return result;
}

/** Start and end of a line, its line feed included, somewhere behind the header. */
function someLine(data, from, random) {
  let start = from + random.below(data.length - from);
  while (start > from && data[start - 1] !== LF) start--;
  const feed = data.indexOf(LF, start);
  return [start, feed < 0 ? data.length : feed + 1];
}

const isDigit = (byte) => byte >= 0x30 && byte <= 0x39;

/** Start and end of the run of digits at or behind a random place, or null. */
function someNumber(data, from, random) {
  let start = from + random.below(data.length - from);
  while (start < data.length && !isDigit(data[start])) start++;
  if (start === data.length) return null;
  while (start > from && isDigit(data[start - 1])) start--;
  let end = start;
  while (end < data.length && isDigit(data[end])) end++;
  return [start, end];
}

/** A number one more or less, or another one altogether. */
function tweakNumber(data, from, random) {
  const found = someNumber(data, from, random);
  if (found === null) return data;
  const [start, end] = found;
  const digits = String.fromCharCode(...data.subarray(start, end));
  const small = BigInt(digits.slice(0, 30)) + (random.oneIn(2) ? 1n : -1n);
  const other = random.oneIn(3) ? random.pick(NUMBERS) : bytesOfText(String(small));
  return splice(data, start, end - start, other);
}

/** The ways to change bytes behind the header; `at` is one of their places, or the end. */
const CHANGES = [
  (data, at, random) => splice(data, at, 1, Uint8Array.of(random.next() & 255)),
  (data, at, random) => splice(data, at, 1, Uint8Array.of(random.pick(INTERESTING))),
  (data, at, random) =>
    splice(data, at, 1, Uint8Array.of((data[at] ?? 0) ^ (1 << random.below(8)))),
  (data, at, random) => splice(data, at, 0, Uint8Array.of(random.pick(INTERESTING))),
  (data, at, random) => splice(data, at, 1 + random.below(8), NOTHING),
  (data, at, random) => splice(data, at, 1 + random.below(STRETCH_BYTES_MAX), NOTHING),
  (data, at, random) => splice(data, at, 0, data.subarray(at, at + 1 + random.below(8))),
  (data, at, random) =>
    splice(data, at, 0, data.subarray(at, at + 1 + random.below(STRETCH_BYTES_MAX))),
  (data, at, random, { tokens }) => splice(data, at, 0, random.pick(tokens)),
  (data, at, random, { tokens }) => splice(data, at, 0, random.pick(tokens)),
  (data, at, random, { tokens }) => {
    const token = random.pick(tokens);
    return splice(data, at, token.length, token);
  },
  (data, _at, random, { from }) => {
    if (data.length === from) return data;
    const [start, end] = someLine(data, from, random);
    return splice(data, start, end - start, NOTHING);
  },
  (data, at, random, { from }) => {
    if (data.length === from) return data;
    const [start, end] = someLine(data, from, random);
    return splice(data, random.oneIn(2) ? start : at, 0, data.slice(start, end));
  },
  (data, _at, random, { from }) => (data.length === from ? data : tweakNumber(data, from, random)),
  (data, at, random, { from, corpus }) => {
    const other = corpus.pick(random);
    const start = Math.min(other.length, from + random.below(other.length + 1));
    return splice(data, at, 0, other.subarray(start, start + random.below(STRETCH_BYTES_MAX)));
  },
  (data, at, random, { from, corpus }) => {
    const other = corpus.pick(random);
    const start = Math.min(other.length, from + random.below(other.length + 1));
    return splice(data, at, data.length - at, other.subarray(start));
  },
];

function changeHeader(data, random, headerBytes) {
  const at = random.below(headerBytes);
  return splice(data, at, 1, Uint8Array.of(random.next() & 255));
}

/**
 * A member of the corpus after one to eight changes. The first `headerBytes` keep their place, and
 * are changed by themselves.
 */
export function mutate(random, corpus, { tokens, headerBytes }) {
  let data = corpus.pick(random);
  const context = { tokens, corpus, from: headerBytes };
  for (let count = 1 << random.below(4); count > 0; count--) {
    if (headerBytes > 0 && random.oneIn(8)) data = changeHeader(data, random, headerBytes);
    else {
      const at = headerBytes + random.below(data.length - headerBytes + 1);
      data = random.pick(CHANGES)(data, at, random, context);
    }
  }
  return data.length > INPUT_BYTES_MAX ? data.slice(0, INPUT_BYTES_MAX) : data;
}
