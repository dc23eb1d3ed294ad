// The content codings that `fetch` removes (RFC 9110 section 8.4.1), by Node's own decoders.
import { pipeline, Readable, type Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** Codings on top of one another that are removed; more are taken for an attack. */
const CODINGS_MAX = 5;

/** What is asked for by default: what is decoded here, on every supported version of Node. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/**
 * Decoders for a Content-Encoding value, in the order in which they are to be applied. Empty when
 * there is none, or one that is not known: then the content stays as it is, as the Fetch Standard
 * has it. Throws Error for more than five codings.
 */
export function contentDecoders(contentEncoding: string | null): readonly (() => Transform)[] {
  if (contentEncoding === null) return [];
  const codings = contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > CODINGS_MAX) {
    throw new Error(`the content has ${codings.length} codings, more than ${CODINGS_MAX}`);
  }
  const decoders: (() => Transform)[] = [];
  for (const coding of codings.reverse()) {
    const decoder = decoderOf(coding);
    if (decoder === null) return [];
    decoders.push(decoder);
  }
  return decoders;
}

function decoderOf(coding: string): (() => Transform) | null {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return () => zlib.createGunzip();
    case 'deflate':
      return () => zlib.createInflate();
    case 'br':
      return () => zlib.createBrotliDecompress();
    case 'zstd':
      // Node 22.15 and later.
      return typeof zlib.createZstdDecompress === 'function'
        ? () => zlib.createZstdDecompress()
        : null;
    default:
      return null;
  }
}

/**
 * Content with its codings removed, decoded no faster than it is read. Ends with the error of the
 * content, or of the first decoder that fails; truncated content is one. No content at all is none
 * with any coding: servers do send Content-Encoding before it.
 */
export async function* decodeContent(
  content: AsyncIterableIterator<Uint8Array>,
  decoders: readonly (() => Transform)[],
): AsyncGenerator<Uint8Array> {
  const first = await content.next();
  if (first.done === true) return;
  const streams = decoders.map((makeDecoder) => makeDecoder());
  const source = Readable.from(startingWith(first.value, content), { objectMode: false });
  // Whoever reads the last stream hears of errors there.
  pipeline([source, ...streams], () => {});
  yield* streams.at(-1) as AsyncIterable<Uint8Array>;
}

async function* startingWith(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
