// The machine of a protocol that has no rules: bytes in, bytes out, and an end in each direction. It
// takes over where HTTP was switched to something that only the caller understands.
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TrailingData,
  type TransportWish,
} from '../bytes/connection.ts';

/** What came: bytes, or the peer's end. */
export type ByteStreamEvent =
  | { readonly type: 'data'; readonly data: Uint8Array }
  | { readonly type: 'end'; readonly end: End };

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Passes everything through; see `Connection` for the methods. */
export class ByteStream implements Connection<ByteStreamEvent> {
  /** False while the caller takes no more. */
  wantsData = true;
  /** Bytes sent that the transport has not taken. */
  outputBytes = 0;
  readonly #input: Uint8Array[] = [];
  readonly #output: Uint8Array[] = [];
  #peerEnd: End | null = null;
  #peerEndReported = false;
  #ended = false;
  #aborted = false;

  /** Both directions have ended, or the caller has cut them. */
  get transport(): TransportWish {
    if (this.#aborted) return 'abort';
    if (!this.#ended) return 'open';
    return this.#peerEndReported ? 'close' : 'half-close';
  }

  /** Stores bytes, which are this machine's from then on. */
  receive(data: Uint8Array): void {
    if (data.length > 0) this.#input.push(data);
  }

  /** The peer's direction has ended. */
  receiveEnd(_now: Instant, end: End): void {
    this.#peerEnd ??= end;
  }

  /** One piece, or the end behind the last. */
  nextEvent(): ByteStreamEvent | NeedData {
    const data = this.wantsData ? this.#input.shift() : undefined;
    if (data !== undefined) return { type: 'data', data };
    if (this.#peerEnd === null || this.#peerEndReported || this.#input.length > 0) return NEED_DATA;
    this.#peerEndReported = true;
    return { type: 'end', end: this.#peerEnd };
  }

  /** The next piece to be written, or null. */
  nextOutput(): Uint8Array | null {
    return this.#output.shift() ?? null;
  }

  /** The transport has taken bytes. */
  outputAccepted(byteCount: number): void {
    this.outputBytes -= byteCount;
  }

  /** Never: who knows nothing of the protocol knows nothing of its time. */
  deadline(): Instant {
    return Number.POSITIVE_INFINITY;
  }

  /** A no-op. */
  onDeadline(): void {}

  /** There is no further switch: nothing. */
  takeTrailingData(): TrailingData {
    return { data: NO_BYTES, end: null };
  }

  /** Sends bytes, borrowed until the transport has taken them. */
  send(data: Uint8Array): void {
    if (this.#ended || data.length === 0) return;
    this.#output.push(data);
    this.outputBytes += data.length;
  }

  /** Ends our direction behind what was sent. */
  end(): void {
    this.#ended = true;
  }

  /** Cuts both directions. */
  abort(): void {
    this.#aborted = true;
  }
}
