// Response heads that were sent before, ready as bytes. A server says the same again and again: what
// differs is the second of the Date field and the length of the content.
import type { OutputQueue } from './bytes/output-queue.ts';
import type { Field, ResponseHead } from './events.ts';
import type { Http1ServerSettings } from './server-settings.ts';

/** A power of two. */
const SLOTS = 16;
/** Of the heads that are not known so many are written for each that is learned: most servers have a few. */
const LEARN_EVERY = 4;
const FIELDS_MAX = 16;
const HEAD_BYTES_MAX = 1_024;
/** Digits of the greatest length, and two line ends. */
const LENGTH_BYTES_MAX = 20;
const CR = 0x0d;
const LF = 0x0a;
const DIGIT_ZERO = 0x30;

/** One head, up to the digits of its Content-Length. */
interface KnownHead {
  readonly settings: Http1ServerSettings;
  readonly status: number;
  readonly reason: string | undefined;
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly bytes: Uint8Array;
  /** What the Date field says, and where. */
  date: string;
  readonly dateStart: number;
}

const slots: (KnownHead | null)[] = /* @__PURE__ */ Array(SLOTS).fill(null);
let unknownHeads = 0;

/** Queues a head that has a length and was sent before in an ordinary exchange; false when it was not. */
export function writeKnownHead(
  queue: OutputQueue,
  head: ResponseHead,
  settings: Http1ServerSettings,
  date: string,
): boolean {
  const known = slots[slotOf(head)]!;
  if (known === null || !isSame(known, head, settings)) return false;
  if (known.date !== date && !replaceDate(known, date)) return false;
  const { bytes } = known;
  queue.reserve(bytes.length + LENGTH_BYTES_MAX);
  queue.bytes.set(bytes, queue.end);
  queue.commit(writeLength(queue.bytes, queue.end + bytes.length, head.contentLength!));
  return true;
}

/**
 * Remembers a head that was just queued, in an ordinary exchange, as `bytes[start..end)`: its last line
 * is Content-Length, the one before it Date unless `date` is empty, and of both it knows nothing else.
 */
export function learnHead(
  head: ResponseHead,
  settings: Http1ServerSettings,
  date: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  unknownHeads = (unknownHeads + 1) % LEARN_EVERY;
  if (unknownHeads !== 0 || head.fields.length > FIELDS_MAX || end - start > HEAD_BYTES_MAX) return;
  const lengthStart = end - 4 - String(head.contentLength).length;
  const { status, reason, fields } = head;
  slots[slotOf(head)] = {
    settings,
    status,
    reason,
    names: fields.map(({ name }) => name),
    values: fields.map(({ value }) => value),
    bytes: new Uint8Array(bytes.subarray(start, lengthStart)),
    date,
    dateStart: lengthStart - start - 'Content-Length: '.length - 2 - date.length,
  };
}

function slotOf({ status, fields }: ResponseHead): number {
  const { length } = fields;
  const last = length === 0 ? 0 : fields[length - 1]!.value.length;
  return (status + 5 * length + last) & (SLOTS - 1);
}

/** Values are compared, not the objects that carry them, which are the caller's to change. */
function isSame(known: KnownHead, head: ResponseHead, settings: Http1ServerSettings): boolean {
  const { names, values } = known;
  const fields: readonly Field[] = head.fields;
  if (known.status !== head.status || known.settings !== settings) return false;
  if (known.reason !== head.reason || names.length !== fields.length) return false;
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index]!;
    if (field.name !== names[index] || field.value !== values[index]) return false;
  }
  return true;
}

/** A date is as long as any other, and was valid when it came from the same settings. */
function replaceDate(known: KnownHead, date: string): boolean {
  if (date.length !== known.date.length) return false;
  for (let index = 0; index < date.length; index++) {
    known.bytes[known.dateStart + index] = date.charCodeAt(index);
  }
  known.date = date;
  return true;
}

/** Decimal digits and the end of the head; returns where that is. */
function writeLength(bytes: Uint8Array, start: number, contentLength: number): number {
  let at = start + 1;
  for (let rest = contentLength; rest >= 10; rest = Math.floor(rest / 10)) at++;
  const end = at;
  let rest = contentLength;
  do {
    bytes[--at] = DIGIT_ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  } while (at > start);
  bytes[end] = CR;
  bytes[end + 1] = LF;
  bytes[end + 2] = CR;
  bytes[end + 3] = LF;
  return end + 4;
}
