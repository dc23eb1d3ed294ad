// Several ranges in one response: the media type multipart/byteranges (RFC 9110 section 14.6).
import type { ByteRange } from './byte-ranges.ts';

/** What a content is made of: bytes as they are, and ranges of the representation. */
export type ContentPart = Uint8Array | ByteRange;

/** A content of several parts. */
export interface MultipartContent {
  /** For Content-Type. */
  readonly mediaType: string;
  readonly parts: readonly ContentPart[];
  readonly lengthBytes: number;
}

/** Of a part, and of the single range of a response (section 14.4). */
export function contentRange({ first, last }: ByteRange, sizeBytes: number): string {
  return `bytes ${first}-${last}/${sizeBytes}`;
}

/**
 * The content with these ranges of a representation of `sizeBytes` whose Content-Type is `mediaType`.
 * `boundary` is up to 70 letters, digits and hyphens that occur in no part, such as random ones.
 */
export function multipartByteranges(
  ranges: readonly ByteRange[],
  sizeBytes: number,
  mediaType: string,
  boundary: string,
): MultipartContent {
  const encoder = new TextEncoder();
  const parts: ContentPart[] = [];
  let lineBreak = '';
  for (const range of ranges) {
    // «the server MUST generate a Content-Range header field corresponding to the range being enclosed
    // in that body part», and «SHOULD generate that same Content-Type», section 15.3.7.2.
    const lines = [
      `${lineBreak}--${boundary}`,
      `Content-Type: ${mediaType}`,
      `Content-Range: ${contentRange(range, sizeBytes)}`,
      '',
      '',
    ];
    parts.push(encoder.encode(lines.join('\r\n')), range);
    lineBreak = '\r\n';
  }
  parts.push(encoder.encode(`\r\n--${boundary}--\r\n`));
  return {
    // Unquoted: «some existing implementations handle a quoted boundary string incorrectly».
    mediaType: `multipart/byteranges; boundary=${boundary}`,
    parts,
    lengthBytes: parts.reduce((sum, part) => sum + lengthOf(part), 0),
  };
}

/** Bytes of a part. */
export function lengthOf(part: ContentPart): number {
  return part instanceof Uint8Array ? part.length : part.last - part.first + 1;
}
