// What to say of bytes that begin no record: most often somebody speaks another protocol than TLS.
import { PeerFault } from '../peer-fault.ts';
import { HEADER_BYTES } from './record-header.ts';

const SPACE = 0x20;
const TILDE = 0x7e;
/** "HTTP/", with which every response begins (RFC 9112 section 4). */
const HTTP_VERSION = [0x48, 0x54, 0x54, 0x50, 0x2f];

/** The fault of a header at `start` whose type nobody knows; `offset` is its place in the stream. */
export function unknownContentType(bytes: Uint8Array, start: number, offset: number): PeerFault {
  const header = bytes.subarray(start, start + HEADER_BYTES);
  const isText = offset === 0 && header.every((byte) => byte >= SPACE && byte <= TILDE);
  const isHttp = HTTP_VERSION.every((byte, index) => byte === header[index]);
  const came = isHttp ? 'a response of HTTP' : 'text';
  const detail = isText ? `${came} in the clear, not TLS` : `there is no content type ${header[0]}`;
  return new PeerFault('TLS_UNKNOWN_CONTENT_TYPE', detail);
}
