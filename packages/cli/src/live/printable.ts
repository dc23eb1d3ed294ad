// What a browser sent, as the live page shows it.
import { escapeInvisible } from '../escape.ts';

/** Characters of a target or a reason that are shown. */
const LENGTH_MAX = 120;

/** On one line, everything in it visible, and not for ever. */
export function printable(text: string): string {
  const escaped = escapeInvisible(text);
  return escaped.length > LENGTH_MAX ? `${escaped.slice(0, LENGTH_MAX - 1)}…` : escaped;
}
