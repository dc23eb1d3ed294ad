// Records as they come in: finds the next one, opens it, and refuses what may not be there (RFC 9846
// section 5), so that whoever asks sees content only of records that verify.
import type { Instant } from '../bytes/connection.ts';
import { RateBudget } from '../bytes/rate-budget.ts';
import type { ReceiveBuffer } from '../bytes/receive-buffer.ts';
import { PeerFault } from '../peer-fault.ts';
import { parseAlert } from './alert-message.ts';
import { CONTENT_TYPE, type ContentType, isContentType } from './content-type.ts';
import { RecordAssembler } from './record-assembler.ts';
import { HEADER_BYTES, INNER_PLAINTEXT_BYTES_MAX, PLAINTEXT_BYTES_MAX } from './record-header.ts';
import type { RecordLimits } from './record-limits.ts';
import type { RecordOpener } from './record-protection.ts';
import { unknownContentType } from './unknown-content-type.ts';

const { change_cipher_spec, alert, handshake, application_data, heartbeat } = CONTENT_TYPE;
/** Nothing is skipped. */
const NO_SKIPPING = -1;

/** A record that was read. */
export interface TlsRecord {
  readonly type: ContentType;
  /** The receiver's own; empty only for application_data and heartbeat. */
  readonly content: Uint8Array;
  /** Whether it came under a key. */
  readonly isProtected: boolean;
}

/**
 * What becomes of change_cipher_spec in the clear: `refused` before the first ClientHello and after the
 * peer's Finished, `dropped` between them (RFC 9846 section 5), `delivered` in TLS 1.2, where it counts.
 */
export type ChangeCipherSpecRule = 'refused' | 'dropped' | 'delivered';

/** One connection's direction from the peer. */
export class RecordReader {
  /** What becomes of change_cipher_spec; `refused` until the engine says otherwise. */
  changeCipherSpec: ChangeCipherSpecRule = 'refused';
  /**
   * Whether alerts in the clear are taken although there is a key: by a server until its client has shown
   * the keys, since a client that fails before has none. Becomes false with the first record that opens.
   */
  takesClearAlerts = false;
  /** Whether heartbeats were agreed (RFC 6520 section 2). */
  takesHeartbeats = false;
  /** Content, type and padding of a protected record at most, as we told the peer (RFC 8449); 16385. Content alone in TLS 1.2. */
  plaintextBytesMax: number = INNER_PLAINTEXT_BYTES_MAX;
  /** The present key's direction; null while records come in the clear. */
  opener: RecordOpener | null = null;
  /** Where in the stream the newest record began, in bytes; for `failed`. */
  recordOffset = 0;
  private readonly limits: RecordLimits;
  private readonly assembler: RecordAssembler;
  private emptyBudget: RateBudget | null = null;
  private warningAlerts = 0;
  private skippableBytes = NO_SKIPPING;

  /** `copiesInput`: what `input` is given is never written to, nor shown. */
  constructor(input: ReceiveBuffer, limits: RecordLimits, copiesInput = false) {
    this.assembler = new RecordAssembler(input, copiesInput);
    this.limits = limits;
  }

  /** Bytes of a record that is not whole yet, beyond those in the input: at the end of a stream they tell of a cut. */
  get partialBytes(): number {
    return this.assembler.length;
  }

  /** From now on records come under this key; the one before is destroyed. */
  protect(opener: RecordOpener): void {
    this.opener?.destroy();
    this.opener = opener;
  }

  /**
   * Early data that was not accepted is on its way (section 4.3.10): records of application_data that come
   * before there is a key, or that do not open, are dropped until one opens or `bytesMax` bytes of
   * them have come. Without a key it ends with `endEarlyData`.
   */
  skipEarlyData(bytesMax: number): void {
    this.skippableBytes = bytesMax;
  }

  /** No more early data: the second ClientHello has come. */
  endEarlyData(): void {
    this.skippableBytes = NO_SKIPPING;
  }

  /** The next record; null until more bytes come. Throws PeerFault. */
  next(now: Instant): TlsRecord | null {
    while (true) {
      const { assembler } = this;
      this.recordOffset = assembler.offset;
      if (!assembler.has(HEADER_BYTES)) return null;
      const { bytes, start } = assembler;
      const type = bytes[start]!;
      const fragmentBytes = (bytes[start + 3]! << 8) | bytes[start + 4]!;
      if (!isContentType(type)) throw unknownContentType(bytes, start, assembler.offset);
      const isSealed = this.judgeHeader(type, fragmentBytes);
      const recordBytes = HEADER_BYTES + fragmentBytes;
      if (!assembler.has(recordBytes)) return null;
      const record = isSealed ? this.open(recordBytes) : this.readClear(type, recordBytes);
      if (record !== null && this.keeps(record, now)) return record;
    }
  }

  /** Forgets the key. */
  destroy(): void {
    this.opener?.destroy();
    this.opener = null;
  }

  /** Refuses a record by its header alone; true for one that is to be opened, false for one in the clear. */
  private judgeHeader(type: ContentType, fragmentBytes: number): boolean {
    const { opener } = this;
    const isClear = opener === null ? !this.isEarlyData(type) : this.isClear(opener, type);
    const bytesMax = isClear
      ? PLAINTEXT_BYTES_MAX
      : this.plaintextBytesMax + (opener?.expansionBytesMax ?? 255);
    if (fragmentBytes > bytesMax) {
      const detail = `a record announces ${fragmentBytes} bytes where ${bytesMax} are allowed`;
      throw new PeerFault('TLS_RECORD_OVERFLOW', detail);
    }
    if (isClear) this.judgeClear(type, fragmentBytes);
    return !isClear;
  }

  private isEarlyData(type: ContentType): boolean {
    return type === application_data && this.skippableBytes !== NO_SKIPPING;
  }

  /** Under a key, whether a record of this type lies outside of it. */
  private isClear(opener: RecordOpener, type: ContentType): boolean {
    return opener.hidesType && type !== application_data;
  }

  private judgeClear(type: ContentType, fragmentBytes: number): void {
    if (type === change_cipher_spec) {
      const isRefused = this.changeCipherSpec === 'refused';
      if (!isRefused && fragmentBytes === 1) return;
      const detail = isRefused
        ? 'change_cipher_spec before a ClientHello or after Finished'
        : `change_cipher_spec of ${fragmentBytes} bytes`;
      throw new PeerFault('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC', detail);
    }
    if (this.opener !== null) {
      if (type === alert && this.takesClearAlerts) return;
      throw new PeerFault('TLS_UNPROTECTED_RECORD', `a record of type ${type} in the clear`);
    }
    if (type === application_data) {
      throw new PeerFault('TLS_UNEXPECTED_RECORD', 'application_data before there is a key');
    }
  }

  private readClear(type: ContentType, recordBytes: number): TlsRecord {
    const { assembler } = this;
    const { bytes, start } = assembler;
    const content = bytes.subarray(start + HEADER_BYTES, start + recordBytes);
    assembler.consume(recordBytes);
    assembler.reuse(content);
    return { type, content, isProtected: false };
  }

  /** The record under the present key; null for one that is skipped. */
  private open(recordBytes: number): TlsRecord | null {
    const { assembler, opener } = this;
    const { bytes, start } = assembler;
    assembler.consume(recordBytes);
    const opened =
      opener === null
        ? null
        : opener.open(bytes, start, start + recordBytes, this.plaintextBytesMax);
    assembler.reuse(opened === null ? null : opened.content);
    if (opened === null) {
      this.skip(recordBytes);
      return null;
    }
    this.skippableBytes = NO_SKIPPING;
    this.takesClearAlerts = false;
    const { type, content } = opened;
    if (!isContentType(type)) {
      throw new PeerFault('TLS_UNKNOWN_CONTENT_TYPE', `there is no content type ${type}`);
    }
    if (type === change_cipher_spec) {
      throw new PeerFault('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC', 'a protected change_cipher_spec');
    }
    return { type, content, isProtected: true };
  }

  private skip(recordBytes: number): void {
    if (this.skippableBytes === NO_SKIPPING) {
      throw new PeerFault('TLS_BAD_RECORD_MAC', 'the tag of a record does not verify');
    }
    this.skippableBytes -= recordBytes;
    if (this.skippableBytes >= 0) return;
    throw new PeerFault('TLS_TOO_MUCH_EARLY_DATA', 'more early data than is skipped');
  }

  /** Judges a record by its content; false for one that is dropped. */
  private keeps({ type, content }: TlsRecord, now: Instant): boolean {
    switch (type) {
      case application_data:
        // "MAY be sent, as they are potentially useful" (section 5.1): one in front of each piece of data is no flood.
        if (content.length === 0) this.countEmpty(now);
        else this.emptyBudget = null;
        return true;
      case handshake:
        this.refuseEmpty(content);
        return true;
      case alert:
        this.refuseEmpty(content);
        this.countWarning(content);
        return true;
      case heartbeat:
        if (this.takesHeartbeats) return true;
        throw new PeerFault('TLS_UNEXPECTED_RECORD', 'a heartbeat, which was not agreed');
      case change_cipher_spec:
        return this.keepsChangeCipherSpec(content, now);
    }
  }

  private keepsChangeCipherSpec(content: Uint8Array, now: Instant): boolean {
    if (content[0] !== 1) {
      throw new PeerFault('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC', 'change_cipher_spec is not 1');
    }
    this.countEmpty(now);
    return this.changeCipherSpec === 'delivered';
  }

  private refuseEmpty(content: Uint8Array): void {
    if (content.length > 0) return;
    throw new PeerFault('TLS_EMPTY_RECORD', 'a handshake or alert record without content');
  }

  private countEmpty(now: Instant): void {
    const { emptyRecordsPerSecondMax } = this.limits;
    this.emptyBudget ??= new RateBudget(emptyRecordsPerSecondMax, emptyRecordsPerSecondMax, now);
    if (this.emptyBudget.spend(now)) return;
    const detail = `more than ${emptyRecordsPerSecondMax} records without content in a second`;
    throw new PeerFault('TLS_TOO_MANY_EMPTY_RECORDS', detail);
  }

  private countWarning(content: Uint8Array): void {
    if (parseAlert(content).name !== 'user_canceled') return;
    this.warningAlerts += 1;
    if (this.warningAlerts <= this.limits.warningAlertsMax) return;
    throw new PeerFault('TLS_TOO_MANY_WARNING_ALERTS', 'too many alerts that end nothing');
  }
}
