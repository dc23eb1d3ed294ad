// A client that says whatever it is told to, against a TlsServer.
import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
} from 'node:crypto';
import type { Credential } from '../../src/credential.ts';
import { EXTENSION_TYPE } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { HANDSHAKE_TYPE } from '../../src/messages/handshake-type.ts';
import { parseServerHello } from '../../src/messages/server-hello.ts';
import { nodeCrypto, nodeRandom } from '../../src/node/index.ts';
import type { SigningKey } from '../../src/provider.ts';
import { serverSettings, TlsServer, type TlsServerOptions } from '../../src/server.ts';
import { SIGNATURE_SCHEME } from '../../src/signature-scheme.ts';
import { credential } from '../support/engine-pair.ts';
import { type RawClientHello, rawClientHello, replaced } from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list, message, number } from '../support/wire.ts';
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
import { RawPeer, TYPE } from './raw-peer.ts';

const FRAGMENT_BYTES_MAX = 16_384;
const X25519_PRIVATE_PREFIX = bytes('302e020100300506032b656e04220420');
const X25519_PUBLIC_PREFIX = bytes('302a300506032b656e032100');
/** One private value for all conversations: it is a test. */
const PRIVATE_VALUE: Uint8Array = filled(32, 0x42);

/** A key pair of the raw peer. */
export interface PeerShare {
  readonly group: number;
  readonly share: Uint8Array;
  finish(other: Uint8Array): Uint8Array;
}

/** x25519. */
export function x25519Share(): PeerShare {
  const der = Buffer.from(join(X25519_PRIVATE_PREFIX, PRIVATE_VALUE));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    group: 0x1d,
    share: new Uint8Array(spki.subarray(X25519_PUBLIC_PREFIX.length)),
    finish: (other) => {
      return new Uint8Array(diffieHellman({ privateKey, publicKey: x25519Public(other) }));
    },
  };
}

function x25519Public(value: Uint8Array): KeyObject {
  const key = Buffer.from(join(X25519_PUBLIC_PREFIX, value));
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** secp256r1. */
export function p256Share(): PeerShare {
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(PRIVATE_VALUE);
  return {
    group: 0x17,
    share: new Uint8Array(pair.getPublicKey()),
    finish: (other) => new Uint8Array(pair.computeSecret(other)),
  };
}

/** The extension of some shares. */
export function keyShareExtension(
  ...shares: readonly (readonly [number, Uint8Array])[]
): Extension {
  const entries = shares.map(([group, value]) => join(number(2, group), list(2, value)));
  return { type: EXTENSION_TYPE.key_share, data: list(2, ...entries) };
}

/** A hello that every server here takes: x25519, all schemes of the credentials used. */
export const GOOD_EXTENSIONS: readonly Extension[] = [
  extension(EXTENSION_TYPE.supported_versions, '02 0304'),
  extension(EXTENSION_TYPE.supported_groups, '0004 001d 0017'),
  extension(EXTENSION_TYPE.signature_algorithms, '000e 0403 0503 0804 0805 0806 0807 0401'),
  keyShareExtension([0x1d, x25519Share().share]),
];

/** The good hello with some extensions put in place of its own, or behind them. */
export function helloWith(...extensions: readonly Extension[]): RawClientHello {
  return { extensions: replaced(GOOD_EXTENSIONS, ...extensions) };
}

/** How a client's answer to a CertificateRequest is made. */
export interface ProofOptions {
  readonly context?: Uint8Array;
  readonly scheme?: number;
  readonly signer?: string;
  /** Signs in place of the credential's key. */
  readonly sign?: (content: Uint8Array) => Uint8Array;
  /** Changes the signature. */
  readonly change?: (signature: Uint8Array) => Uint8Array;
}

/** The raw client. */
export class RawClient extends RawPeer<TlsServer> {
  /** What it has a private value of. */
  shares: readonly PeerShare[] = [x25519Share(), p256Share()];
  psk: Uint8Array | null = null;
  suite: PeerSuite | null = null;
  wasRetried = false;
  /** client_handshake_traffic_secret */
  handshakeSecret: Uint8Array = new Uint8Array(0);
  private applicationSecret: Uint8Array = new Uint8Array(0);
  private secret: Uint8Array = new Uint8Array(0);

  constructor(options: Partial<TlsServerOptions> = {}) {
    const settings = serverSettings({
      crypto: nodeCrypto,
      random: nodeRandom,
      groups: ['x25519', 'secp256r1'],
      credentials: [credential('p256')],
      ...options,
    });
    super(new TlsServer(settings, 0));
  }

  /** Sends a hello in one record. */
  sendHello(hello: RawClientHello = { extensions: GOOD_EXTENSIONS }): void {
    this.sendHelloMessage(rawClientHello({ extensions: GOOD_EXTENSIONS, ...hello }));
  }

  /** Sends a hello that is a message already, in as few records as it takes. */
  sendHelloMessage(hello: Uint8Array): void {
    this.transcript.push(hello);
    const version = this.wasRetried ? 0x0303 : 0x0301;
    for (let at = 0; at < hello.length; at += FRAGMENT_BYTES_MAX) {
      this.sendClear(TYPE.handshake, hello.subarray(at, at + FRAGMENT_BYTES_MAX), version);
    }
  }

  /** Finished, as it should be. */
  finished(secret: Uint8Array = this.handshakeSecret): Uint8Array {
    return message('finished', verifyData(this.suite!, secret, this.transcript));
  }

  /** Certificate of a credential, or an empty one. */
  certificate(shown: Credential | null, context: Uint8Array = new Uint8Array(0)): Uint8Array {
    const chain = shown?.chain ?? [];
    const entries = chain.map((one) => join(list(3, one), list(2)));
    return message('certificate', list(1, context), list(3, ...entries));
  }

  /** CertificateVerify over the present transcript. */
  certificateVerify(shown: Credential, options: ProofOptions = {}): Uint8Array {
    return certificateVerify(shown, digest(this.suite!, this.transcript), {
      signer: 'client',
      ...options,
    });
  }

  /** Sends Finished and goes on under the keys of the application. */
  finish(): void {
    this.send(this.finished());
    this.secure();
  }

  /** From now on under the keys of the application. */
  secure(): void {
    this.writing = new PeerKeys(this.suite!, this.applicationSecret);
  }

  /** A whole handshake without incident. */
  handshake(hello?: RawClientHello): void {
    this.sendHello(hello);
    this.finish();
  }

  /** {@link RawPeer} */
  protected receiveMessage(received: Uint8Array): void {
    const type = received[0];
    if (type === HANDSHAKE_TYPE.server_hello) this.receiveServerHello(received);
    else if (type === HANDSHAKE_TYPE.key_update) this.reading = this.reading!.next();
    else if (!this.machine.isSecured) this.receiveFlight(received);
  }

  private receiveFlight(received: Uint8Array): void {
    this.transcript.push(received);
    if (received[0] !== HANDSHAKE_TYPE.finished) return;
    const suite = this.suite!;
    const main = nextSecret(suite, this.secret, null);
    this.applicationSecret = derive(suite, main, 'c ap traffic', this.transcript);
    this.reading = new PeerKeys(suite, derive(suite, main, 's ap traffic', this.transcript));
  }

  private receiveServerHello(received: Uint8Array): void {
    const hello = parseServerHello(received);
    const suite = PEER_SUITES[hello.cipherSuite]!;
    this.suite = suite;
    if (hello.isRetryRequest) {
      this.wasRetried = true;
      const first = digest(suite, this.transcript);
      this.transcript = [join(number(1, 254), list(3, first)), received];
      return;
    }
    this.transcript.push(received);
    this.secret = nextSecret(suite, earlySecret(suite, this.psk), this.shared(hello.extensions));
    this.handshakeSecret = derive(suite, this.secret, 'c hs traffic', this.transcript);
    this.writing = new PeerKeys(suite, this.handshakeSecret);
    this.reading = new PeerKeys(suite, derive(suite, this.secret, 's hs traffic', this.transcript));
  }

  private shared(extensions: readonly Extension[]): Uint8Array | null {
    const share = extensions.find(({ type }) => type === EXTENSION_TYPE.key_share)?.data;
    if (share === undefined) return null;
    const group = share[0]! * 256 + share[1]!;
    return this.shares.find((own) => own.group === group)!.finish(share.subarray(4));
  }
}

/** A CertificateVerify over a transcript's hash. */
export function certificateVerify(
  { key }: Credential,
  hash: Uint8Array,
  options: ProofOptions,
): Uint8Array {
  const { signer = 'server', change = (signature) => signature } = options;
  const context = new TextEncoder().encode(`TLS 1.3, ${signer} CertificateVerify`);
  const content = join(filled(64, 0x20), context, number(1, 0), hash);
  const [scheme] = key.schemes;
  const sign = options.sign ?? ((data) => (key as SigningKey).sign(scheme!, data));
  const signature = change(sign(content));
  const code = options.scheme ?? SIGNATURE_SCHEME[scheme!];
  return message('certificate_verify', number(2, code), list(2, signature));
}
