// The value of a field that may come in several lines, and the members of one that is a list.

/** A field line as requests have them: the name in lower case. */
export interface FieldLine {
  readonly name: string;
  readonly value: string;
}

/**
 * The values of all lines of a field, joined by commas (RFC 9110 section 5.3); null when it is
 * absent. A field that must not be repeated becomes a value that its grammar refuses.
 */
export function fieldValue(fields: readonly FieldLine[], name: string): string | null {
  let joined: string | null = null;
  for (const field of fields) {
    if (field.name === name) joined = joined === null ? field.value : `${joined}, ${field.value}`;
  }
  return joined;
}

/**
 * The members of a list without quoted strings. «A recipient MUST parse and ignore a reasonable
 * number of empty list elements», section 5.6.1.2.
 */
export function listMembers(value: string): string[] {
  return value
    .split(',')
    .map(withoutWhitespace)
    .filter((member) => member !== '');
}

/** Without OWS at both ends: SP and HTAB, and not what `trim` takes for blanks. */
function withoutWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) start += 1;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** SP / HTAB (section 5.6.3). */
export function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
