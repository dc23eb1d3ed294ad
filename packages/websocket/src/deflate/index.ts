// `@holdline/websocket/deflate`: compression in plain JavaScript, for every platform.
import type { Compression, DeflateContext } from '../compression.ts';
import { Deflater } from './deflater.ts';
import { Inflater } from './inflater.ts';

export type {
  Compression,
  DeflateContext,
  MessageDeflater,
  MessageInflater,
} from '../compression.ts';

/** DEFLATE (RFC 1951) for the messages of a connection (RFC 7692), without any platform. */
export const pureCompression: Compression = /* @__PURE__ */ Object.freeze({
  createDeflater: (context: DeflateContext) => new Deflater(context),
  createInflater: (context: DeflateContext) => new Inflater(context),
});
