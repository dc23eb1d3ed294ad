// Text that others wrote, made safe to show. A log line or a terminal must not be steered by what a
// client sends, and a page must not become what a file is called.

const NOT_PRINTABLE_ASCII = /[^\x20-\x7e]/gu;

const QUOTING_OR_NOT_PRINTABLE_ASCII = /["\\]|[^\x20-\x7e]/gu;

/**
 * Control, format (such as bidirectional overrides), private, unassigned and surrogate characters,
 * and line separators: what a reader cannot see, or what moves the rest.
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

const HTML_SPECIAL = /[&<>"']/g;

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * What a client sent, for a log: printable ASCII as it is, `\` and `"` with a backslash before them,
 * bytes as `\x1b`, wider characters as `\u{202e}`. Reversible, on one line, without quotes of its own.
 */
export function escapePeerText(text: string): string {
  return text.replace(QUOTING_OR_NOT_PRINTABLE_ASCII, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : escapeCharacter(character),
  );
}

/** What the user or the system wrote, for a terminal: legible in every script, but on one line. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, escapeCharacter);
}

/** What a client sent, for the content of an HTML element or a quoted attribute. */
export function escapePeerHtml(text: string): string {
  return escapeHtml(text.replace(NOT_PRINTABLE_ASCII, escapeCharacter));
}

/** Any text, for the content of an HTML element or a quoted attribute; what is invisible shows. */
export function escapeHtml(text: string): string {
  return escapeInvisible(text).replace(HTML_SPECIAL, (character) => HTML_ENTITIES[character]!);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
