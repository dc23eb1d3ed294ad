// The Distinguished Encoding Rules (X.690 sections 8.1 and 10.1) as far as certificates need them: low tag
// numbers, definite lengths in their shortest form.

/** The bytes are not what was expected. Caught where the reading began, and never seen outside. */
export class DerFault extends Error {
  override readonly name: string = 'DerFault';
}

/** Identifier octets of the types that are met. */
export const DER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
} as const;

/** The identifier octet of a context-specific tag. */
export function contextTag(number: number, form: 'primitive' | 'constructed'): number {
  return (form === 'constructed' ? 0xa0 : 0x80) | number;
}

const LONG_FORM = 0x80;
/** More would be 4 GiB. */
const LENGTH_OCTETS_MAX = 4;

/** Reads the values of one constructed encoding after another. */
export class DerReader {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Whether everything has been read. */
  get isAtEnd(): boolean {
    return this.position === this.bytes.length;
  }

  /** Whether the next value has this tag. */
  isNext(tag: number): boolean {
    return this.position < this.bytes.length && this.bytes[this.position] === tag;
  }

  /** The contents of the next value, a view; throws DerFault unless it has this tag. */
  contents(tag: number): Uint8Array {
    if (!this.isNext(tag)) throw new DerFault(`tag ${tag} was expected`);
    this.position += 1;
    const length = this.length();
    const start = this.position;
    if (length > this.bytes.length - start) throw new DerFault('a value ends too late');
    this.position = start + length;
    return this.bytes.subarray(start, this.position);
  }

  /** A reader of the contents of the next value. */
  enter(tag: number): DerReader {
    return new DerReader(this.contents(tag));
  }

  /** The whole encoding of the next value, a view. */
  encoding(tag: number): Uint8Array {
    const start = this.position;
    this.contents(tag);
    return this.bytes.subarray(start, this.position);
  }

  /** Throws DerFault unless everything has been read. */
  finish(): void {
    if (!this.isAtEnd) throw new DerFault('there are bytes behind the last value');
  }

  private length(): number {
    const first = this.octet();
    if (first < LONG_FORM) return first;
    const octets = first - LONG_FORM;
    if (octets === 0 || octets > LENGTH_OCTETS_MAX) throw new DerFault('a length has a wrong form');
    let length = 0;
    for (let index = 0; index < octets; index += 1) length = length * 256 + this.octet();
    // "The length shall be encoded in the minimum number of octets" (X.690 section 10.1).
    const isShortest = length >= LONG_FORM && length >= 2 ** (8 * (octets - 1));
    if (!isShortest) throw new DerFault('a length is not in its shortest form');
    return length;
  }

  private octet(): number {
    const octet = this.bytes[this.position];
    if (octet === undefined) throw new DerFault('a length is cut off');
    this.position += 1;
    return octet;
  }
}
