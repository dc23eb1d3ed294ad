// A server that says whatever it is told to, against a TlsClient.

import { clientSettings, TlsClient, type TlsClientOptions } from '../../src/client.ts';
import type { Credential } from '../../src/credential.ts';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import {
  type ClientHello,
  parseClientHello,
  parseClientHelloExtensions,
} from '../../src/messages/client-hello.ts';
import { HANDSHAKE_TYPE } from '../../src/messages/handshake-type.ts';
import { nodeCrypto, nodeRandom } from '../../src/node/index.ts';
import { credential } from '../support/engine-pair.ts';
import { block, bytes, extension, filled, join, list, message, number } from '../support/wire.ts';
import {
  derive,
  digest,
  earlySecret,
  nextSecret,
  PEER_SUITES,
  PeerKeys,
  type PeerSuite,
  verifyData,
} from './peer-secrets.ts';
import { certificateVerify, type PeerShare, type ProofOptions, x25519Share } from './raw-client.ts';
import { RawPeer, TYPE } from './raw-peer.ts';

const RETRY_RANDOM = bytes('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');
/** supported_versions with TLS 1.3. */
export const SELECTS_TLS13: Extension = extension(EXT.supported_versions, '0304');

/** What a ServerHello is made of; what is not given is right. */
export interface RawServerHello {
  readonly legacyVersion?: number;
  readonly random?: Uint8Array;
  readonly sessionId?: Uint8Array;
  readonly suite?: number;
  readonly compression?: number;
  readonly extensions?: readonly Extension[] | null;
  readonly trailing?: Uint8Array;
}

/** A server's key_share. */
export function shareExtension(group: number, value: Uint8Array): Extension {
  return { type: EXT.key_share, data: join(number(2, group), list(2, value)) };
}

/** The raw server, which has the client's first hello from the beginning. */
export class RawServer extends RawPeer<TlsClient> {
  share: PeerShare = x25519Share();
  credential: Credential = credential('p256');
  psk: Uint8Array | null = null;
  /** Whether the key schedule takes the result of the key exchange. */
  exchangesKeys = true;
  suite: PeerSuite = PEER_SUITES[0x1301]!;
  /** server_handshake_traffic_secret */
  handshakeSecret: Uint8Array = new Uint8Array(0);
  private clientHandshakeSecret: Uint8Array = new Uint8Array(0);
  private secret: Uint8Array = new Uint8Array(0);
  private clientSecret: Uint8Array = new Uint8Array(0);

  constructor(options: Partial<TlsClientOptions> = {}, serverName: string | null = 'a.example') {
    const settings = clientSettings({
      crypto: nodeCrypto,
      random: nodeRandom,
      groups: ['x25519', 'secp256r1'],
      ...options,
    });
    super(new TlsClient(settings, 0, serverName));
    this.exchange();
  }

  /** The newest ClientHello. */
  get hello(): ClientHello {
    return parseClientHello(this.messages.findLast(([type]) => type === 1)!);
  }

  /** A ServerHello. */
  serverHello(hello: RawServerHello = {}): Uint8Array {
    const { share } = this;
    const { extensions = [SELECTS_TLS13, shareExtension(share.group, share.share)] } = hello;
    return message(
      'server_hello',
      number(2, hello.legacyVersion ?? 0x0303),
      hello.random ?? filled(32, 3),
      list(1, hello.sessionId ?? this.hello.legacySessionId),
      number(2, hello.suite ?? 0x1301),
      number(1, hello.compression ?? 0),
      extensions === null ? bytes('') : block(extensions),
      hello.trailing ?? bytes(''),
    );
  }

  /** A HelloRetryRequest. */
  retryRequest(hello: RawServerHello = {}): Uint8Array {
    return this.serverHello({ random: RETRY_RANDOM, ...hello });
  }

  /** Sends a HelloRetryRequest; the transcript goes on behind it. */
  sendRetryRequest(hello: RawServerHello = {}): void {
    this.suite = PEER_SUITES[hello.suite ?? 0x1301]!;
    const first = digest(this.suite, this.transcript);
    this.transcript = [join(number(1, 254), list(3, first))];
    this.send(this.retryRequest(hello));
  }

  /** Sends a ServerHello and goes on under the keys of the handshake. */
  sendServerHello(hello: RawServerHello = {}): void {
    const sent = this.serverHello(hello);
    this.suite = PEER_SUITES[hello.suite ?? 0x1301]!;
    this.transcript.push(sent);
    const { suite } = this;
    this.secret = nextSecret(suite, earlySecret(suite, this.psk), this.shared());
    this.handshakeSecret = derive(suite, this.secret, 's hs traffic', this.transcript);
    this.clientHandshakeSecret = derive(suite, this.secret, 'c hs traffic', this.transcript);
    this.reading = new PeerKeys(suite, this.clientHandshakeSecret);
    this.sendClear(TYPE.handshake, sent);
    this.writing = new PeerKeys(suite, this.handshakeSecret);
  }

  /** EncryptedExtensions. */
  encryptedExtensions(...extensions: readonly Extension[]): Uint8Array {
    return message('encrypted_extensions', block(extensions));
  }

  /** CertificateRequest with schemes for the credentials in use. */
  certificateRequest(
    context: Uint8Array = bytes(''),
    extensions?: readonly Extension[],
  ): Uint8Array {
    const schemes = [extension(EXT.signature_algorithms, '0008 0403 0503 0804 0807')];
    return message('certificate_request', list(1, context), block(extensions ?? schemes));
  }

  /** Certificate, each extension block of the leaf given in hexadecimal digits. */
  certificate(extensions = '', context: Uint8Array = bytes('')): Uint8Array {
    const [leaf] = this.credential.chain;
    const entry = join(list(3, leaf!), list(2, bytes(extensions)));
    return message('certificate', list(1, context), list(3, entry));
  }

  /** CertificateVerify over the present transcript. */
  certificateVerify(options: ProofOptions = {}): Uint8Array {
    return certificateVerify(this.credential, digest(this.suite, this.transcript), options);
  }

  /** Finished, as it should be. */
  finished(): Uint8Array {
    return message('finished', verifyData(this.suite, this.handshakeSecret, this.transcript));
  }

  /** ServerHello to EncryptedExtensions. */
  begin(...extensions: readonly Extension[]): void {
    this.sendServerHello();
    this.send(this.encryptedExtensions(...extensions));
  }

  /** Certificate and CertificateVerify. */
  prove(): void {
    this.send(this.certificate());
    this.send(this.certificateVerify());
  }

  /** Finished, and what comes behind under the keys of the application. */
  finish(): void {
    const sent = this.finished();
    this.transcript.push(sent);
    const { suite, transcript } = this;
    const main = nextSecret(suite, this.secret, null);
    this.clientSecret = derive(suite, main, 'c ap traffic', transcript);
    const record = this.record(TYPE.handshake, sent);
    this.writing = new PeerKeys(suite, derive(suite, main, 's ap traffic', transcript));
    this.sendBytes(record);
  }

  /** A whole handshake without incident. */
  handshake(...extensions: readonly Extension[]): void {
    this.begin(...extensions);
    this.prove();
    this.finish();
  }

  /** {@link RawPeer} */
  protected receiveMessage(received: Uint8Array): void {
    const [type] = received;
    if (type === HANDSHAKE_TYPE.client_hello) this.transcript.push(received);
    else if (type === HANDSHAKE_TYPE.key_update) this.reading = this.reading!.next();
    else if (
      type === HANDSHAKE_TYPE.finished &&
      this.reading!.secret === this.clientHandshakeSecret
    ) {
      this.reading = new PeerKeys(this.suite, this.clientSecret);
    }
  }

  private shared(): Uint8Array | null {
    if (!this.exchangesKeys) return null;
    const shares = parseClientHelloExtensions(this.hello).keyShares ?? [];
    const theirs = shares.find(({ group }) => group === this.share.group);
    return theirs === undefined ? null : this.share.finish(theirs.keyExchange);
  }
}
