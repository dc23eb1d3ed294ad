// Masking (RFC 6455 5.3): `transformed-octet-i = original-octet-i XOR masking-key-octet-(i MOD 4)`. The
// same function masks and unmasks. A key is a number, its four octets big-endian as on the wire.
//
// What is fastest depends on the length: bytes while a view would cost more than it saves, a DataView
// for the small frames of one chunk, which share it, and words for what is long.

import { maskWords, WORDS_BYTES_MIN } from './mask-words.ts';

/** Below this a loop over the bytes is as fast as anything. */
const VIEW_BYTES_MIN = 8;
/** From here on words are faster, although their view is made for each frame. */
const VIEW_BYTES_MAX = 192;
/** From here on it is faster to copy first, and to mask the copy by words. */
const COPY_BYTES_MIN = 96;
/** Longer bytes than this, one read of a socket, are not held until the next small frame comes. */
const RECENT_BYTES_MAX = 65_536;

const nothing: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
/** The bytes that were masked last: who comes with them again gets a view, made once for many frames. */
let recentBytes: Uint8Array = nothing;
let recentView: DataView | null = null;
/** The same for what is copied to: a queue of small frames. */
let recentTarget: Uint8Array = nothing;
let targetView: DataView | null = null;

/**
 * Masks or unmasks `bytes[start..end)` in place and writes nowhere else (RFC 6455 5.3).
 *
 * @param key the masking key, 32 bits, signed or not; its first octet is in the highest eight
 * @param phase 0-3: the index of the first byte within its payload, modulo 4
 * @throws RangeError when `start` and `end` are not in order within `bytes`, which stay as they were
 */
export function mask(
  bytes: Uint8Array,
  start: number,
  end: number,
  key: number,
  phase: number,
): void {
  checkRange(start, end, bytes.length);
  const turned = turnKey(key, phase);
  const byteCount = end - start;
  if (byteCount < VIEW_BYTES_MIN) maskBytes(bytes, start, end, turned);
  else if (byteCount >= VIEW_BYTES_MAX) maskLong(bytes, start, end, turned);
  else if (bytes === recentBytes) maskAgain(bytes, start, end, turned);
  else {
    if (bytes.length <= RECENT_BYTES_MAX) {
      recentBytes = bytes;
      recentView = null;
    }
    if (byteCount < WORDS_BYTES_MIN) maskBytes(bytes, start, end, turned);
    else maskLong(bytes, start, end, turned);
  }
}

/**
 * Masks a copy: writes `source[start..end)`, masked, to `target` from `at` on, and nothing else. The
 * two may not share memory.
 *
 * @param key and `phase` as for `mask`
 * @throws RangeError when `start` and `end` are not in order within `source`, or `target` is too short
 */
export function maskInto(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  key: number,
  phase: number,
): void {
  checkRange(start, end, source.length);
  const byteCount = end - start;
  checkRange(at, at + byteCount, target.length);
  if (byteCount >= COPY_BYTES_MIN) {
    // Making a view costs more than copying what many a message has.
    target.set(byteCount === source.length ? source : source.subarray(start, end), at);
    maskLong(target, at, at + byteCount, turnKey(key, phase));
  } else if (target === recentTarget && byteCount === source.length) {
    targetView ??= new DataView(target.buffer, target.byteOffset);
    target.set(source, at);
    const turned = turnKey(key, phase);
    const end = at + byteCount;
    const rest = maskQuads(targetView, at, end, turned);
    if (rest < end) maskBytes(target, rest, end, turned);
  } else {
    remember(target);
    copyBytes(source, start, end, target, at, turnKey(key, phase));
  }
}

/** Who comes again with this target has many frames for it. */
function remember(target: Uint8Array): void {
  if (target === recentTarget || target.length > RECENT_BYTES_MAX) return;
  recentTarget = target;
  targetView = null;
}

function checkRange(start: number, end: number, length: number): void {
  if (start >= 0 && start <= end && end <= length) return;
  throw new RangeError(`${start} to ${end} is no range within ${length} bytes`);
}

/** The key as it is for a payload that begins at its octet `phase`. */
function turnKey(key: number, phase: number): number {
  return (key << (8 * phase)) | (key >>> (32 - 8 * phase));
}

function maskBytes(bytes: Uint8Array, start: number, end: number, key: number): void {
  const first = key >>> 24;
  const second = (key >>> 16) & 0xff;
  const third = (key >>> 8) & 0xff;
  const last = end - 3;
  let at = start;
  for (; at < last; at += 4) {
    bytes[at]! ^= first;
    bytes[at + 1]! ^= second;
    bytes[at + 2]! ^= third;
    bytes[at + 3]! ^= key & 0xff;
  }
  if (at < end) bytes[at]! ^= first;
  if (at + 1 < end) bytes[at + 1]! ^= second;
  if (at + 2 < end) bytes[at + 2]! ^= third;
}

function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  key: number,
): void {
  const first = key >>> 24;
  const second = (key >>> 16) & 0xff;
  const third = (key >>> 8) & 0xff;
  const last = end - 3;
  let from = start;
  let to = at;
  for (; from < last; from += 4, to += 4) {
    target[to] = source[from]! ^ first;
    target[to + 1] = source[from + 1]! ^ second;
    target[to + 2] = source[from + 2]! ^ third;
    target[to + 3] = source[from + 3]! ^ (key & 0xff);
  }
  if (from < end) target[to] = source[from]! ^ first;
  if (from + 1 < end) target[to + 1] = source[from + 1]! ^ second;
  if (from + 2 < end) target[to + 2] = source[from + 2]! ^ third;
}

/** A small frame of a chunk that had one before. */
function maskAgain(bytes: Uint8Array, start: number, end: number, key: number): void {
  // It reaches to the end of the buffer, so that it follows one that can grow.
  recentView ??= new DataView(bytes.buffer, bytes.byteOffset);
  const rest = maskQuads(recentView, start, end, key);
  if (rest < end) maskBytes(bytes, rest, end, key);
}

/**
 * Four bytes at a time, wherever they lie. Returns where fewer are left, or little of the view: a
 * compiler of V8 13.6 (Node 24) takes what is less than four bytes before its end for out of bounds, and
 * from then on every access is a call. Little-endian, as most machines are, so that nothing is swapped
 * but the key; four times four, as no compiler unrolls it.
 */
function maskQuads(view: DataView, start: number, end: number, key: number): number {
  const swapped = swapOctets(key);
  const last = Math.min(end, view.byteLength - 4) - 3;
  const lastFour = last - 12;
  let at = start;
  for (; at < lastFour; at += 16) {
    view.setInt32(at, view.getInt32(at, true) ^ swapped, true);
    view.setInt32(at + 4, view.getInt32(at + 4, true) ^ swapped, true);
    view.setInt32(at + 8, view.getInt32(at + 8, true) ^ swapped, true);
    view.setInt32(at + 12, view.getInt32(at + 12, true) ^ swapped, true);
  }
  for (; at < last; at += 4) view.setInt32(at, view.getInt32(at, true) ^ swapped, true);
  return at;
}

function swapOctets(key: number): number {
  return (key << 24) | ((key & 0xff00) << 8) | ((key >>> 8) & 0xff00) | (key >>> 24);
}

/** By words, with bytes before and behind those that lie on a word's boundary. */
function maskLong(bytes: Uint8Array, start: number, end: number, key: number): void {
  const before = -(bytes.byteOffset + start) & 7;
  const from = start + before;
  const byteCount = end - from - ((end - from) % 8);
  const turned = turnKey(key, before & 3);
  maskBytes(bytes, start, from, key);
  maskWords(bytes.buffer, bytes.byteOffset + from, byteCount, turned);
  maskBytes(bytes, from + byteCount, end, turned);
}
