// Heads and chunk framing into the output queue. Text is checked and encoded in the same pass, and
// nothing is queued before all of it was found valid: no value, however it came here, can split a
// message or make its length ambiguous (RFC 9112 sections 11.1 and 11.2).
import type { OutputQueue } from './bytes/output-queue.ts';
import { NO_FIELDS } from './content-decoder.ts';
import type { Field } from './events.ts';
import { BYTE_CLASS, FIELD_VALUE, isName, isWhitespace, TOKEN } from './grammar.ts';

const CR = 0x0d;
const LF = 0x0a;
const COLON = 0x3a;
const SP = 0x20;
/** CRLF, colon and space around a field; CRLF at the end of a head. */
const FIELD_OVERHEAD_BYTES = 4;

/**
 * Queues a head: a start-line with its CRLF, known to be valid; the caller's fields except those that
 * the machine writes itself; the machine's. Returns the bytes queued; throws TypeError, with nothing
 * queued, for what is no field.
 */
export function writeNewHead(
  queue: OutputQueue,
  start: string,
  fields: readonly Field[],
  machineFields: readonly Field[],
): number {
  queue.reserve(start.length + fieldsBytesMax(fields) + fieldsBytesMax(machineFields));
  const { bytes, end } = queue;
  writeText(bytes, end, start, 0);
  let at = end + start.length;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    if (!isMachines(field.name)) at = writeField(bytes, at, field);
  }
  for (let index = 0; index < machineFields.length; index++) {
    at = writeField(bytes, at, machineFields[index]!);
  }
  queue.commit(writeLineEnd(bytes, at));
  return queue.end - end;
}

/** The machine writes such fields itself. */
function isMachines(name: string): boolean {
  return isName(name, 'connection') || isName(name, 'transfer-encoding');
}

/** `field-name ":" SP field-value CRLF`; returns where it ends. */
function writeField(bytes: Uint8Array, start: number, { name, value }: Field): number {
  if (name.length === 0) throw new TypeError('a field name must not be empty');
  if (!writeText(bytes, start, name, TOKEN)) throw characterError('a field name');
  const at = start + name.length;
  bytes[at] = COLON;
  bytes[at + 1] = SP;
  writeValue(bytes, at + 2, value);
  return writeLineEnd(bytes, at + 2 + value.length);
}

/** White space around the value is refused, for it would not arrive. */
function writeValue(bytes: Uint8Array, start: number, value: string): void {
  const { length } = value;
  if (!writeText(bytes, start, value, FIELD_VALUE)) throw characterError('a field value');
  if (length === 0) return;
  if (isWhitespace(bytes[start]!) || isWhitespace(bytes[start + length - 1]!)) {
    throw new TypeError('a field value must not start or end with white space');
  }
}

/** CRLF; returns where it ends. */
function writeLineEnd(bytes: Uint8Array, at: number): number {
  bytes[at] = CR;
  bytes[at + 1] = LF;
  return at + 2;
}

/** Writes each code unit as a byte; false when one of them is of none of the classes. `bits` may be 0 for what is known to be bytes. */
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

/** A TypeError about text of the caller's. */
export function characterError(what: string): TypeError {
  return new TypeError(`${what} has a character that is not allowed there`);
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
  queue.reserve(size.length + 2);
  writeText(queue.bytes, queue.end, size, 0);
  queue.commit(writeLineEnd(queue.bytes, queue.end + size.length));
  queue.append(data);
  queue.reserve(2);
  queue.commit(writeLineEnd(queue.bytes, queue.end));
}

/** The last chunk and the trailer section. */
export function writeLastChunk(queue: OutputQueue, trailers: readonly Field[]): void {
  writeNewHead(queue, '0\r\n', trailers, NO_FIELDS);
}
