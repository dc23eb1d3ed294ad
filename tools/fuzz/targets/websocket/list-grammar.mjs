// The grammar of Sec-WebSocket-Extensions (RFC 6455 section 9.1) once more, as regular expressions: what
// a list is, told without the parser.

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const PART =
  /[ \t]*(?:(?<token>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"(?<quoted>(?:[^"\\]|\\.)*)"|(?<mark>[,;=]))[ \t]*/sy;
/** Empty elements between commas are none (RFC 9110 section 5.6.1.2), but one must not be empty. */
const LIST = /^,*t(?:;t(?:=t)?)*(?:,(?:t(?:;t(?:=t)?)*)?)*$/;
const TOKENS = /^,*t(?:,t?)*$/;

/** A character for each part of a text: `t` for a token, quoted or not, `q` for it in quotes; null when there are others. */
function partsOf(text) {
  let parts = '';
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const groups = PART.exec(text)?.groups;
    if (groups === undefined) return null;
    const { token, quoted, mark } = groups;
    if (quoted !== undefined && !TOKEN.test(quoted.replace(/\\(.)/gs, '$1'))) return null;
    parts += mark ?? (token === undefined ? 'q' : 't');
  }
  return parts;
}

/** Whether lines are a list of extensions. Quotes stand around values only. */
export function isExtensionList(lines) {
  const parts = partsOf(lines.join(', '));
  return parts !== null && LIST.test(parts.replaceAll('=q', '=t'));
}

/** Whether lines are a list of tokens, `1#token`; whether one comes twice is another question. */
export function isTokenList(lines) {
  return TOKENS.test(partsOf(lines.join(', ')) ?? '');
}
