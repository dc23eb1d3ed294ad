// A naive one-shot reader of an HTTP/1.1 request, for comparison: it sees the whole text at once,
// takes regular expressions where the machine takes tables, and has no limits, no options and no
// tolerance. Written from RFC 9112, not from the machine.

/** What the oracle makes of a text that holds one request and perhaps more behind it. */
export type OracleVerdict =
  | { readonly verdict: 'invalid' }
  | { readonly verdict: 'incomplete' }
  | {
      readonly verdict: 'complete';
      readonly method: string;
      readonly target: string;
      readonly fields: readonly { readonly name: string; readonly value: string }[];
      readonly content: string;
      readonly rest: string;
    };

const INVALID: OracleVerdict = { verdict: 'invalid' };
const INCOMPLETE: OracleVerdict = { verdict: 'incomplete' };
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([!-~]+) HTTP/1\\.([0-9])$`);
const FIELD_LINE = new RegExp(
  `^(${TOKEN}):[ \\t]*((?:[!-~\\x80-\\xff](?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?)?)[ \\t]*$`,
);
const CHUNK_LINE = new RegExp(
  `^([0-9A-Fa-f]+)((?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"))?)*)$`,
);

/** Reads the first request of `text` (one code unit per byte), which must be HTTP/1.1 and have a Host. */
export function readRequest(text: string): OracleVerdict {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return INCOMPLETE;
  const lines = text.slice(0, headEnd).split('\r\n');
  const start = REQUEST_LINE.exec(lines[0] as string);
  const fields = readFields(lines.slice(1));
  if (start === null || fields === null) return INVALID;
  const values = (name: string) => fields.filter((f) => f.name === name).map((f) => f.value);
  const elements = (name: string) =>
    values(name).flatMap((value) =>
      value.split(',').map((part) => part.replace(/^[ \t]+|[ \t]+$/g, '')),
    );
  const codings = values('transfer-encoding');
  const lengths = elements('content-length');
  const behind = text.slice(headEnd + 4);
  const request = {
    verdict: 'complete' as const,
    method: start[1] as string,
    target: start[2] as string,
    fields,
  };
  if (codings.length > 0) {
    const isChunked =
      elements('transfer-encoding')
        .filter((coding) => coding !== '')
        .join()
        .toLowerCase() === 'chunked';
    if (lengths.length > 0 || !isChunked || start[3] === '0') return INVALID;
    const read = readChunks(behind);
    return 'verdict' in read ? read : { ...request, ...read };
  }
  if (
    lengths.some(
      (value) => !/^[0-9]+$/.test(value) || BigInt(value) > BigInt(Number.MAX_SAFE_INTEGER),
    )
  )
    return INVALID;
  if (new Set(lengths).size > 1) return INVALID;
  const length = Number(lengths[0] ?? 0);
  if (behind.length < length) return INCOMPLETE;
  return { ...request, content: behind.slice(0, length), rest: behind.slice(length) };
}

function readFields(lines: readonly string[]): { name: string; value: string }[] | null {
  const fields: { name: string; value: string }[] = [];
  for (const line of lines) {
    const match = FIELD_LINE.exec(line);
    if (match === null) return null;
    fields.push({ name: (match[1] as string).toLowerCase(), value: match[2] as string });
  }
  return fields;
}

function readChunks(text: string): OracleVerdict | { content: string; rest: string } {
  let content = '';
  let position = 0;
  for (;;) {
    const lineEnd = text.indexOf('\r\n', position);
    if (lineEnd < 0) return INCOMPLETE;
    const line = CHUNK_LINE.exec(text.slice(position, lineEnd));
    if (line === null) return INVALID;
    const size = Number.parseInt(line[1] as string, 16);
    if (size > Number.MAX_SAFE_INTEGER) return INVALID;
    position = lineEnd + 2;
    if (size === 0) return readTrailers(text, position, content);
    const data = text.slice(position, position + size);
    const after = text.slice(position + size, position + size + 2);
    if (!'\r\n'.startsWith(after)) return INVALID;
    if (after.length < 2) return INCOMPLETE;
    content += data;
    position += size + 2;
  }
}

function readTrailers(
  text: string,
  position: number,
  content: string,
): OracleVerdict | { content: string; rest: string } {
  if (text.startsWith('\r\n', position)) return { content, rest: text.slice(position + 2) };
  const end = text.indexOf('\r\n\r\n', position);
  if (end < 0) return INCOMPLETE;
  return readFields(text.slice(position, end).split('\r\n')) === null
    ? INVALID
    : { content, rest: text.slice(end + 4) };
}
