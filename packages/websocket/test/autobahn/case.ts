// What the cases of the Autobahn test suite do on the wire, told anew: bytes to an endpoint that
// echoes messages, and what it has to answer to be called strict.

/** What the suite hears: an echo or a pong. */
export type Heard =
  | readonly ['message', Uint8Array, 'text' | 'binary']
  | readonly ['pong', Uint8Array];

/** A frame to send, before it is masked for a server. */
export interface SentFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly isFinal: boolean;
  /** 0-7. */
  readonly rsv: number;
}

/** One case. */
export interface AutobahnCase {
  /** As in the suite's reports. */
  readonly id: string;
  readonly frames: readonly SentFrame[];
  /** In the order in which it has to come. */
  readonly heard: readonly Heard[];
  /**
   * The code of the endpoint's Close frame; 0 for one without. Null when the endpoint does not close
   * by itself: then the suite closes, and 1000 has to be echoed.
   */
  readonly closeCode: number | null;
}

/** UTF-8. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A frame; final and without reserved bits unless said. */
export function sent(
  opcode: number,
  payload: Uint8Array | string = '',
  isFinal: boolean = true,
  rsv: number = 0,
): SentFrame {
  return { opcode, payload: typeof payload === 'string' ? utf8(payload) : payload, isFinal, rsv };
}

/** An echo of a text. */
export function text(content: Uint8Array | string): Heard {
  return ['message', typeof content === 'string' ? utf8(content) : content, 'text'];
}

/** An echo of bytes. */
export function binary(content: Uint8Array): Heard {
  return ['message', content, 'binary'];
}

/** An answer to a ping. */
export function pong(payload: Uint8Array | string = ''): Heard {
  return ['pong', typeof payload === 'string' ? utf8(payload) : payload];
}

/** A case in which the suite closes. */
export function passes(
  id: string,
  frames: readonly SentFrame[],
  heard: readonly Heard[],
): AutobahnCase {
  return { id, frames, heard, closeCode: null };
}

/** A case in which the endpoint closes with a code. */
export function closes(
  id: string,
  frames: readonly SentFrame[],
  heard: readonly Heard[],
  closeCode: number,
): AutobahnCase {
  return { id, frames, heard, closeCode };
}
