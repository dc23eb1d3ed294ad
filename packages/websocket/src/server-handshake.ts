// The opening handshake as a server reads it (RFC 6455 section 4.2.1): a request that is whole and
// right, one that is for something else, or one to be refused.
import { isKey } from './accept-key.ts';
import { type Extension, parseExtensionList } from './extension-list.ts';
import { handshakeFaultMessage } from './handshake-fault-message.ts';
import {
  fieldValues,
  type HandshakeField,
  type HandshakeRequestHead,
  type HandshakeResponseHead,
  listHasToken,
  WEBSOCKET_VERSION,
} from './handshake-head.ts';
import { DEFAULT_HANDSHAKE_LIMITS, type HandshakeLimits } from './handshake-limits.ts';
import { parseHostAndPort } from './host.ts';
import { listFaultDetail, type MalformedList } from './list-reader.ts';
import { REQUEST_FAULTS, type RequestFaultCode } from './request-faults.ts';
import { parseSubprotocols } from './subprotocol.ts';

/** `DIGIT | (NZDIGIT DIGIT) | ("1" DIGIT DIGIT) | ("2" DIGIT DIGIT)`, limited to 255. */
const VERSION = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const ABSOLUTE_URI = /^https?:\/\/([^/?]*)([^?]*.*)$/i;
const ZEROS = /^0+$/;

/** A client's handshake that can be accepted, and what may decide whether and how. */
export interface OpeningRequest {
  readonly type: 'opening';
  /** «An identifier for the service»: the target's path and query. */
  readonly resourceName: string;
  /** Host and perhaps port that the client asks for, as written. */
  readonly authority: string;
  /** The Origin field in lower case, which a browser always sends: «null» from some; null when absent. */
  readonly origin: string | null;
  /** As offered, most preferred first. */
  readonly subprotocols: readonly string[];
  /** As offered, most preferred first; the same name may come several times. */
  readonly extensions: readonly Extension[];
  /** `Sec-WebSocket-Key` as it is. */
  readonly key: string;
}

/** A request for something else, to be served as usual, or with `response` where there is only a WebSocket. */
export interface NotWebSocket {
  readonly type: 'not-websocket';
  readonly code: RequestFaultCode;
  readonly message: string;
  /**
   * The request has a Sec-WebSocket field all the same: someone on the way, such as a proxy that was
   * not told to pass upgrades on, has taken the rest off.
   */
  readonly wasAttempted: boolean;
  readonly response: HandshakeResponseHead;
}

/** A handshake that «the server MUST stop processing», and the response to it. */
export interface RefusedRequest {
  readonly type: 'refused';
  readonly code: RequestFaultCode;
  readonly message: string;
  readonly response: HandshakeResponseHead;
}

/** What probably happened to a handshake of which only some is left. */
const NOT_PASSED_ON = 'a proxy may not have passed it on';

/** Reads a request. Never throws for what a client sends. */
export function readOpeningRequest(
  head: HandshakeRequestHead,
  limits: HandshakeLimits = DEFAULT_HANDSHAKE_LIMITS,
): OpeningRequest | NotWebSocket | RefusedRequest {
  const { fields } = head;
  const missing = missingUpgrade(head);
  if (missing !== null) return notWebSocket(missing, fields);
  if (head.method !== 'GET') return refused('WS_METHOD_NOT_GET');
  const target = splitTarget(head.target);
  if (target === null) return refused('WS_INVALID_TARGET');
  const hosts = fieldValues(fields, 'host');
  // Another version may have other rules for all that follows.
  const fault = hostFault(hosts) ?? versionFault(fields) ?? keyFault(fields) ?? extraFault(fields);
  if (fault !== null) return refused(fault);
  const lists = readLists(fields, limits);
  if (lists.type === 'refused') return lists;
  return {
    type: 'opening',
    resourceName: target.resourceName,
    // The target's own goes before Host (RFC 9112 section 3.2.2).
    authority: target.authority ?? hosts[0]!,
    origin: fieldValues(fields, 'origin')[0]?.toLowerCase() ?? null,
    subprotocols: lists.subprotocols,
    extensions: lists.extensions,
    key: fieldValues(fields, 'sec-websocket-key')[0]!,
  };
}

/** What makes it a request for something else (RFC 9110 section 7.8); null when nothing does. */
function missingUpgrade(head: HandshakeRequestHead): RequestFaultCode | null {
  if (!listHasToken(fieldValues(head.fields, 'upgrade'), 'websocket')) return 'WS_NO_UPGRADE';
  if (head.minorVersion === 0) return 'WS_HTTP_VERSION_TOO_LOW';
  const hasOption = listHasToken(fieldValues(head.fields, 'connection'), 'upgrade');
  return hasOption ? null : 'WS_NO_UPGRADE_OPTION';
}

function notWebSocket(code: RequestFaultCode, fields: readonly HandshakeField[]): NotWebSocket {
  const wasAttempted = fields.some(({ name }) => /^sec-websocket-(?:key|version)$/i.test(name));
  const { message, response } = refused(code, wasAttempted ? NOT_PASSED_ON : undefined);
  return { type: 'not-websocket', code, message, wasAttempted, response };
}

function refused(code: RequestFaultCode, detail?: string): RefusedRequest {
  const { status, section } = REQUEST_FAULTS[code];
  const message = handshakeFaultMessage(code, section, detail);
  return { type: 'refused', code, message, response: { status, fields: fieldsOf(code, status) } };
}

/** What the response to a fault must say. */
function fieldsOf(code: RequestFaultCode, status: number): readonly HandshakeField[] {
  // «The origin server MUST generate an Allow header field in a 405 response», RFC 9110 section 15.5.6.
  if (status === 405) return [{ name: 'Allow', value: 'GET' }];
  const versions: HandshakeField = { name: 'Sec-WebSocket-Version', value: WEBSOCKET_VERSION };
  if (status !== 426) return code.endsWith('_VERSION') ? [versions] : [];
  // «The server MUST send an Upgrade header field in a 426 response», RFC 9110 section 15.5.22.
  return [
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
    versions,
  ];
}

/** «A "Request-URI" that should be interpreted as a /resource name/ (or an absolute HTTP/HTTPS URI)». */
function splitTarget(target: string): { authority: string | null; resourceName: string } | null {
  if (target.includes('#')) return null;
  if (target.startsWith('/')) return { authority: null, resourceName: target };
  const [, authority = '', rest = ''] = ABSOLUTE_URI.exec(target) ?? [];
  if (parseHostAndPort(authority) === null) return null;
  return { authority, resourceName: rest.startsWith('/') ? rest : `/${rest}` };
}

function hostFault(hosts: readonly string[]): RequestFaultCode | null {
  const [host] = hosts;
  if (host === undefined) return 'WS_MISSING_HOST';
  if (hosts.length > 1) return 'WS_DUPLICATE_HOST';
  return parseHostAndPort(host) === null ? 'WS_INVALID_HOST' : null;
}

function versionFault(fields: readonly HandshakeField[]): RequestFaultCode | null {
  const versions = fieldValues(fields, 'sec-websocket-version');
  const [version] = versions;
  if (version === undefined) return 'WS_MISSING_VERSION';
  if (versions.length > 1) return 'WS_DUPLICATE_VERSION';
  if (!VERSION.test(version)) return 'WS_INVALID_VERSION';
  return version === WEBSOCKET_VERSION ? null : 'WS_UNSUPPORTED_VERSION';
}

function keyFault(fields: readonly HandshakeField[]): RequestFaultCode | null {
  const keys = fieldValues(fields, 'sec-websocket-key');
  const [key] = keys;
  if (key === undefined) return 'WS_MISSING_KEY';
  if (keys.length > 1) return 'WS_DUPLICATE_KEY';
  return isKey(key) ? null : 'WS_INVALID_KEY';
}

/** Content, which would be taken for frames, and a second Origin, behind which the first might hide. */
function extraFault(fields: readonly HandshakeField[]): RequestFaultCode | null {
  const hasCoding = fieldValues(fields, 'transfer-encoding').length > 0;
  const lengths = fieldValues(fields, 'content-length');
  if (hasCoding || !lengths.every((length) => ZEROS.test(length))) return 'WS_REQUEST_CONTENT';
  return fieldValues(fields, 'origin').length > 1 ? 'WS_DUPLICATE_ORIGIN' : null;
}

interface Lists {
  readonly type: 'lists';
  readonly subprotocols: readonly string[];
  readonly extensions: readonly Extension[];
}

function readLists(
  fields: readonly HandshakeField[],
  limits: HandshakeLimits,
): Lists | RefusedRequest {
  const protocol = parseSubprotocols(fieldValues(fields, 'sec-websocket-protocol'), limits);
  if (protocol.type === 'malformed') return malformed('WS_INVALID_SUBPROTOCOLS', protocol);
  const extension = parseExtensionList(fieldValues(fields, 'sec-websocket-extensions'), limits);
  if (extension.type === 'malformed') return malformed('WS_INVALID_EXTENSIONS', extension);
  const { subprotocols } = protocol;
  return { type: 'lists', subprotocols, extensions: extension.extensions };
}

function malformed(code: RequestFaultCode, list: MalformedList): RefusedRequest {
  const isTooLarge = list.reason === 'too-large';
  return refused(isTooLarge ? 'WS_HANDSHAKE_TOO_LARGE' : code, listFaultDetail(list));
}
