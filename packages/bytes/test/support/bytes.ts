// What several of these tests need: bytes that tell where they come from, guards, copies counted.

const GUARD_BYTES = 16;
const GUARD = 0xa5;

/** `length` bytes counting up from `first`, so that a byte in the wrong place is seen. */
export function numbered(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => first + index);
}

/** Bytes in the middle of a larger buffer, as a pooled chunk lies between its neighbours. */
export interface Guarded {
  readonly view: Uint8Array;
  /** Whether the neighbours, and the bytes themselves, are as they were. */
  isUntouched(): boolean;
}

/** Copies `data` between guard bytes. */
export function guarded(data: Uint8Array): Guarded {
  const whole = new Uint8Array(data.length + 2 * GUARD_BYTES).fill(GUARD);
  whole.set(data, GUARD_BYTES);
  const before = whole.slice();
  const view = whole.subarray(GUARD_BYTES, GUARD_BYTES + data.length);
  return { view, isUntouched: () => whole.every((byte, index) => byte === before[index]) };
}

/** A view that was handed out, with what it held then. */
export interface Snapshot {
  readonly view: Uint8Array;
  readonly copy: Uint8Array;
}

/** Remembers what a view holds now. */
export function snapshot(view: Uint8Array): Snapshot {
  return { view, copy: view.slice() };
}

/** One new array of all of them. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}

/** Runs `work` and returns how many bytes `set` copied meanwhile. */
export function copiedBytes(work: () => void): number {
  const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;
  const original = typedArray.set;
  let count = 0;
  typedArray.set = function counted(this: Uint8Array, source: ArrayLike<number>, offset?: number) {
    count += source.length;
    original.call(this, source, offset);
  };
  try {
    work();
  } finally {
    typedArray.set = original;
  }
  return count;
}
