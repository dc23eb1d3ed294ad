// Bytes as readable text: `\r`, `\n`, `\t`, `\\`, `\"`, `\xHH`, and `\{TEXT*N}` for TEXT N times.

const SIMPLE: Readonly<Record<string, number>> = {
  r: 13,
  n: 10,
  t: 9,
  '\\': 92,
  '"': 34,
};

/** The bytes that `text` stands for. Throws SyntaxError on an unknown escape or a character that is not printable ASCII. */
export function parseEscapes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e)
      throw new SyntaxError(`write U+${code.toString(16)} as an escape`);
    if (code !== 92) bytes.push(code);
    else index = parseEscape(text, index + 1, bytes);
  }
  return Uint8Array.from(bytes);
}

/** Parses one escape, whose character after the backslash is at `index`; returns the index of its last character. */
function parseEscape(text: string, index: number, bytes: number[]): number {
  const letter = text[index] ?? '';
  const simple = SIMPLE[letter];
  if (simple !== undefined) {
    bytes.push(simple);
    return index;
  }
  const hex = /^x([0-9a-fA-F]{2})/.exec(text.slice(index, index + 3));
  if (hex !== null) {
    bytes.push(Number.parseInt(hex[1] as string, 16));
    return index + 2;
  }
  const repeated = /^\{([^}]*)\*(\d+)\}/.exec(text.slice(index));
  if (repeated === null) throw new SyntaxError(`unknown escape \\${letter} in ${text}`);
  const unit = parseEscapes(repeated[1] as string);
  for (let count = Number(repeated[2]); count > 0; count--)
    for (const byte of unit) bytes.push(byte);
  return index + repeated[0].length - 1;
}

/** Prints bytes so that `parseEscapes` gives them back. */
export function printEscapes(data: Uint8Array): string {
  let text = '';
  for (const byte of data) {
    if (byte === 13) text += '\\r';
    else if (byte === 10) text += '\\n';
    else if (byte === 9) text += '\\t';
    else if (byte === 92 || byte === 34) text += `\\${String.fromCharCode(byte)}`;
    else if (byte >= 0x20 && byte <= 0x7e) text += String.fromCharCode(byte);
    else text += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

/** One code unit U+0000-U+00FF per byte. */
export function textOf(data: Uint8Array): string {
  let text = '';
  for (const byte of data) text += String.fromCharCode(byte);
  return text;
}

/** The inverse of `textOf`. Throws RangeError above U+00FF. */
export function bytesOf(text: string): Uint8Array {
  const data = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0xff) throw new RangeError(`U+${code.toString(16)} is not one byte`);
    data[index] = code;
  }
  return data;
}

/**
 * The bytes of an input or output block: each line and CRLF, or without CRLF when the line ends
 * with a single backslash. Throws SyntaxError on invisible whitespace at the end of a line.
 */
export function parseBlock(lines: readonly string[]): Uint8Array {
  const pieces = lines.map((line) => {
    if (/[ \t]$/.test(line))
      throw new SyntaxError(`write the space at the end of "${line}" as \\x20`);
    const continued = /(?:^|[^\\])(?:\\\\)*\\$/.test(line);
    return parseEscapes(continued ? line.slice(0, -1) : `${line}\\r\\n`);
  });
  const data = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    data.set(piece, position);
    position += piece.length;
  }
  return data;
}

/** Prints bytes as the lines of a block, so that `parseBlock` gives them back. */
export function printBlock(data: Uint8Array): string[] {
  const lines = printEscapes(data).split('\\r\\n');
  const last = lines.pop() ?? '';
  if (last !== '') lines.push(`${last}\\`);
  return lines.map((line) => line.replace(/ +$/, (spaces) => '\\x20'.repeat(spaces.length)));
}
