// The few fields that steer the connection itself, gathered in one pass over a head
// (RFC 9110 sections 7.2, 7.6.1, 7.8, 8.6, 10.1.1; RFC 9112 section 6.1).
import type { KeepAliveHint } from './events.ts';
import { isToken, listElements, tokenListElements } from './grammar.ts';

/**
 * Their names. Length and one bit of the first letter tell them apart: that sum is each one's index
 * (`connection` has 10 letters, `keep-alive` as many and the bit).
 */
export const CONTROL_NAMES: readonly string[] = /* @__PURE__ */ Object.freeze([
  ...['', '', '', '', '', '', 'expect', 'upgrade', '', ''],
  ...['connection', '', 'host', '', 'content-length', '', '', 'transfer-encoding', 'keep-alive'],
]);
/** That of Host. */
export const HOST_INDEX = 12;
const INDEX_BIT = 8;

/** Their letters: those of index 1 from 32 on, and so on. */
const LETTERS: Uint8Array = /* @__PURE__ */ new Uint8Array(1024).map(
  (_, at) => CONTROL_NAMES[at >> 5]?.charCodeAt(at & 31) ?? 0,
);

/** The index in `CONTROL_NAMES` of the field name `bytes[start..end)`, in any case, or -1. */
export function controlNameIndex(bytes: Uint8Array, start: number, end: number): number {
  const index = (end - start + (bytes[start]! & INDEX_BIT)) & 31;
  let letter = index << 5;
  for (let at = start; at < end; at = (at + 1) | 0) {
    if ((bytes[at]! | 0x20) !== LETTERS[letter]) return -1;
    letter = (letter + 1) | 0;
  }
  return LETTERS[letter] === 0 ? index : -1;
}

/** Values of the same field are joined with a comma (RFC 9110 section 5.3); null when absent. */
export class ControlFields {
  host: string | null = null;
  hostCount = 0;
  contentLength: string | null = null;
  transferEncoding: string | null = null;
  connection: string | null = null;
  expect: string | null = null;
  upgrade: string | null = null;
  keepAlive: string | null = null;

  /** Takes a field line, name in lower case; most are none of these. */
  add(name: string, value: string): void {
    switch (name) {
      case 'host':
        this.host = value;
        this.hostCount++;
        break;
      case 'connection':
        this.connection = join(this.connection, value);
        break;
      case 'content-length':
        this.contentLength = join(this.contentLength, value);
        break;
      case 'transfer-encoding':
        this.transferEncoding = join(this.transferEncoding, value);
        break;
      case 'expect':
        this.expect = join(this.expect, value);
        break;
      case 'upgrade':
        this.upgrade = join(this.upgrade, value);
        break;
      case 'keep-alive':
        this.keepAlive = join(this.keepAlive, value);
    }
  }
}

function join(before: string | null, value: string): string {
  return before === null ? value : `${before},${value}`;
}

/** What the Connection field says (RFC 9110 section 7.6.1). */
export interface ConnectionOptions {
  readonly close: boolean;
  readonly keepAlive: boolean;
  readonly upgrade: boolean;
}

const NO_OPTIONS: ConnectionOptions = /* @__PURE__ */ Object.freeze({
  close: false,
  keepAlive: false,
  upgrade: false,
});
const KEEP_ALIVE: ConnectionOptions = /* @__PURE__ */ Object.freeze({
  close: false,
  keepAlive: true,
  upgrade: false,
});

/** Connection options are case-insensitive tokens; unknown ones are somebody else's. */
export function connectionOptions(value: string | null): ConnectionOptions {
  if (value === null) return NO_OPTIONS;
  if (value === 'keep-alive') return KEEP_ALIVE;
  const options = tokenListElements(value).map((element) => element.toLowerCase());
  return {
    close: options.includes('close'),
    keepAlive: options.includes('keep-alive'),
    upgrade: options.includes('upgrade'),
  };
}

/** The protocols of an Upgrade field, in order: `protocol-name [ "/" version ]`, RFC 9110 section 7.8. */
export function upgradeProtocols(value: string | null): string[] {
  if (value === null) return [];
  return tokenListElements(value).filter((element) => element.split('/').every(isToken));
}

/**
 * `Keep-Alive: timeout=5, max=100` in any order (RFC 2068 section 19.7.1.1); null when no parameter
 * can be used. Timeout is seconds on the wire, milliseconds here.
 */
export function parseKeepAlive(value: string | null): KeepAliveHint | null {
  if (value === null) return null;
  let timeoutMs: number | null = null;
  let requestsMax: number | null = null;
  for (const element of listElements(value)) {
    const match = /^(timeout|max)[ \t]*=[ \t]*"?(\d{1,9})"?$/i.exec(element);
    if (match === null) continue;
    const amount = Number(match[2]);
    if (match[1]!.toLowerCase() === 'timeout') timeoutMs = amount * 1000;
    else requestsMax = amount;
  }
  return timeoutMs === null && requestsMax === null ? null : { timeoutMs, requestsMax };
}
