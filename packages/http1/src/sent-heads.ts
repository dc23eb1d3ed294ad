// Heads as they were sent before. Programs send the same head again and again: one that is the same,
// text by text, is copied, and is valid for being the same. What is kept are 32 heads of at most 1 KiB,
// in all connections together.
import type { OutputQueue } from './bytes/output-queue.ts';
import type { Field } from './events.ts';
import { fieldsBytesMax, writeNewHead } from './head-writer.ts';

/** A power of two. */
const SLOTS = 32;
const HEAD_BYTES_MAX = 1_024;
/** So many heads that want the slot go by before one of them takes it. */
const CHANCES = 64;

interface SentHead {
  readonly start: string;
  readonly fields: readonly Field[];
  readonly machineFields: readonly Field[];
  readonly bytes: Uint8Array;
  chances: number;
}

const sentHeads: (SentHead | null)[] = /* @__PURE__ */ Array(SLOTS).fill(null);

/**
 * Queues a head: a start-line with its CRLF, known to be valid; the caller's fields except those that
 * the machine writes itself; the machine's. Returns the bytes queued; throws TypeError, with nothing
 * queued, for what is no field.
 */
export function writeHead(
  queue: OutputQueue,
  start: string,
  fields: readonly Field[],
  machineFields: readonly Field[],
): number {
  const { length } = fields;
  const last = length === 0 ? 0 : fields[length - 1]!.value.length;
  const slot = (start.length + 5 * length + last) & (SLOTS - 1);
  const sent = sentHeads[slot]!;
  if (
    sent !== null &&
    sent.start === start &&
    isSame(sent.fields, fields) &&
    isSame(sent.machineFields, machineFields)
  ) {
    queue.append(sent.bytes);
    return sent.bytes.length;
  }
  const byteCount = writeNewHead(queue, start, fields, machineFields);
  if (sent === null || --sent.chances < 0) {
    // Fields that were left out have to fit, too.
    if (Math.max(byteCount, fieldsBytesMax(fields)) <= HEAD_BYTES_MAX) {
      const copies = fields.map(({ name, value }) => ({ name, value }));
      const bytes = new Uint8Array(queue.bytes.subarray(queue.end - byteCount, queue.end));
      sentHeads[slot] = { start, fields: copies, machineFields, bytes, chances: CHANCES };
    }
  }
  return byteCount;
}

/** Texts are compared, not the objects that carry them, which are the caller's to change. */
function isSame(before: readonly Field[], fields: readonly Field[]): boolean {
  if (before.length !== fields.length) return false;
  for (let index = 0; index < before.length; index++) {
    const { name, value } = before[index]!;
    const field = fields[index]!;
    if (field.value !== value || field.name !== name) return false;
  }
  return true;
}
