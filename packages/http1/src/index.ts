// Entry `@holdline/http1`: both roles, and the pure parts that other stacks can use alone.
export { type Authority, parseAuthority } from './authority.ts';
export * from './client.ts';
export { parseKeepAlive } from './control-fields.ts';
export { type LengthFields, type MessageLength, requestLength, responseLength } from './framing.ts';
export * from './server.ts';
