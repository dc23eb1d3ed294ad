// Bytes as one readable line.

const NAMED = { '\r': '\\r', '\n': '\\n', '\t': '\\t', '\\': '\\\\' };

/** Text of one character a byte; whatever is not visible ASCII is escaped. */
export function escapeText(text) {
  return text.replace(/[^ -[\]-~]/g, (character) => NAMED[character] ?? hex(character));
}

function hex(character) {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

/** The same, of at most `charactersMax`: the middle of what is longer is left out. */
export function excerpt(text, charactersMax) {
  const escaped = escapeText(text);
  if (escaped.length <= charactersMax) return escaped;
  const half = Math.floor((charactersMax - 5) / 2);
  return `${escaped.slice(0, half)} ... ${escaped.slice(-half)}`;
}
