// Reads structures of TLS's presentation language (RFC 9846 section 3) from bytes that are all there.
// The field's name comes first and its bounds behind it, as in `opaque cookie<1..2^16-1>`; the ceiling
// alone decides how many bytes the length takes (section 3.4).

/** Makes what is thrown for bytes that do not fit; `detail` names the field and has no bytes of the peer's. */
export type ReadFault = (detail: string) => Error;

/** How many bytes hold the length of a list with this ceiling. */
export function lengthBytes(ceiling: number): number {
  if (ceiling < 0x100) return 1;
  return ceiling < 0x10000 ? 2 : 3;
}

/** A cursor over `bytes[at..end)`. Whatever does not fit is thrown as the given fault. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly fault: ReadFault;
  /** Where the next field begins. */
  at: number;

  constructor(bytes: Uint8Array, start: number, end: number, fault: ReadFault) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.fault = fault;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.end - this.at;
  }

  uint8(what: string): number {
    return this.number(what, 1);
  }

  uint16(what: string): number {
    return this.number(what, 2);
  }

  uint32(what: string): number {
    return this.number(what, 4);
  }

  /** `opaque what[byteCount]`, as a view. */
  fixed(what: string, byteCount: number): Uint8Array {
    const start = this.advance(what, byteCount);
    return this.bytes.subarray(start, this.at);
  }

  /** `opaque what<floor..ceiling>`, as a view. */
  opaque(what: string, floor: number, ceiling: number): Uint8Array {
    return this.fixed(what, this.listLength(what, floor, ceiling));
  }

  /** `T what<floor..ceiling>`: a reader of its elements. */
  list(what: string, floor: number, ceiling: number): ByteReader {
    const start = this.advance(what, this.listLength(what, floor, ceiling));
    return new ByteReader(this.bytes, start, this.at, this.fault);
  }

  /** `opaque element<floor..ceiling>` until the end. */
  opaques(element: string, floor: number, ceiling: number): Uint8Array[] {
    const elements: Uint8Array[] = [];
    while (this.at < this.end) elements.push(this.opaque(element, floor, ceiling));
    return elements;
  }

  /** `uint16 what<floor..ceiling>`. */
  uint16s(what: string, floor: number, ceiling: number): number[] {
    const list = this.list(what, floor, ceiling);
    const numbers: number[] = [];
    while (list.at < list.end) numbers.push(list.uint16(what));
    return numbers;
  }

  /** Throws when something is left. */
  finish(what: string): void {
    if (this.at !== this.end) throw this.fault(`${what}: ${this.left} bytes too many`);
  }

  private listLength(what: string, floor: number, ceiling: number): number {
    const length = this.number(what, lengthBytes(ceiling));
    if (length < floor || length > ceiling) {
      throw this.fault(`${what}: ${length} bytes, not ${floor} to ${ceiling}`);
    }
    return length;
  }

  private number(what: string, byteCount: number): number {
    const start = this.advance(what, byteCount);
    let value = 0;
    for (let at = start; at < this.at; at += 1) value = value * 0x100 + (this.bytes[at] ?? 0);
    return value;
  }

  /** Moves on, and gives where it was. */
  private advance(what: string, byteCount: number): number {
    const start = this.at;
    if (byteCount > this.end - start) {
      throw this.fault(`${what}: ${byteCount} bytes where ${this.end - start} are left`);
    }
    this.at = start + byteCount;
    return start;
  }
}
