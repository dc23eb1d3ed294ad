// The four parameters of permessage-deflate (RFC 7692 section 7.1), as both ends write and read them.
import type { Extension, ExtensionParameter } from './extension-list.ts';

/** The extension's registered name. */
export const DEFLATE_NAME = 'permessage-deflate';
/** Base-2 logarithm of the largest window, 32,768 bytes. */
export const WINDOW_BITS_MAX = 15;
/** Base-2 logarithm of the smallest window, 256 bytes. */
const WINDOW_BITS_MIN = 8;

/** What both ends have agreed on; the prefix says whose messages it is about. */
export interface DeflateParameters {
  /** The server starts each message with an empty window (section 7.1.1.1). */
  readonly serverNoContextTakeover: boolean;
  /** The client starts each message with an empty window (section 7.1.1.2). */
  readonly clientNoContextTakeover: boolean;
  /** Base-2 logarithm of the server's window at most: 8-15 (section 7.1.2.1). */
  readonly serverMaxWindowBits: number;
  /** Base-2 logarithm of the client's window at most: 8-15 (section 7.1.2.2). */
  readonly clientMaxWindowBits: number;
}

/** An element of the extension list, understood. */
export interface DeflateElement {
  serverNoContextTakeover: boolean;
  clientNoContextTakeover: boolean;
  /** 8-15; null when the parameter is absent. */
  serverMaxWindowBits: number | null;
  /** 8-15, or `supported` without a value; null when the parameter is absent. */
  clientMaxWindowBits: number | 'supported' | null;
}

/**
 * Understands an element of the list; null when it has a parameter that is not defined, one with
 * an invalid value, or one twice, each of which declines an offer and fails the connection in a
 * response (section 7). Only an offer's `client_max_window_bits` needs no value.
 */
export function parseDeflateElement(
  extension: Extension,
  kind: 'offer' | 'response',
): DeflateElement | null {
  const element: DeflateElement = {
    serverNoContextTakeover: false,
    clientNoContextTakeover: false,
    serverMaxWindowBits: null,
    clientMaxWindowBits: null,
  };
  const seen = new Set<string>();
  for (const parameter of extension.parameters) {
    if (seen.has(parameter.name) || !readParameter(element, parameter, kind)) return null;
    seen.add(parameter.name);
  }
  return element;
}

/** The element of the list that says it. */
export function serializeDeflateElement(element: DeflateElement): Extension {
  const parameters: ExtensionParameter[] = [];
  const add = (name: string, value: string | null): void => {
    parameters.push({ name, value });
  };
  if (element.serverNoContextTakeover) add('server_no_context_takeover', null);
  if (element.clientNoContextTakeover) add('client_no_context_takeover', null);
  const { serverMaxWindowBits: serverBits, clientMaxWindowBits: clientBits } = element;
  if (serverBits !== null) add('server_max_window_bits', String(serverBits));
  if (clientBits === 'supported') add('client_max_window_bits', null);
  else if (clientBits !== null) add('client_max_window_bits', String(clientBits));
  return { name: DEFLATE_NAME, parameters };
}

/** Throws a RangeError for a window of the caller's that is not 8-15. */
export function checkWindowBits(bits: number): void {
  if (!Number.isInteger(bits) || bits < WINDOW_BITS_MIN || bits > WINDOW_BITS_MAX) {
    throw new RangeError(`window bits must be ${WINDOW_BITS_MIN} to ${WINDOW_BITS_MAX}`);
  }
}

/** Puts a parameter into the element; false when it is not valid there. */
function readParameter(
  element: DeflateElement,
  { name, value }: ExtensionParameter,
  kind: 'offer' | 'response',
): boolean {
  switch (name) {
    case 'server_no_context_takeover':
      element.serverNoContextTakeover = true;
      return value === null;
    case 'client_no_context_takeover':
      element.clientNoContextTakeover = true;
      return value === null;
    case 'server_max_window_bits':
      element.serverMaxWindowBits = windowBits(value);
      return element.serverMaxWindowBits !== null;
    case 'client_max_window_bits':
      element.clientMaxWindowBits =
        value === null && kind === 'offer' ? 'supported' : windowBits(value);
      return element.clientMaxWindowBits !== null;
    default:
      return false;
  }
}

/** «A decimal integer value without leading zeroes between 8 to 15, inclusive»; null for any other. */
function windowBits(value: string | null): number | null {
  return value !== null && /^(?:[89]|1[0-5])$/.test(value) ? Number(value) : null;
}
