// Heads and chunk framing into the output queue. Text is checked and encoded in the same pass, and
// nothing is queued before all of it was found valid: no value, however it came here, can split a
// message or make its length ambiguous (RFC 9112 sections 11.1 and 11.2).
import type { OutputQueue } from './bytes/output-queue.ts';
import type { Field } from './events.ts';
import { BYTE_CLASS, FIELD_VALUE, isWhitespace, TOKEN } from './grammar.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SP = 0x20;
/** CRLF, colon and space around a field; CRLF at the end of a head. */
const FIELD_OVERHEAD_BYTES = 4;

/** A field line as it was sent before. */
interface KnownLine {
  readonly name: string;
  readonly value: string;
  readonly bytes: Uint8Array;
}

/** A power of two. */
const SLOTS = 256;
/** Of the lines that are not known so many are written for each that is learned. */
const LEARN_EVERY = 16;
const LINE_BYTES_MAX = 256;
const knownLines: (KnownLine | undefined)[] = /* @__PURE__ */ new Array(SLOTS).fill(undefined);
let unknownLines = 0;

/** Of lengths and letters, so that the usual fields have slots of their own. */
function slotOf(name: string, value: string): number {
  const last = name.length - 1;
  const letters = 3 * name.charCodeAt(0) + 7 * name.charCodeAt(last);
  return (letters + 13 * last + 5 * value.length) & (SLOTS - 1);
}

/** Writes one head: `begin`, start-line and fields, `end`. A throw in between leaves the queue as it was. */
export class HeadWriter {
  private readonly bytes: Uint8Array;
  private at: number;
  private readonly queue: OutputQueue;

  /** Makes room for a head of at most `byteCount` bytes. */
  constructor(queue: OutputQueue, byteCount: number) {
    queue.reserve(byteCount);
    this.queue = queue;
    this.bytes = queue.bytes;
    this.at = queue.end;
  }

  /** Text of this library's own, known to be ASCII. */
  constant(text: string): void {
    for (let index = 0; index < text.length; index++) {
      this.bytes[this.at + index] = text.charCodeAt(index);
    }
    this.at += text.length;
  }

  /** Text of the caller's that must consist of the given byte classes; throws TypeError. */
  checked(text: string, bits: number, what: string): void {
    if (!writeText(this.bytes, this.at, text, bits)) {
      throw new TypeError(`${what} has a character that is not allowed there`);
    }
    this.at += text.length;
  }

  /** A field line, copied when it was sent before: programs send the same ones again and again. */
  field({ name, value }: Field): void {
    const slot = slotOf(name, value);
    const known = knownLines[slot];
    if (known !== undefined && known.value === value && known.name === name) {
      this.bytes.set(known.bytes, this.at);
      this.at += known.bytes.length;
      return;
    }
    const start = this.at;
    this.newField(name, value);
    unknownLines = (unknownLines + 1) % LEARN_EVERY;
    if (unknownLines > 0 || this.at - start > LINE_BYTES_MAX) return;
    const bytes = new Uint8Array(this.bytes.subarray(start, this.at));
    knownLines[slot] = { name, value, bytes };
  }

  /** `field-name ":" SP field-value CRLF`; white space around the value is refused, for it would not arrive. */
  private newField(name: string, value: string): void {
    const { bytes } = this;
    if (name.length === 0) throw new TypeError('a field name must not be empty');
    this.checked(name, TOKEN, 'a field name');
    bytes[this.at++] = COLON;
    bytes[this.at++] = SP;
    const start = this.at;
    this.checked(value, FIELD_VALUE, 'a field value');
    const isPadded = isWhitespace(bytes[start]!) || isWhitespace(bytes[this.at - 1]!);
    if (isPadded && value.length > 0) {
      throw new TypeError('a field value must not start or end with white space');
    }
    this.lineEnd();
  }

  /** CRLF. */
  lineEnd(): void {
    this.bytes[this.at++] = CR;
    this.bytes[this.at++] = LF;
  }

  /** The empty line; queues everything written. */
  end(): void {
    this.lineEnd();
    this.queue.commit(this.at);
  }
}

/** Writes each code unit as a byte; false when one of them is of none of the classes. */
function writeText(bytes: Uint8Array, at: number, text: string, bits: number): boolean {
  const classes = BYTE_CLASS;
  let wrong = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // A code unit above 255 has no class: the table answers undefined, which ANDs to 0.
    wrong |= (classes[code]! & bits) - 1;
    bytes[at + index] = code;
  }
  return wrong >= 0;
}

/** Upper bound of the bytes that these fields take. */
export function fieldsBytesMax(fields: readonly Field[]): number {
  let byteCount = 2;
  for (let index = 0; index < fields.length; index++) {
    const { name, value } = fields[index]!;
    byteCount += name.length + value.length + FIELD_OVERHEAD_BYTES;
  }
  return byteCount;
}

/** One chunk: size, data, CRLF (RFC 9112 section 7.1). `data` is not empty. */
export function writeChunk(queue: OutputQueue, data: Uint8Array): void {
  const size = data.length.toString(16);
  const head = new HeadWriter(queue, size.length + 2);
  head.constant(size);
  head.end();
  queue.append(data);
  new HeadWriter(queue, 2).end();
}

/** The last chunk and the trailer section. */
export function writeLastChunk(queue: OutputQueue, trailers: readonly Field[]): void {
  const writer = new HeadWriter(queue, 3 + fieldsBytesMax(trailers));
  writer.constant('0\r\n');
  for (let index = 0; index < trailers.length; index++) writer.field(trailers[index]!);
  writer.end();
}
