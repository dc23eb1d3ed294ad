// The few fields that steer the connection itself, gathered in one pass over a head
// (RFC 9110 sections 7.2, 7.6.1, 7.8, 8.6, 10.1.1; RFC 9112 section 6.1).
import type { Field, KeepAliveHint } from './events.ts';
import { isToken, listElements, tokenListElements } from './grammar.ts';

/** Values of the same field are joined with a comma (RFC 9110 section 5.3); null when absent. */
export interface ControlFields {
  host: string | null;
  hostCount: number;
  contentLength: string | null;
  transferEncoding: string | null;
  connection: string | null;
  expect: string | null;
  upgrade: string | null;
  keepAlive: string | null;
}

function join(before: string | null, value: string): string {
  return before === null ? value : `${before},${value}`;
}

/** Gathers them; names are lower-case. */
export function controlFields(fields: readonly Field[]): ControlFields {
  const found: ControlFields = {
    host: null,
    hostCount: 0,
    contentLength: null,
    transferEncoding: null,
    connection: null,
    expect: null,
    upgrade: null,
    keepAlive: null,
  };
  for (let index = 0; index < fields.length; index++) {
    const { name, value } = fields[index]!;
    // Lengths first: nearly every field is told apart without comparing text.
    switch (name.length) {
      case 4:
        if (name === 'host') {
          found.host = value;
          found.hostCount++;
        }
        break;
      case 6:
        if (name === 'expect') found.expect = join(found.expect, value);
        break;
      case 7:
        if (name === 'upgrade') found.upgrade = join(found.upgrade, value);
        break;
      case 10:
        if (name === 'connection') found.connection = join(found.connection, value);
        else if (name === 'keep-alive') found.keepAlive = join(found.keepAlive, value);
        break;
      case 14:
        if (name === 'content-length') found.contentLength = join(found.contentLength, value);
        break;
      case 17:
        if (name === 'transfer-encoding') {
          found.transferEncoding = join(found.transferEncoding, value);
        }
    }
  }
  return found;
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
