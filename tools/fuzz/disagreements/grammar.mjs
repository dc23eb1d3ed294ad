// The grammar once more, as regular expressions made from the RFCs alone, so that a rule can tell
// whether a refusal was right without asking the code that refused.
import { METHODS } from 'node:http';
import { isIPv6 } from 'node:net';

const TCHAR = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
const UNRESERVED = '[A-Za-z0-9._~-]';
const SUB_DELIMS = "[!$&'()*+,;=]";
const PERCENT = '%[0-9A-Fa-f]{2}';
const PCHAR = `(?:${UNRESERVED}|${PERCENT}|${SUB_DELIMS}|[:@])`;
const QUERY = `(?:\\?(?:${PCHAR}|[/?])*)?`;
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"';

const TOKEN = new RegExp(`^${TCHAR}+$`);
const REG_NAME = new RegExp(`^(?:${UNRESERVED}|${PERCENT}|${SUB_DELIMS})*$`);
const IP_FUTURE = new RegExp(`^v[0-9A-Fa-f]+\\.(?:${UNRESERVED}|${SUB_DELIMS}|:)+$`, 'i');
const ORIGIN = new RegExp(`^/(?:${PCHAR}|/)*${QUERY}$`);
const PATH_ABEMPTY = new RegExp(`^(?:/(?:${PCHAR}|/)*)?${QUERY}$`);
const ABSOLUTE = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?]*))?(.*)$/s;
const PATH = new RegExp(`^(?:${PCHAR}|/)*${QUERY}$`);
const EXTENSION = `[ \\t]*;[ \\t]*${TCHAR}+(?:[ \\t]*=[ \\t]*(?:${TCHAR}+|${QUOTED}))?`;
const CHUNK_LINE = new RegExp(`^[0-9A-Fa-f]+(?:${EXTENSION})*$`);
const CODING = `${TCHAR}+(?:[ \\t]*;[ \\t]*${TCHAR}+[ \\t]*=[ \\t]*(?:${TCHAR}+|${QUOTED}))*`;
const CODINGS = new RegExp(`^[ \\t,]*${CODING}(?:[ \\t]*,[ \\t,]*${CODING})*[ \\t,]*$`);

export const isToken = (text) => TOKEN.test(text);

/** Methods that node's parser knows; it has no others. */
export const isKnownMethod = (method) => METHODS.includes(method);

/** `uri-host [ ":" port ]`, RFC 9110 section 7.2. */
export function isHost(text) {
  const [, literal, name, port = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(.*))?$/s.exec(text) ?? [];
  if (!/^[0-9]*$/.test(port)) return false;
  if (literal === undefined) return name !== undefined && REG_NAME.test(name);
  return IP_FUTURE.test(literal) || (isIPv6(literal) && !literal.includes('%'));
}

/** `uri-host ":" port`, with a port that exists, RFC 9110 section 9.3.6. */
function isTunnelTarget(text) {
  const port = Number(/^.+:([0-9]+)$/s.exec(text)?.[1]);
  return isHost(text) && port >= 1 && port <= 65_535;
}

/** One of the four forms of RFC 9112 section 3.2, as its method allows it. */
export function isTarget(method, target) {
  if (method === 'CONNECT') return isTunnelTarget(target);
  if (target === '*') return method === 'OPTIONS';
  return ORIGIN.test(target) || isAbsolute(target);
}

function isAbsolute(target) {
  const [, scheme, authority, rest = ''] = ABSOLUTE.exec(target) ?? [];
  if (scheme === undefined) return false;
  const isHttp = /^https?$/i.test(scheme);
  if (authority === undefined) return !isHttp && PATH.test(rest);
  if (!PATH_ABEMPTY.test(rest)) return false;
  // RFC 9110 sections 4.2.1 and 4.2.4: an http URI has a host, and no user.
  if (isHttp) return isHost(authority) && !/^(?::|$)/.test(authority);
  const [, user = '', host = ''] = /^(?:(.*)@)?(.*)$/s.exec(authority) ?? [];
  return new RegExp(`^(?:${UNRESERVED}|${PERCENT}|${SUB_DELIMS}|:)*$`).test(user) && isHost(host);
}

/** `chunk-size [ chunk-ext ]`, RFC 9112 section 7.1. */
export const isChunkLine = (line) => CHUNK_LINE.test(line);

/** `#transfer-coding` with at least one, RFC 9112 section 6.1. */
export const isCodingList = (value) => CODINGS.test(value);

/** The names of a list of codings, in lower case. */
export function codingNames(value) {
  const bare = value.replace(new RegExp(QUOTED, 'g'), '""');
  const names = bare.split(',').map((part) => part.split(';')[0].trim().toLowerCase());
  return names.filter((name) => name !== '');
}

/** Elements of a list of plain words, in lower case, without empty ones. */
export function words(value) {
  const parts = value.split(',').map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ''));
  return parts.filter((part) => part !== '').map((part) => part.toLowerCase());
}
