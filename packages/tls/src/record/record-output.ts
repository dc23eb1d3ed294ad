// Records on their way out. Handshake messages, alerts and heartbeats become records at once; data waits
// as it is until output is pulled, so that small pieces share a record, the key is the one of that moment
// and messages overtake data that has not left.
import { assert } from '../bytes/assert.ts';
import type { Instant } from '../bytes/connection.ts';
import { OutputQueue } from '../bytes/output-queue.ts';
import { CONTENT_TYPE, type ContentType } from './content-type.ts';
import type { PaddingPolicy } from './padding.ts';
import { PieceQueue } from './piece-queue.ts';
import {
  HEADER_BYTES,
  INNER_PLAINTEXT_BYTES_MAX,
  PLAINTEXT_BYTES_MAX,
  RECORD_VERSION,
  writeHeader,
} from './record-header.ts';
import type { KeyWear, RecordSealer } from './record-protection.ts';
import { RecordSizer, type RecordSizes } from './record-sizes.ts';

/** How records are made. */
export interface RecordOutputOptions {
  /** Sizes of data records; `full`. */
  readonly sizes?: RecordSizes;
  /** Padding of protected TLS 1.3 records; none. */
  readonly padding?: PaddingPolicy | null;
  /** Whether several sends may share a record; true. */
  readonly coalesces?: boolean;
}

interface LastMessage {
  readonly type: ContentType;
  readonly content: Uint8Array;
}

/** Records are made until as much can be handed out: enough for one write, little enough to be overtaken. */
const READY_BYTES_MIN = 16_384;

/** One connection's direction to the peer. */
export class RecordOutput {
  /** Content, type and padding of a protected record at most, as the peer wants it (RFC 8449); 16385. Content alone in TLS 1.2. */
  plaintextBytesMax: number = INNER_PLAINTEXT_BYTES_MAX;
  /** The present key's direction; null while records leave in the clear. */
  sealer: RecordSealer | null = null;
  private readonly queue = new OutputQueue();
  private readonly pieces: PieceQueue;
  private readonly sizer: RecordSizer | null;
  private readonly padding: PaddingPolicy | null;
  private flows = false;
  private last: LastMessage | null = null;

  constructor(options: RecordOutputOptions = {}) {
    const { sizes = 'full', padding = null, coalesces = true } = options;
    this.pieces = new PieceQueue(coalesces);
    this.sizer = sizes === 'full' ? null : new RecordSizer(sizes);
    this.padding = padding;
  }

  /** Queued or handed out and not accepted: bytes of records, and of data that is still to become records. */
  get pendingBytes(): number {
    const lastBytes = this.last === null ? 0 : this.last.content.length;
    return this.queue.pendingBytes + this.pieces.bytes + lastBytes;
  }

  /** Of these, data that is still to become records. */
  get waitingBytes(): number {
    return this.pieces.bytes;
  }

  /** How much the present key may still do; `fresh` before there is one. */
  get wear(): KeyWear {
    return this.sealer === null ? 'fresh' : this.sealer.wear;
  }

  /** Whether a last message still waits for data to leave before it. */
  get awaitsLast(): boolean {
    return this.last !== null;
  }

  /** From now on records leave under this key; the one before is destroyed. */
  protect(sealer: RecordSealer): void {
    this.sealer?.destroy();
    this.sealer = sealer;
  }

  /** Data may leave: the keys for it are in place. Until then it waits. */
  releaseData(): void {
    this.flows = true;
  }

  /**
   * Makes records of a message at once, as many as it takes, before all waiting data; in the clear while
   * there is no key, and then `content` is borrowed until it is accepted.
   */
  send(type: ContentType, content: Uint8Array): void {
    const { sealer } = this;
    if (sealer === null) {
      this.sendClear(type, content);
      return;
    }
    const step = this.contentBytesMax(sealer);
    // At least once: a record of data may be empty (section 5.1).
    let from = 0;
    do {
      this.seal(sealer, type, content.subarray(from, from + step));
      from += step;
    } while (from < content.length);
  }

  /** The same, in the clear whatever the key: change_cipher_spec, and a first ClientHello with its own version. */
  sendClear(type: ContentType, content: Uint8Array, version: number = RECORD_VERSION): void {
    const { queue } = this;
    for (let from = 0; from < content.length; from += PLAINTEXT_BYTES_MAX) {
      const fragment = content.subarray(from, from + PLAINTEXT_BYTES_MAX);
      queue.reserve(HEADER_BYTES);
      writeHeader(queue.bytes, queue.end, type, version, fragment.length);
      queue.commit(queue.end + HEADER_BYTES);
      queue.append(fragment);
    }
  }

  /** Queues data, borrowed until it has been pulled; an empty piece is nothing. */
  sendData(data: Uint8Array, now: Instant): void {
    assert(this.last === null, 'no data follows a last message');
    if (data.length === 0) return;
    if (this.sizer !== null) this.sizer.begin(now);
    this.pieces.push(data);
  }

  /** Queues a message that leaves after all data sent so far: close_notify. No data may follow. */
  sendLast(type: ContentType, content: Uint8Array): void {
    this.last = { type, content };
  }

  /** Forgets data that is still to become records, and a last message: a fatal alert follows. */
  dropData(): void {
    this.pieces.clear();
    this.last = null;
  }

  /** The next chunk to write, or null. Data stops at a key that is spent. */
  next(): Uint8Array | null {
    while (this.sealsMore()) this.sealData();
    if (this.last !== null && this.pieces.bytes === 0) {
      const { type, content } = this.last;
      this.last = null;
      this.send(type, content);
    }
    return this.queue.next();
  }

  /** The transport took bytes; false, with nothing changed, for more than were handed out or no count. */
  accept(byteCount: number): boolean {
    return this.queue.accept(byteCount);
  }

  /** Forgets everything, and the key. */
  destroy(): void {
    this.dropData();
    this.queue.clear();
    this.sealer?.destroy();
    this.sealer = null;
  }

  /** Whether another record of data is to be made before a chunk is handed out. */
  private sealsMore(): boolean {
    const { queue, sealer } = this;
    if (this.pieces.bytes === 0 || !this.flows || sealer === null) return false;
    const readyBytes = queue.pendingBytes - queue.handedOutBytes;
    const { wear } = sealer;
    // A worn key does the least that keeps data flowing, so that its successor comes soon.
    return wear === 'fresh' ? readyBytes < READY_BYTES_MIN : wear === 'worn' && readyBytes === 0;
  }

  private sealData(): void {
    const sealer = this.sealer!;
    const bytesMax = this.contentBytesMax(sealer);
    const content = this.pieces.take(this.sizer === null ? bytesMax : this.sizer.next(bytesMax));
    if (this.sizer !== null) this.sizer.made(content.length);
    this.seal(sealer, CONTENT_TYPE.application_data, content);
    this.pieces.release();
  }

  private contentBytesMax(sealer: RecordSealer): number {
    return Math.min(PLAINTEXT_BYTES_MAX, this.plaintextBytesMax - (sealer.pads ? 1 : 0));
  }

  private seal(sealer: RecordSealer, type: ContentType, content: Uint8Array): void {
    let paddingBytes = 0;
    if (this.padding !== null && sealer.pads) {
      const paddingBytesMax = this.contentBytesMax(sealer) - content.length;
      const wanted = Math.floor(this.padding(content.length, paddingBytesMax)) || 0;
      paddingBytes = Math.min(paddingBytesMax, Math.max(0, wanted));
    }
    sealer.seal(type, content, paddingBytes, this.queue);
  }
}
