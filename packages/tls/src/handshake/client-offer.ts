// What a client says in its hello, and what of it the server's answer is held against.
import type { CipherSuite } from '../cipher-suite.ts';
import type { TlsClientSettings } from '../client-settings.ts';
import type { PreSharedKey } from '../credential.ts';
import type { ClientHelloExtensions } from '../extensions/extension-values.ts';
import { isGrease } from '../extensions/grease.ts';
import {
  type ClientHelloContent,
  parseClientHello,
  serializeClientHello,
} from '../messages/client-hello.ts';
import { NAMED_GROUP, type NamedGroup } from '../named-group.ts';
import { hashOfKey, PSK_MODE } from '../pre-shared-keys.ts';
import type { KeyExchange } from '../provider.ts';
import { HASH_BYTES } from '../schedule/hkdf-label.ts';
import { advertisedSchemes } from '../signature-scheme.ts';
import { heartbeatMode } from './agreements.ts';
import { greaseHello } from './client-grease.ts';
import type { HandshakeRun } from './handshake-run.ts';
import { bindHello } from './psk-binders.ts';

/** TLS 1.3 in supported_versions (RFC 9846 section 4.3.1). */
export const TLS13 = 0x0304;
const SESSION_ID_BYTES = 32;
const RANDOM_BYTES = 32;

/** A hello that was sent. */
export interface ClientOffer {
  readonly content: ClientHelloContent;
  readonly message: Uint8Array;
  /** The types of its extensions, without those that mean nothing: what the server may answer. */
  readonly types: readonly number[];
  readonly suites: readonly CipherSuite[];
  readonly groups: readonly NamedGroup[];
  /** The key exchanges of which it has shares. */
  readonly exchanges: ReadonlyMap<NamedGroup, KeyExchange>;
  readonly preSharedKeys: readonly PreSharedKey[];
}

/** What a HelloRetryRequest asks for. */
export interface RetryWishes {
  readonly suite: CipherSuite;
  readonly group: NamedGroup | null;
  readonly cookie: Uint8Array | null;
}

/** Makes the first hello; nothing is sent. */
export function firstOffer(run: HandshakeRun<TlsClientSettings>): ClientOffer {
  const { settings } = run;
  const exchanges = new Map<NamedGroup, KeyExchange>();
  for (const group of settings.keyShareGroups) {
    exchanges.set(group, startExchange(run, group));
  }
  run.clientRandom = run.randomBytes(RANDOM_BYTES);
  const sessionIdBytes = settings.middleboxCompatibility ? SESSION_ID_BYTES : 0;
  const plain: ClientHelloContent = {
    random: run.clientRandom,
    legacySessionId: run.randomBytes(sessionIdBytes),
    cipherSuites: settings.cipherSuites.map((suite) => suite.code),
    extensions: helloExtensions(run, exchanges),
  };
  const content = settings.grease ? greaseHello(plain, run.randomBytes(8)) : plain;
  return offerOf(run, content, settings.preSharedKeys, exchanges);
}

/**
 * Makes the second hello, "the same ClientHello without modification, except" for what section 4.2.2
 * lists. The key exchanges of the first are given up if the server wants another group.
 */
export function secondOffer(
  run: HandshakeRun<TlsClientSettings>,
  first: ClientOffer,
  { suite, group, cookie }: RetryWishes,
): ClientOffer {
  let { exchanges } = first;
  let extensions = first.content.extensions;
  if (group !== null) {
    for (const exchange of exchanges.values()) exchange.destroy();
    exchanges = new Map([[group, startExchange(run, group)]]);
    extensions = { ...extensions, keyShares: keyShares(exchanges) };
  }
  if (cookie !== null) extensions = { ...extensions, cookie };
  // "The client SHOULD NOT offer any pre-shared keys associated with a hash other than that of the
  // selected cipher suite" (section 4.2.4).
  const preSharedKeys = first.preSharedKeys.filter((key) => hashOfKey(key) === suite.hash);
  const content = { ...first.content, extensions: withKeys(extensions, preSharedKeys) };
  return offerOf(run, content, preSharedKeys, exchanges);
}

/** A key pair that is forgotten with the handshake, should that fail before the server's share comes. */
function startExchange(run: HandshakeRun<TlsClientSettings>, group: NamedGroup): KeyExchange {
  const exchange = run.crypto.startKeyExchange(group);
  run.held.hold(exchange);
  return exchange;
}

function offerOf(
  run: HandshakeRun<TlsClientSettings>,
  content: ClientHelloContent,
  preSharedKeys: readonly PreSharedKey[],
  exchanges: ReadonlyMap<NamedGroup, KeyExchange>,
): ClientOffer {
  const message = serializeClientHello(content);
  bindHello(run, message, preSharedKeys);
  const types = parseClientHello(message).extensions.map((extension) => extension.type);
  return {
    content,
    message,
    types: types.filter((type) => !isGrease(type)),
    suites: run.settings.cipherSuites,
    groups: run.settings.groups,
    exchanges,
    preSharedKeys,
  };
}

function helloExtensions(
  run: HandshakeRun<TlsClientSettings>,
  exchanges: ReadonlyMap<NamedGroup, KeyExchange>,
): ClientHelloExtensions {
  const { settings, agreed } = run;
  const heartbeat = heartbeatMode(settings.heartbeat);
  const extensions: ClientHelloExtensions = {
    ...(agreed.serverName === null ? {} : { serverName: agreed.serverName }),
    ...(settings.requestOcsp ? { statusRequest: NO_RESPONDERS } : {}),
    supportedGroups: settings.groups.map((group) => NAMED_GROUP[group]),
    signatureAlgorithms: advertisedSchemes(settings.signatureSchemes),
    ...(heartbeat === null ? {} : { heartbeat }),
    ...(settings.protocols.length === 0 ? {} : { protocols: settings.protocols }),
    recordSizeLimit: settings.recordSizeLimit,
    supportedVersions: [TLS13],
    ...(settings.postHandshakeAuth ? { postHandshakeAuth: true as const } : {}),
    pskKeyExchangeModes: settings.allowPskOnly
      ? [PSK_MODE.psk_dhe_ke, PSK_MODE.psk_ke]
      : [PSK_MODE.psk_dhe_ke],
    keyShares: keyShares(exchanges),
  };
  return withKeys(extensions, settings.preSharedKeys);
}

const NO_RESPONDERS = { responderIds: [], requestExtensions: new Uint8Array(0) };

function keyShares(
  exchanges: ReadonlyMap<NamedGroup, KeyExchange>,
): { group: number; keyExchange: Uint8Array }[] {
  return Array.from(exchanges, ([group, exchange]) => ({
    group: NAMED_GROUP[group],
    keyExchange: exchange.share,
  }));
}

/** With pre_shared_key, whose binders are still to be computed; without it when there are no keys. */
function withKeys(
  extensions: ClientHelloExtensions,
  keys: readonly PreSharedKey[],
): ClientHelloExtensions {
  const { preSharedKey: _replaced, ...others } = extensions;
  if (keys.length === 0) return others;
  return {
    ...others,
    preSharedKey: {
      // "For identities established externally, an obfuscated_ticket_age of 0 SHOULD be used".
      identities: keys.map(({ identity }) => ({ identity, obfuscatedTicketAge: 0 })),
      binders: keys.map((key) => new Uint8Array(HASH_BYTES[hashOfKey(key)])),
    },
  };
}
