// What senders have said, and where they said what: the past in which matches are found. There is one
// for all connections, since its tables are much larger than the few KiB that each has to remember.
import { MATCH_BYTES_MAX } from './alphabet.ts';
import type { TokenList } from './token-list.ts';

/** Matches are found by their first four bytes; shorter ones gain next to nothing. */
const KEY_BYTES = 4;
const HASH_BITS = 12;
/** With a match this long in hand, few are looked for that might be longer. */
const GOOD_BYTES = 32;
/** Earlier places with the same hash that are looked at. */
const LOOKS_MAX = 8;
/** Positions must fit 16 bits, of which 0 is none. */
const CAPACITY = 65_535;

/** Bytes, and by the hash of four of them where these occurred. */
export class MatchWindow {
  readonly bytes: Uint8Array = new Uint8Array(CAPACITY);
  /** Behind the last byte. */
  end = 0;
  /** By hash, the position last entered, plus 1; 0: none. */
  private readonly heads = new Uint16Array(1 << HASH_BITS);
  /** By position, the one entered before it with the same hash, plus 1. */
  private readonly previous = new Uint16Array(CAPACITY);

  /** Forgets everything. */
  clear(): void {
    this.end = 0;
    this.heads.fill(0);
  }

  /** Takes in `source[start..end)`, at most BLOCK_BYTES_MAX, and keeps `historyMax` bytes before. */
  append(source: Uint8Array, start: number, end: number, historyMax: number): void {
    const count = end - start;
    if (this.end + count > CAPACITY) this.slide(historyMax);
    const whole = count === source.length ? source : source.subarray(start, end);
    this.bytes.set(whole, this.end);
    this.end += count;
  }

  /** Makes all that is there known. */
  enterAll(): void {
    enter(this.bytes, this.heads, this.previous, 0, this.end - KEY_BYTES + 1);
  }

  /** Keeps the last bytes only, at the beginning. */
  private slide(historyMax: number): void {
    this.bytes.copyWithin(0, this.end - historyMax, this.end);
    this.end = historyMax;
    this.heads.fill(0);
    this.enterAll();
  }

  /**
   * Describes `bytes[start..)` by literals and matches up to `distanceMax` bytes back. A match is held
   * until it is known that the next byte does not begin a longer one.
   */
  findMatches(start: number, distanceMax: number, list: TokenList): void {
    const { bytes, heads, previous, end } = this;
    const last = end - KEY_BYTES;
    let at = start;
    let held = 0;
    while (at <= last) {
      const hash = hashAt(bytes, at);
      const candidate = heads[hash]!;
      previous[at] = candidate;
      heads[hash] = at + 1;
      const heldLength = lengthOf(held);
      let match = 0;
      if (candidate !== 0) {
        const lengthBefore = Math.max(heldLength, KEY_BYTES - 1);
        match = longestMatch(bytes, previous, candidate, at, end, at - distanceMax, lengthBefore);
      }
      if (match === 0 && held !== 0) {
        list.addMatch(held >>> 16, heldLength);
        const matchEnd = at - 1 + heldLength;
        enter(bytes, heads, previous, at + 1, Math.min(matchEnd, last + 1));
        at = matchEnd;
        held = 0;
        continue;
      }
      if (held !== 0) list.addLiteral(bytes[at - 1]!);
      if (match === 0) list.addLiteral(bytes[at]!);
      held = match;
      at++;
    }
    if (held !== 0) {
      list.addMatch(held >>> 16, lengthOf(held));
      at += lengthOf(held) - 1;
    }
    for (; at < end; at++) list.addLiteral(bytes[at]!);
  }
}

/** Of a match: a distance (bits 16-31) and a length (bits 0-8). */
function lengthOf(match: number): number {
  return match & 0x1ff;
}

/**
 * The longest match for the bytes from `at` on that is longer than `lengthBefore` and begins at
 * `oldest` or later, among `candidate` and those before it; or 0.
 */
function longestMatch(
  bytes: Uint8Array,
  previous: Uint16Array,
  candidate: number,
  at: number,
  end: number,
  oldest: number,
  lengthBefore: number,
): number {
  const limit = Math.min(end - at, MATCH_BYTES_MAX);
  let looks = lengthBefore >= GOOD_BYTES ? LOOKS_MAX >> 2 : LOOKS_MAX;
  let length = lengthBefore;
  let match = 0;
  for (let next = candidate; next > oldest && next > 0 && looks > 0; looks--) {
    const from = next - 1;
    next = previous[from]!;
    if (bytes[from + length] !== bytes[at + length]) continue;
    let same = 0;
    while (same < limit && bytes[from + same] === bytes[at + same]) same++;
    if (same <= length) continue;
    match = ((at - from) << 16) | same;
    length = same;
    if (same >= GOOD_BYTES) break;
  }
  return match;
}

function hashAt(bytes: Uint8Array, at: number): number {
  const key = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  return Math.imul(key, 0x9e3779b1) >>> (32 - HASH_BITS);
}

/** Makes the positions from `start` to before `end` known. */
function enter(
  bytes: Uint8Array,
  heads: Uint16Array,
  previous: Uint16Array,
  start: number,
  end: number,
): void {
  for (let at = start; at < end; at++) {
    const hash = hashAt(bytes, at);
    previous[at] = heads[hash]!;
    heads[hash] = at + 1;
  }
}
