// Writes structures of TLS's presentation language (RFC 9846 section 3), the mirror of ByteReader: what it
// lets through, that reads.
import { lengthBytes } from './byte-reader.ts';

const FIRST_BYTES = 256;

/** Bytes that grow. What does not fit its field is a RangeError: it came from the caller. */
export class ByteWriter {
  private bytes: Uint8Array = new Uint8Array(FIRST_BYTES);
  private length = 0;

  uint8(what: string, value: number): void {
    this.number(what, value, 1);
  }

  uint16(what: string, value: number): void {
    this.number(what, value, 2);
  }

  uint32(what: string, value: number): void {
    this.number(what, value, 4);
  }

  /** `opaque what[byteCount]`. */
  fixed(what: string, byteCount: number, data: Uint8Array): void {
    if (data.length !== byteCount) {
      throw new RangeError(`${what}: ${data.length} bytes, not ${byteCount}`);
    }
    this.append(data);
  }

  /** `opaque what<floor..ceiling>`. */
  opaque(what: string, floor: number, ceiling: number, data: Uint8Array): void {
    checkLength(what, floor, ceiling, data.length);
    this.number(what, data.length, lengthBytes(ceiling));
    this.append(data);
  }

  /** `T what<floor..ceiling>`: its length stands in front of what `write` has written. */
  list(what: string, floor: number, ceiling: number, write: (writer: this) => void): void {
    const start = this.length;
    const prefixBytes = lengthBytes(ceiling);
    this.length = this.reserve(prefixBytes);
    write(this);
    const end = this.length;
    checkLength(what, floor, ceiling, end - start - prefixBytes);
    this.length = start;
    this.number(what, end - start - prefixBytes, prefixBytes);
    this.length = end;
  }

  /** `uint16 what<floor..ceiling>`. */
  uint16s(what: string, floor: number, ceiling: number, values: readonly number[]): void {
    this.list(what, floor, ceiling, () => {
      for (const value of values) this.uint16(what, value);
    });
  }

  /** Bytes without a length. */
  append(data: Uint8Array): void {
    const end = this.reserve(data.length);
    this.bytes.set(data, this.length);
    this.length = end;
  }

  /** Everything written, which becomes the caller's; the writer begins anew. */
  take(): Uint8Array {
    const written = this.bytes.subarray(0, this.length);
    this.bytes = new Uint8Array(0);
    this.length = 0;
    return written;
  }

  private number(what: string, value: number, byteCount: number): void {
    const ceiling = 2 ** (8 * byteCount) - 1;
    if (!(Number.isInteger(value) && value >= 0 && value <= ceiling)) {
      throw new RangeError(`${what}: ${value} is not an integer of 0 to ${ceiling}`);
    }
    const end = this.reserve(byteCount);
    for (let at = end - 1, rest = value; at >= this.length; at -= 1) {
      this.bytes[at] = rest % 0x100;
      rest = Math.floor(rest / 0x100);
    }
    this.length = end;
  }

  /** Makes room behind what is written, and gives where it ends. */
  private reserve(byteCount: number): number {
    const end = this.length + byteCount;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(FIRST_BYTES, end * 2));
      grown.set(this.bytes.subarray(0, this.length));
      this.bytes = grown;
    }
    return end;
  }
}

function checkLength(what: string, floor: number, ceiling: number, length: number): void {
  if (length < floor || length > ceiling) {
    throw new RangeError(`${what}: ${length} bytes, not ${floor} to ${ceiling}`);
  }
}
