// A client that has said hello: ServerHello or HelloRetryRequest comes (RFC 9846 sections 4.2.3, 4.2.4).
import type { CipherSuite } from '../cipher-suite.ts';
import type { TlsClientSettings } from '../client-settings.ts';
import type { PreSharedKey } from '../credential.ts';
import type { KeyShareEntry } from '../extensions/extension-values.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { versionName } from '../messages/hello-constants.ts';
import {
  downgradeSentinel,
  parseHelloRetryRequestExtensions,
  parseServerHello,
  parseServerHelloExtensions,
  type ServerHello,
} from '../messages/server-hello.ts';
import { NAMED_GROUP, type NamedGroup } from '../named-group.ts';
import { PeerFault } from '../peer-fault.ts';
import { hashOfKey } from '../pre-shared-keys.ts';
import { type ClientOffer, type RetryWishes, secondOffer, TLS13 } from './client-offer.ts';
import { ExpectEncryptedExtensions } from './expect-encrypted-extensions.ts';
import { HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import { expectMessage, type HandshakeState, type Step } from './state.ts';

type Run = HandshakeRun<TlsClientSettings>;

/** Expects ServerHello, or once a HelloRetryRequest. */
export class ExpectServerHello implements HandshakeState {
  private readonly run: Run;
  private readonly offer: ClientOffer;
  /** What the HelloRetryRequest said, when there was one. */
  private readonly retry: RetryWishes | null;

  constructor(run: Run, offer: ClientOffer, retry: RetryWishes | null) {
    this.run = run;
    this.offer = offer;
    this.retry = retry;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    expectMessage(message, HANDSHAKE_TYPE.server_hello);
    const hello = parseServerHello(message);
    if (hello.isRetryRequest && this.retry !== null) {
      throw new PeerFault('TLS_SECOND_RETRY', 'a HelloRetryRequest after another');
    }
    checkVersion(hello, this.retry !== null);
    // Only now: a server of TLS 1.2 may have all of its flight in one record.
    this.run.channel.reassembler.checkAligned();
    return hello.isRetryRequest ? this.receiveRetryRequest(hello) : this.receiveHello(hello);
  }

  private receiveRetryRequest(hello: ServerHello): Step {
    const { run, offer } = this;
    const extensions = parseHelloRetryRequestExtensions(hello, offer.types);
    const suite = this.checkFrame(hello);
    const { cookie = null, keyShare } = extensions;
    if (cookie === null && keyShare === undefined) {
      throw new PeerFault('TLS_POINTLESS_RETRY', 'neither a group nor a cookie');
    }
    const group = keyShare === undefined ? null : this.retryGroup(keyShare);
    const wishes: RetryWishes = { suite, group, cookie };
    run.transcript.choose(suite.hash);
    run.transcript.replaceFirstHello();
    run.transcript.add(hello.message);
    run.agreed.wasRetried = true;
    if (offer.content.legacySessionId.length > 0) run.channel.sendChangeCipherSpec();
    const second = secondOffer(run, offer, wishes);
    run.channel.sendHandshake(second.message);
    return new ExpectServerHello(run, second, wishes);
  }

  /** "(1) the selected_group field corresponds to a group which was provided in supported_groups and (2) does not correspond to a group which was provided in key_share". */
  private retryGroup(code: number): NamedGroup {
    const group = this.offer.groups.find((candidate) => NAMED_GROUP[candidate] === code);
    if (group === undefined) throw invalidGroup(`group ${code} was not offered`);
    if (this.offer.exchanges.has(group)) throw invalidGroup(`group ${code} had its share`);
    return group;
  }

  private receiveHello(hello: ServerHello): Step {
    const { run, offer } = this;
    const extensions = parseServerHelloExtensions(hello, offer.types);
    const suite = this.checkFrame(hello);
    const psk = this.selectedPsk(extensions.preSharedKey, suite);
    const shared = this.exchangeKeys(extensions.keyShare, psk);
    run.transcript.choose(suite.hash);
    run.transcript.add(hello.message);
    const keys = new HandshakeKeys(run, suite, psk?.secret ?? null, shared);
    run.channel.protectReceiving(suite, keys.server);
    // "Immediately before its second flight", of which an alert may be all (section E.4).
    const isCompatible = offer.content.legacySessionId.length > 0;
    if (isCompatible && this.retry === null) run.channel.sendChangeCipherSpec();
    run.channel.protectSending(suite, keys.client);
    return new ExpectEncryptedExtensions(run, keys, offer.types, psk !== null);
  }

  /** What stands outside the extensions of either hello. */
  private checkFrame(hello: ServerHello): CipherSuite {
    const { legacySessionId } = this.offer.content;
    const echo = hello.legacySessionIdEcho;
    const isEcho =
      echo.length === legacySessionId.length &&
      echo.every((byte, index) => byte === legacySessionId[index]);
    if (!isEcho) throw new PeerFault('TLS_SESSION_ID_MISMATCH', 'legacy_session_id_echo');
    const suite = this.offer.suites.find(({ code }) => code === hello.cipherSuite);
    if (suite === undefined) throw invalidSuite(`suite ${hello.cipherSuite} was not offered`);
    if (this.retry !== null && this.retry.suite !== suite) {
      throw invalidSuite(`suite ${hello.cipherSuite} is not that of the HelloRetryRequest`);
    }
    return suite;
  }

  /** "Clients MUST verify that the server's selected_identity is within the range supplied by the client, that the server selected a cipher suite indicating a Hash associated with the PSK". */
  private selectedPsk(index: number | undefined, suite: CipherSuite): PreSharedKey | null {
    if (index === undefined) return null;
    const psk = this.offer.preSharedKeys[index];
    if (psk === undefined) throw invalidPsk(`identity ${index} was not offered`);
    if (hashOfKey(psk) !== suite.hash) throw invalidPsk('its hash is not that of the suite');
    this.run.agreed.pskIdentity = psk.identity;
    return psk;
  }

  /** The shared secret; null with a pre-shared key alone. All other exchanges are given up. */
  private exchangeKeys(
    share: KeyShareEntry | undefined,
    psk: PreSharedKey | null,
  ): Uint8Array | null {
    const { exchanges } = this.offer;
    if (share === undefined) {
      if (psk === null) {
        throw new PeerFault('TLS_MISSING_EXTENSION', 'neither key_share nor pre_shared_key');
      }
      if (!this.run.settings.allowPskOnly) throw invalidPsk('it comes without a key exchange');
      for (const exchange of exchanges.values()) exchange.destroy();
      return null;
    }
    for (const [group, exchange] of exchanges) {
      if (NAMED_GROUP[group] !== share.group) continue;
      const shared = exchange.finish(share.keyExchange);
      if (shared === null) {
        throw new PeerFault('TLS_INVALID_KEY_EXCHANGE', `share of group ${share.group}`);
      }
      this.run.agreed.group = group;
      for (const used of exchanges.values()) used.destroy();
      return shared;
    }
    throw invalidGroup(`group ${share.group} has no share of ours`);
  }
}

/** Version first: what else a hello says depends on it (section 4.3.1). */
function checkVersion(hello: ServerHello, isRetried: boolean): void {
  const { selectedVersion } = hello;
  if (selectedVersion === TLS13) return;
  // The version of a HelloRetryRequest "MUST be retained in the ServerHello" (section 4.2.4).
  if (selectedVersion !== null || isRetried) {
    const detail = `the server chose ${versionName(selectedVersion ?? hello.legacyVersion)}`;
    throw new PeerFault('TLS_INVALID_SELECTED_VERSION', detail);
  }
  if (!hello.isRetryRequest && downgradeSentinel(hello.random) !== null) {
    throw new PeerFault('TLS_DOWNGRADED', 'the random says that the server speaks TLS 1.3');
  }
  const detail = `the server chose ${versionName(hello.legacyVersion)}`;
  throw new PeerFault('TLS_UNSUPPORTED_VERSION', detail);
}

function invalidGroup(detail: string): PeerFault {
  return new PeerFault('TLS_INVALID_SELECTED_GROUP', detail);
}

function invalidSuite(detail: string): PeerFault {
  return new PeerFault('TLS_INVALID_CIPHER_SUITE', detail);
}

function invalidPsk(detail: string): PeerFault {
  return new PeerFault('TLS_INVALID_SELECTED_PSK', detail);
}
