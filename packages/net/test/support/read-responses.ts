// A client's naive reader of responses, which shares no code with the machines.

export interface ReadResponse {
  readonly status: number;
  readonly content: string;
}

/** All complete responses in a text, to requests of these methods. Throws where it is malformed. */
export function readResponses(text: string, methods: readonly string[]): ReadResponse[] {
  const responses: ReadResponse[] = [];
  let rest = text;
  while (rest !== '') {
    const headEnd = rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return responses;
    const head = rest.slice(0, headEnd).toLowerCase();
    rest = rest.slice(headEnd + 4);
    const status = Number(/^http\/1\.1 (\d{3}) /.exec(head)?.[1]);
    if (Number.isNaN(status)) throw new Error(`no status-line: ${head.slice(0, 100)}`);
    const length = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1] ?? 0);
    let content = '';
    if (methods[responses.length] !== 'HEAD') {
      if (head.includes('transfer-encoding: chunked')) {
        const read = readChunked(rest);
        if (read === null) return responses;
        [content, rest] = read;
      } else {
        if (rest.length < length) return responses;
        content = rest.slice(0, length);
        rest = rest.slice(length);
      }
    }
    responses.push({ status, content });
  }
  return responses;
}

function readChunked(text: string): [content: string, rest: string] | null {
  let content = '';
  for (let at = 0; ; ) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error(`no chunk size at ${at}`);
    at = lineEnd + 2 + size + 2;
    if (text.length < at) return null;
    if (size === 0) return [content, text.slice(at)];
    content += text.slice(lineEnd + 2, lineEnd + 2 + size);
  }
}
