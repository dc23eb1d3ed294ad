// `uri-host [ ":" port ]`, the value of Host and the target of CONNECT (RFC 9110 section 7.2,
// RFC 3986 section 3.2).
import {
  BYTE_CLASS,
  consistsOf,
  DIGIT,
  HEX_DIGIT,
  PERCENT,
  percentIsComplete,
  REG_NAME,
  runEnd,
  trimWhitespace,
} from './grammar.ts';

const COLON = 0x3a;
const PORT_MAX = 65_535;

/** Host and port as written; `port` is null without a colon. */
export interface Authority {
  readonly host: string;
  readonly port: string | null;
}

/** Splits and validates an authority without userinfo; null when it is not one. An empty host is valid here. */
export function parseAuthority(text: string): Authority | null {
  const end = hostEnd(text);
  if (end === -1) return null;
  return { host: text.slice(0, end), port: end === text.length ? null : text.slice(end + 1) };
}

/** A name without percent-encoding, or an IPv4 address, and perhaps a port: as nearly all are. */
export function isPlainAuthority(bytes: Uint8Array, start: number, end: number): boolean {
  const colon = runEnd(bytes, start, end, REG_NAME);
  if (colon === end) return true;
  return bytes[colon] === COLON && runEnd(bytes, colon + 1, end, DIGIT) === end;
}

/** Where the host of an authority ends, at the colon or the end of the text; -1 when it is no authority. */
export function hostEnd(text: string): number {
  const end = text.startsWith('[') ? ipLiteralEnd(text) : regNameEnd(text);
  const hasPort = text.charCodeAt(end) === COLON && isDecimal(text, end + 1);
  return hasPort || end === text.length ? end : -1;
}

/** `uri-host ":" port` with a port that can be connected to (RFC 9110 section 9.3.6). */
export function isTunnelAuthority(text: string): boolean {
  const end = hostEnd(text);
  // -1: no authority; 0: no host.
  if (end < 1) return false;
  const port = Number(text.slice(end + 1));
  return port >= 1 && port <= PORT_MAX;
}

/** `reg-name = *( unreserved / pct-encoded / sub-delims )`, RFC 3986 section 3.2.2; -1 after half a percent-encoding. */
function regNameEnd(text: string): number {
  let at = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff || (BYTE_CLASS[code]! & (REG_NAME | PERCENT)) === 0) break;
    if (code === 0x25 && !percentIsComplete(text.slice(at, at + 3))) return -1;
  }
  return at;
}

/** `*DIGIT` from an index on: the port of RFC 3986 section 3.2.3. */
function isDecimal(text: string, start: number): boolean {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** `"[" ( IPv6address / IPvFuture ) "]"`, RFC 3986 section 3.2.2; -1 when it is none. */
function ipLiteralEnd(text: string): number {
  const bracket = text.indexOf(']');
  const inside = text.slice(1, Math.max(1, bracket));
  if (inside !== trimWhitespace(inside)) return -1;
  const isFuture = inside.startsWith('v') || inside.startsWith('V');
  return (isFuture ? isIpFuture(inside) : isIpv6(inside)) ? bracket + 1 : -1;
}

/** `"v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )`. */
function isIpFuture(text: string): boolean {
  const dot = text.indexOf('.');
  if (dot < 2 || !consistsOf(text.slice(1, dot), HEX_DIGIT)) return false;
  const rest = text.slice(dot + 1).replaceAll(':', '-');
  return consistsOf(rest, REG_NAME);
}

/** Eight groups of 16 bits; one run of zeros may be `::`, the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const compressed = halves.length === 2;
  let groups = 0;
  for (let half = 0; half < halves.length; half++) {
    const part = halves[half]!;
    if (part === '') {
      if (!compressed) return false;
      continue;
    }
    const pieces = part.split(':');
    for (let at = 0; at < pieces.length; at++) {
      const last = half === halves.length - 1 && at === pieces.length - 1;
      const size = groupSize(pieces[at]!, last);
      if (size === 0) return false;
      groups += size;
    }
  }
  return compressed ? groups <= 7 : groups === 8;
}

/** How many 16-bit groups a piece stands for: 0 when it is none. */
function groupSize(piece: string, last: boolean): 0 | 1 | 2 {
  if (last && piece.includes('.')) return isIpv4(piece) ? 2 : 0;
  return piece.length <= 4 && consistsOf(piece, HEX_DIGIT) ? 1 : 0;
}

/** `dec-octet "." dec-octet "." dec-octet "." dec-octet` without leading zeros. */
function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return (
    octets.length === 4 &&
    octets.every(
      (octet) => isDecimal(octet, 0) && octet === String(Number(octet)) && Number(octet) <= 255,
    )
  );
}
