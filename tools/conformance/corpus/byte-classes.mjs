// Classes of bytes, as the grammars have them; each takes a string of one character.

/** RFC 9110 section 5.6.2. */
export const isTokenCharacter = (character) => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]$/.test(character);

/** RFC 3986 section 3.3 without pct-encoded, and the slash between segments. */
export const isPathCharacter = (character) => /^[-\w.~!$&'()*+,;=:@/]$/.test(character);

/** RFC 3986 section 3.4, without pct-encoded. */
export const isQueryCharacter = (character) => isPathCharacter(character) || character === '?';

/** RFC 3986 section 3.2.2: reg-name without pct-encoded. */
export const isHostCharacter = (character) => /^[-\w.~!$&'()*+,;=]$/.test(character);

/** SP and HTAB: OWS, RWS and BWS of RFC 9110 section 5.6.3. */
export const isBlank = (character) => character === ' ' || character === '\t';

/** What may stand for SP in a request-line that is read leniently (RFC 9112 section 3). */
export const isLenientBlank = (character) => /^[ \t\v\f\r]$/.test(character);

/** VCHAR and obs-text. */
export const isFieldCharacter = (character) => /^[!-~\x80-\xff]$/.test(character);

/** CR, LF and NUL, which a recipient may replace with SP (RFC 9110 section 5.5). */
export const isReplaceable = (character) => /^[\r\n\0]$/.test(character);

/** RFC 9110 section 5.6.4. */
export const isQuotedText = (character) =>
  isBlank(character) || (isFieldCharacter(character) && character !== '"' && character !== '\\');

/** HEXDIG in both cases. */
export const isHexDigit = (character) => /^[0-9A-Fa-f]$/.test(character);

/** DIGIT. */
export const isDigit = (character) => /^[0-9]$/.test(character);
