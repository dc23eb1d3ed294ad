// `Sec-WebSocket-Protocol`: which subprotocols a client would like to speak, and which one a server
// chooses (RFC 6455 sections 1.9, 4.1, 4.2.2 and 11.3.4). Subprotocols are compared as they are.
import { isToken } from './handshake-head.ts';
import { DEFAULT_HANDSHAKE_LIMITS, type HandshakeLimits } from './handshake-limits.ts';
import { ListReader, type MalformedList } from './list-reader.ts';

/** What {@link parseSubprotocols} finds. */
export type SubprotocolListResult =
  | { readonly type: 'subprotocols'; readonly subprotocols: readonly string[] }
  | MalformedList;

/**
 * How a server chooses: its own subprotocols, most preferred first, or a function that is given
 * those of the client, most preferred first, and answers with one of them or null for none.
 */
export type SubprotocolChoice = readonly string[] | ((offered: readonly string[]) => string | null);

/**
 * Parses the values of all field lines of a request: `1#token`, which «MUST all be unique strings».
 * No lines are an empty list.
 */
export function parseSubprotocols(
  lines: readonly string[],
  limits: HandshakeLimits = DEFAULT_HANDSHAKE_LIMITS,
): SubprotocolListResult {
  const reader = new ListReader(lines, limits);
  const subprotocols: string[] = [];
  while (reader.nextElement()) {
    const start = reader.at;
    const subprotocol = reader.token('expected-token');
    reader.endElement();
    if (subprotocols.includes(subprotocol)) reader.fail('duplicate', start);
    subprotocols.push(subprotocol);
  }
  return reader.fault ?? { type: 'subprotocols', subprotocols };
}

/** Throws a TypeError for subprotocols of the caller's that are no tokens or not unique. */
export function checkSubprotocols(subprotocols: readonly string[]): void {
  if (!subprotocols.every(isToken)) throw new TypeError('a subprotocol must be a token');
  if (new Set(subprotocols).size !== subprotocols.length) {
    throw new TypeError('subprotocols must be unique');
  }
}

/**
 * The subprotocol that a server uses; null for none, as when the client offered none. Throws a
 * TypeError when the caller chooses what was not offered: «the value chosen MUST be derived from the
 * client's handshake», RFC 6455 section 4.2.2.
 */
export function selectSubprotocol(
  offered: readonly string[],
  choice: SubprotocolChoice,
): string | null {
  if (typeof choice !== 'function') {
    checkSubprotocols(choice);
    return choice.find((subprotocol) => offered.includes(subprotocol)) ?? null;
  }
  const chosen = choice(offered);
  if (chosen !== null && !offered.includes(chosen)) {
    throw new TypeError('a server can only choose a subprotocol that the client offered');
  }
  return chosen;
}
