/** One body part of a multipart/byteranges content. */
export interface BodyPart {
  readonly contentType: string;
  readonly contentRange: string;
  readonly content: Buffer;
}

/**
 * Takes a multipart apart by its boundary alone, as RFC 2046 section 5.1.1 has it: what the parts say
 * of their lengths is not believed.
 */
export function parseMultipart(mediaType: string, content: Buffer): BodyPart[] {
  const boundary = /^multipart\/byteranges; boundary=([0-9A-Za-z-]{1,70})$/.exec(mediaType)?.[1];
  if (boundary === undefined) throw new Error(`no boundary in ${mediaType}`);
  const text = content.toString('latin1');
  const [preamble, ...parts] = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (preamble !== '' || parts.pop() !== '--\r\n') throw new Error(`not a multipart: ${text}`);
  return parts.map((part) => {
    const match = /^\r\nContent-Type: (.*)\r\nContent-Range: (.*)\r\n\r\n/.exec(part);
    if (match === null) throw new Error(`not a body part: ${part}`);
    const [head, contentType = '', contentRange = ''] = match;
    return { contentType, contentRange, content: Buffer.from(part.slice(head.length), 'latin1') };
  });
}
