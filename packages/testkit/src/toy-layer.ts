// A toy byte-transforming layer with the shape of a secured transport: a machine of its own over a
// lower transport, with a handshake (one hello byte each way), a transformation (XOR) and an
// authenticated end (a close marker). Within the stream 0xFF 0xFF is the byte 0xFF and 0xFF 0x00
// the marker.
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TrailingData,
  type TransportWish,
} from './bytes/connection.ts';

const HELLO = 0x5a;
const ESCAPE = 0xff;
const HANDSHAKE_MS = 5_000;

/** What the layer reports; `end` is `truncated` when the lower transport ended without the marker. */
export type ToyLayerEvent =
  | { readonly type: 'handshake-complete' }
  | { readonly type: 'data'; readonly data: Uint8Array }
  | { readonly type: 'end'; readonly end: End }
  | {
      readonly type: 'failed';
      readonly code: 'TOY_NO_HELLO' | 'TOY_BAD_ESCAPE' | 'TOY_HANDSHAKE_TIMEOUT';
    }
  | { readonly type: 'closed' };

/** The layer's machine; both ends are alike. */
export class ToyLayer implements Connection<ToyLayerEvent> {
  readonly #key: number;
  #phase: 'hello' | 'open' | 'ended' | 'failed' = 'hello';
  #input: Uint8Array[] = [];
  #escaped = false;
  #lowerEnd: End | null = null;
  #output: Uint8Array[] = [Uint8Array.of(HELLO)];
  #outputBytes = 1;
  #deadline: Instant;
  #waiting: ToyLayerEvent[] = [];
  #markerSent = false;
  #closed = false;

  /** `key` is the byte that all others are XORed with. */
  constructor(now: Instant, key: number) {
    this.#deadline = now + HANDSHAKE_MS;
    this.#key = key;
  }

  /** Sends bytes of the upper layer; before the handshake is complete they wait behind the hello. Throws TypeError after `closeNotify`. */
  sendData(data: Uint8Array): void {
    if (this.#markerSent) throw new TypeError('the marker has been sent');
    const bytes: number[] = [];
    for (const byte of data) {
      if (byte === ESCAPE) bytes.push(ESCAPE);
      bytes.push(byte);
    }
    this.#write(bytes);
  }

  /** Ends the local direction with the marker. */
  closeNotify(): void {
    if (this.#markerSent) return;
    this.#markerSent = true;
    this.#write([ESCAPE, 0]);
    this.#closeWhenBothEnded();
  }

  get wantsData(): boolean {
    return this.#phase === 'hello' || this.#phase === 'open';
  }

  receive(data: Uint8Array): void {
    if (data.length > 0) this.#input.push(data);
  }

  receiveEnd(_now: Instant, end: End): void {
    this.#lowerEnd ??= end;
  }

  nextEvent(): ToyLayerEvent | NeedData {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    if (!this.wantsData) return NEED_DATA;
    const chunk = this.#input.shift();
    if (chunk !== undefined) this.#read(chunk);
    else if (this.#lowerEnd !== null) {
      this.#endPeer(this.#lowerEnd === 'finished' ? 'truncated' : this.#lowerEnd);
    } else return NEED_DATA;
    return this.nextEvent();
  }

  nextOutput(): Uint8Array | null {
    return this.#output.shift() ?? null;
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  outputAccepted(byteCount: number): void {
    this.#outputBytes -= byteCount;
  }

  get transport(): TransportWish {
    if (this.#closed) return 'close';
    return this.#markerSent ? 'half-close' : 'open';
  }

  deadline(): Instant {
    return this.#deadline;
  }

  onDeadline(now: Instant): void {
    if (now >= this.#deadline) this.#fail('TOY_HANDSHAKE_TIMEOUT');
  }

  takeTrailingData(): TrailingData {
    throw new TypeError('the toy never switches');
  }

  #read(chunk: Uint8Array): void {
    let start = 0;
    if (this.#phase === 'hello') {
      if (chunk[0] !== HELLO) {
        this.#fail('TOY_NO_HELLO');
        return;
      }
      this.#phase = 'open';
      this.#deadline = Number.POSITIVE_INFINITY;
      this.#waiting.push({ type: 'handshake-complete' });
      start = 1;
    }
    const plain: number[] = [];
    let ended = false;
    for (const coded of chunk.subarray(start)) {
      const byte = coded ^ this.#key;
      if (!this.#escaped) {
        if (byte === ESCAPE) this.#escaped = true;
        else plain.push(byte);
      } else if (byte === ESCAPE || byte === 0) {
        this.#escaped = false;
        ended = byte === 0;
        if (ended) break;
        plain.push(ESCAPE);
      } else {
        this.#fail('TOY_BAD_ESCAPE');
        return;
      }
    }
    if (plain.length > 0) this.#waiting.push({ type: 'data', data: Uint8Array.from(plain) });
    if (ended) this.#endPeer('finished');
  }

  #endPeer(end: End): void {
    this.#phase = 'ended';
    this.#input = [];
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#waiting.push({ type: 'end', end });
    this.#closeWhenBothEnded();
  }

  #fail(code: 'TOY_NO_HELLO' | 'TOY_BAD_ESCAPE' | 'TOY_HANDSHAKE_TIMEOUT'): void {
    this.#phase = 'failed';
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#closed = true;
    this.#waiting.push({ type: 'failed', code }, { type: 'closed' });
  }

  #closeWhenBothEnded(): void {
    if (this.#closed || this.#phase !== 'ended' || !this.#markerSent) return;
    this.#closed = true;
    this.#waiting.push({ type: 'closed' });
  }

  #write(bytes: readonly number[]): void {
    if (bytes.length === 0) return;
    this.#output.push(Uint8Array.from(bytes, (byte) => byte ^ this.#key));
    this.#outputBytes += bytes.length;
  }
}
