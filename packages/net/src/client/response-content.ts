// The content of a response as something to read.
import type { Field } from '@holdline/http1/client';

/** How much of a content is to be read at once. */
export interface ReadOptions {
  /** Bytes above which reading fails with `HTTP_CLIENT_CONTENT_TOO_LARGE`; 268435456 by default. */
  readonly bytesMax?: number;
}

/**
 * A response's content, to be read once: by iterating, or as a whole. Reads fail with
 * `HttpClientError` when the rest will not come, and with TypeError while another read is under way.
 * Up to 64 KiB of it wait for a reader here; what is more waits in the kernel, and then in the server.
 */
export interface ResponseContent extends AsyncIterableIterator<Uint8Array> {
  /** Trailer fields (RFC 9110 section 6.5); empty before the end. */
  readonly trailers: readonly Field[];
  /** The next piece, which is the reader's. */
  next(): Promise<IteratorResult<Uint8Array, undefined>>;
  /** Enough has been read: the rest is discarded. `for await` calls it at a `break`. */
  return(): Promise<IteratorResult<Uint8Array, undefined>>;
  /** The whole content, or what is left of it. */
  bytes(options?: ReadOptions): Promise<Uint8Array>;
  /** The whole content as text in UTF-8, as `fetch` decodes it. */
  text(options?: ReadOptions): Promise<string>;
  /** The whole content as JSON. Rejects with SyntaxError when it is none. */
  json(options?: ReadOptions): Promise<unknown>;
  /**
   * Nobody wants the rest. It is read and thrown away, so that the connection lives, unless it exceeds
   * `discardBytesMax` or takes longer than `discardMs`; then the connection is cut.
   */
  discard(): void;
  /** Nobody wants the rest, however little it is: unless all has come, the connection is cut. */
  abort(): void;
}
