// Entry `@holdline/websocket`: both roles, and the pure parts that other stacks can use alone.
export { acceptKey } from './accept-key.ts';
export * from './client.ts';
export { type CloseReason, parseClosePayload, serializeClosePayload } from './close-payload.ts';
export {
  FIN,
  type FrameHeader,
  frameHeaderBytes,
  HEADER_BYTES_MAX,
  HEADER_INCOMPLETE,
  LENGTH_NOT_MINIMAL,
  LENGTH_TOO_LARGE,
  OPCODE_BITS,
  parseFrameHeader,
  RSV_BITS,
  RSV1,
  serializeFrameHeader,
} from './frame-header.ts';
export { mask, maskInto } from './mask.ts';
export { isControl, isKnownOpcode, OPCODE } from './opcode.ts';
export * from './server.ts';
