// Responses whose heads were sent before, and so are ready as bytes. A server says the same again and again: what
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
/** Text up to this many characters is written at once; a longer one is left to the runtime's encoder. */
export const SHORT_TEXT_MAX = 256;
/** Content up to this many bytes is copied, so that it leaves with its head. */
const COPY_BYTES_MAX = 4_096;
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

/**
 * Queues a response whose head was sent before in an ordinary exchange. Returns the bytes of its
 * content; -1, with nothing queued, when the head is not known or the text is not ASCII.
 */
export function writeKnownResponse(
  queue: OutputQueue,
  head: ResponseHead,
  content: string | Uint8Array,
  settings: Http1ServerSettings,
  date: string,
): number {
  const known = slots[slotOf(head)]!;
  if (known === null || !isSame(known, head, settings)) return -1;
  if (known.date !== date && !replaceDate(known, date)) return -1;
  const { bytes } = known;
  const { length } = content;
  const isCopied = length <= COPY_BYTES_MAX;
  queue.reserve(bytes.length + LENGTH_BYTES_MAX + (isCopied ? length : 0));
  queue.bytes.set(bytes, queue.end);
  const end = writeLength(queue.bytes, queue.end + bytes.length, length);
  if (typeof content === 'string') {
    if (!writeAscii(queue.bytes, end, content)) return -1;
  } else if (isCopied) {
    queue.bytes.set(content, end);
  }
  queue.commit(isCopied ? end + length : end);
  if (!isCopied) queue.append(content as Uint8Array);
  return length;
}

/** Remembers a head that is written, in an ordinary exchange: its last line is Content-Length, and the one before it Date unless `date` is empty. */
export function learnHead(
  head: ResponseHead,
  contentLength: number,
  settings: Http1ServerSettings,
  date: string,
  written: Uint8Array,
): void {
  const { status, reason, fields } = head;
  unknownHeads = (unknownHeads + 1) % LEARN_EVERY;
  if (unknownHeads !== 0 || fields.length > FIELDS_MAX || written.length > HEAD_BYTES_MAX) return;
  const lengthStart = written.length - 4 - String(contentLength).length;
  slots[slotOf(head)] = {
    settings,
    status,
    reason,
    names: fields.map(({ name }) => name),
    values: fields.map(({ value }) => value),
    bytes: new Uint8Array(written.subarray(0, lengthStart)),
    date,
    dateStart: lengthStart - 'Content-Length: '.length - 2 - date.length,
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

/** False when there is anything but ASCII. */
function writeAscii(bytes: Uint8Array, start: number, text: string): boolean {
  let all = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    all |= code;
    bytes[start + index] = code;
  }
  return all < 0x80;
}
