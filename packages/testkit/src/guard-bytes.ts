// Who may write where: input is placed between guard bytes, and what a machine hands out is
// remembered, so that a write outside the view, or a later write inside it, is found.

const GUARD_BYTES = 16;
const GUARD_VALUE = 0xa5;

/** A private copy of some bytes in the middle of a larger buffer. */
export interface GuardedBytes {
  /** What to hand to `receive`. */
  readonly view: Uint8Array;
  /** Throws when a byte around the view has changed. */
  verify(): void;
}

/** Copies `data` between guard bytes, as a pooled Buffer lies between its neighbours. */
export function guardBytes(data: Uint8Array): GuardedBytes {
  const whole = new Uint8Array(data.length + 2 * GUARD_BYTES).fill(GUARD_VALUE);
  const view = whole.subarray(GUARD_BYTES, GUARD_BYTES + data.length);
  view.set(data);
  return {
    view,
    verify() {
      for (let index = 0; index < GUARD_BYTES; index++) {
        const behind = GUARD_BYTES + data.length + index;
        if (whole[index] !== GUARD_VALUE || whole[behind] !== GUARD_VALUE) {
          throw new Error('the machine wrote outside the view it was given');
        }
      }
    },
  };
}

/** Remembers views that were handed out and finds a later change of their bytes. */
export class HandedOut {
  readonly #views: { readonly view: Uint8Array; readonly copy: Uint8Array }[] = [];

  /** Takes note of the bytes as they are now. */
  remember(view: Uint8Array): void {
    this.#views.push({ view, copy: new Uint8Array(view) });
  }

  /** Throws when a remembered view no longer holds its bytes. */
  verify(): void {
    for (const { view, copy } of this.#views) {
      if (!equalBytes(view, copy)) throw new Error('bytes that were handed out have changed');
    }
  }
}

/** Whether two byte strings are the same. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

/** Joins chunks into one new array. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const joined = new Uint8Array(length);
  let position = 0;
  for (const chunk of chunks) {
    joined.set(chunk, position);
    position += chunk.length;
  }
  return joined;
}
