// `@holdline/websocket/node`: compression that leaves to node's own zlib what zlib does faster.
import type { Compression, DeflateContext } from '../compression.ts';
import { NodeDeflater } from './node-deflater.ts';
import { NodeInflater } from './node-inflater.ts';

export type {
  Compression,
  DeflateContext,
  MessageDeflater,
  MessageInflater,
} from '../compression.ts';

/** DEFLATE by node:zlib for whole large messages, by `@holdline/websocket/deflate` for all else. */
export const nodeCompression: Compression = /* @__PURE__ */ Object.freeze({
  createDeflater: (context: DeflateContext) => new NodeDeflater(context),
  createInflater: (context: DeflateContext) => new NodeInflater(context),
});
