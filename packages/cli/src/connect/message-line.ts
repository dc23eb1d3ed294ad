// How what comes is shown: one line for each message, whatever is in it.
import { escapeInvisible } from '../escape.ts';

/** Bytes of a binary message that are shown. */
const PREVIEW_BYTES = 32;

/** `20:01:02.345 < text 5 B  hello`, `20:01:02.345 < binary 300 B  89 50 4e 47 ...` */
export function messageLine(message: string | Uint8Array, time: Date): string {
  const isText = typeof message === 'string';
  const byteCount = isText ? Buffer.byteLength(message) : message.length;
  const content = isText ? escapeInvisible(message) : hexPreview(message);
  const line = `${clockTime(time)} < ${isText ? 'text' : 'binary'} ${byteCount} B`;
  return content === '' ? line : `${line}  ${content}`;
}

/** `20:01:02.345 < pong 0.42 ms` */
export function pongLine(roundTripMs: number, time: Date): string {
  return `${clockTime(time)} < pong ${formatMilliseconds(roundTripMs)}`;
}

/** `20:01:02.345 < heartbeat 0.42 ms` */
export function heartbeatLine(roundTripMs: number, time: Date): string {
  return `${clockTime(time)} < heartbeat ${formatMilliseconds(roundTripMs)}`;
}

/** `20:01:02.345 < ping 4 B  00 00 00 01`, which has been answered. */
export function pingLine(payload: Uint8Array, time: Date): string {
  const line = `${clockTime(time)} < ping ${payload.length} B`;
  return payload.length === 0 ? line : `${line}  ${hexPreview(payload)}`;
}

/** Three digits that mean something: `0.42 ms`, `12.3 ms`, `1204 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  const digits = milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0;
  return `${milliseconds.toFixed(digits)} ms`;
}

/** `89 50 4e 47`, with three dots where more follows. */
function hexPreview(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, PREVIEW_BYTES), (byte) => {
    return byte.toString(16).padStart(2, '0');
  });
  if (bytes.length > PREVIEW_BYTES) shown.push('...');
  return shown.join(' ');
}

/** Of the place where the terminal is. */
function clockTime(time: Date): string {
  const parts = [time.getHours(), time.getMinutes(), time.getSeconds()];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}
