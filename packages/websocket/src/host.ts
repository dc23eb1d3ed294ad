// `host [ ":" port ]` (RFC 3986 sections 3.2.2 and 3.2.3), in WebSocket URIs and in Host.

const PORT_MAX = 65_535;
/** `unreserved` and `sub-delims`, RFC 3986 section 2. */
const PLAIN = "A-Za-z0-9\\-._~!$&'()*+,;=";
const REG_NAME = /* @__PURE__ */ new RegExp(`^(?:[${PLAIN}]|%[0-9A-Fa-f]{2})+$`);
const IP_FUTURE = /* @__PURE__ */ new RegExp(`^[vV][0-9A-Fa-f]+\\.[${PLAIN}:]+$`);
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IPV6_GROUP = /^[0-9A-Fa-f]{1,4}$/;
const AUTHORITY = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/;

/** A host with what followed the colon. */
export interface HostAndPort {
  /** As written, in brackets if it is an IP literal; never empty. */
  readonly host: string;
  /** 1-65535; null when absent or empty. */
  readonly port: number | null;
}

/** Splits and checks; null when it is none: no host, user information, or a port that cannot be connected to. */
export function parseHostAndPort(text: string): HostAndPort | null {
  const match = AUTHORITY.exec(text);
  if (match === null) return null;
  const [, host = '', digits = ''] = match;
  if (!(host.startsWith('[') ? isIpLiteral(host.slice(1, -1)) : REG_NAME.test(host))) return null;
  if (digits === '') return { host, port: null };
  const port = Number(digits);
  return port >= 1 && port <= PORT_MAX ? { host, port } : null;
}

/** `IPv6address / IPvFuture`. */
function isIpLiteral(text: string): boolean {
  return isIpv6(text) || IP_FUTURE.test(text);
}

/** Eight groups of 16 bits, of which `::` stands for one or more; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const endsInIpv4 = IPV4.test(last) && !text.endsWith('::');
  const plain = endsInIpv4 ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => IPV6_GROUP.test(group))) return false;
  const count = groups.length + (endsInIpv4 ? 1 : 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}
