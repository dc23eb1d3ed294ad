// Certificates of clients at a server, in the handshake and after it (RFC 9846 sections 4.5, 4.7.2).
import { describe, expect } from 'vitest';
import type { TlsServerOptions } from '../../src/server.ts';
import { type CredentialName, credential } from '../support/engine-pair.ts';
import { bytes, extension, filled, join, list, message, number } from '../support/wire.ts';
import { helloWith, type ProofOptions, type RawClient } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { type ServerCase, serverConversations } from './server-cases.ts';

const REQUIRE: Partial<TlsServerOptions> = { clientCertificate: 'require' };
const REQUEST: Partial<TlsServerOptions> = { clientCertificate: 'request' };

/** Plays behind the server's flight with its CertificateRequest. */
function asked(
  name: string,
  alert: string | null,
  play: (peer: RawClient) => void,
  options: Partial<TlsServerOptions> = REQUIRE,
): ServerCase {
  return {
    name,
    alert,
    options,
    play: (peer) => {
      peer.sendHello();
      play(peer);
    },
  };
}

/** Certificate, CertificateVerify made by `options`, and Finished. */
function proves(
  name: string,
  alert: string | null,
  kind: CredentialName,
  options: ProofOptions = {},
): ServerCase {
  return asked(name, alert, (peer) => {
    const own = credential(kind);
    peer.send(peer.certificate(own));
    peer.send(peer.certificateVerify(own, options));
    if (alert === null) peer.finish();
  });
}

const flipped =
  (at: number) =>
  (signature: Uint8Array): Uint8Array => {
    signature.set([signature.at(at)! ^ 1], at < 0 ? signature.length + at : at);
    return signature;
  };
const own = credential('p256');
const leaf = own.chain[0]!;

describe('certificates', () => {
  /** A Certificate message of raw bytes behind the context. */
  const raw = (name: string, alert: string, ...body: Uint8Array[]): ServerCase =>
    asked(name, alert, (peer) => peer.send(message('certificate', ...body)));
  const entry = (data: Uint8Array, extensions = ''): Uint8Array =>
    join(list(3, data), list(2, bytes(extensions)));
  const one = (name: string, alert: string, data: Uint8Array, extensions = ''): ServerCase =>
    raw(name, alert, bytes('00'), list(3, entry(data, extensions)));
  serverConversations([
    asked('none where one is required', 'certificate_required', (peer) =>
      peer.send(peer.certificate(null)),
    ),
    asked(
      'none where one is wished for',
      null,
      (peer) => {
        peer.send(peer.certificate(null));
        peer.finish();
      },
      REQUEST,
    ),
    asked(
      'none, and yet a CertificateVerify',
      'unexpected_message',
      (peer) => {
        peer.send(peer.certificate(null));
        peer.send(peer.certificateVerify(own));
      },
      REQUEST,
    ),
    asked('Finished instead', 'unexpected_message', (peer) => peer.send(peer.finished())),
    asked('CertificateVerify instead', 'unexpected_message', (peer) =>
      peer.send(peer.certificateVerify(own)),
    ),
    asked('Finished instead of CertificateVerify', 'unexpected_message', (peer) => {
      peer.send(peer.certificate(own));
      peer.send(peer.finished());
    }),
    asked('twice', 'unexpected_message', (peer) => {
      peer.send(peer.certificate(own));
      peer.send(peer.certificate(own));
    }),
    asked('CertificateVerify twice', 'unexpected_message', (peer) => {
      peer.send(peer.certificate(own));
      peer.send(peer.certificateVerify(own));
      peer.send(peer.certificateVerify(own));
    }),
    {
      ...asked('not asked for', 'unexpected_message', (peer) => peer.send(peer.certificate(own))),
      options: {},
    },
    asked('data instead', 'unexpected_message', (peer) => peer.sendText('hi')),
    asked('with a context', 'illegal_parameter', (peer) =>
      peer.send(peer.certificate(own, bytes('01'))),
    ),
    asked('none, with a context', 'illegal_parameter', (peer) =>
      peer.send(peer.certificate(null, bytes('01'))),
    ),
    asked('in records of a byte', null, (peer) => {
      for (const sent of [peer.certificate(own)]) {
        for (const byte of sent) peer.sendHandshake(Uint8Array.of(byte));
        peer.transcript.push(sent);
      }
      peer.send(peer.certificateVerify(own));
      peer.finish();
    }),
    raw('an empty message', 'decode_error'),
    raw('a context alone', 'decode_error', bytes('00')),
    raw('a context longer than the message', 'decode_error', bytes('ff')),
    raw('a list longer than the message', 'decode_error', bytes('00 000010 00')),
    raw('bytes behind the list', 'decode_error', bytes('00'), list(3, entry(leaf)), bytes('00')),
    raw('an entry without extensions', 'decode_error', bytes('00'), list(3, list(3, leaf))),
    raw(
      'extensions longer than the entry',
      'decode_error',
      bytes('00'),
      list(3, list(3, leaf), bytes('0004')),
    ),
    one('an empty certificate', 'decode_error', bytes('')),
    one('zeros', 'bad_certificate', filled(100, 0)),
    one('a byte', 'bad_certificate', bytes('30')),
    one('text', 'bad_certificate', filled(500)),
    one('a certificate cut short', 'bad_certificate', leaf.subarray(0, -1)),
    one('a certificate with a byte behind it', 'bad_certificate', join(leaf, bytes('00'))),
    one(
      'an OCSP status that was not asked for',
      'unsupported_extension',
      leaf,
      '0005 0006 01 000002 6161',
    ),
    one(
      'timestamps that were not asked for',
      'unsupported_extension',
      leaf,
      '0012 0005 0003 0001 61',
    ),
    one('an unknown extension', 'unsupported_extension', leaf, '4444 0000'),
    one('server_name, which is not of this message', 'illegal_parameter', leaf, '0000 0000'),
    one(
      'signature_algorithms, which is not of this message',
      'illegal_parameter',
      leaf,
      '000d 0004 0002 0403',
    ),
    one('an extension twice', 'illegal_parameter', leaf, '4444 0000 4444 0000'),
    one('a key that may not sign', 'unsupported_certificate', credential('may-not-sign').chain[0]!),
    asked('a message of 16 MB', 'illegal_parameter', (peer) =>
      peer.sendHandshake(bytes('0bffffff 00')),
    ),
    asked('refused by the caller', 'bad_certificate', (peer) => {
      peer.accepts = false;
      peer.send(peer.certificate(own));
      peer.send(peer.certificateVerify(own));
      peer.machine.refuse(1, 'bad_certificate', 0);
      peer.exchange();
    }),
  ]);
});

describe('CertificateVerify', () => {
  const kinds: CredentialName[] = ['p256', 'p384', 'rsa', 'ed25519'];
  const raw = (name: string, body: Uint8Array): ServerCase =>
    asked(name, 'decode_error', (peer) => {
      peer.send(peer.certificate(own));
      peer.send(message('certificate_verify', body));
    });
  const wrong = (kind: CredentialName, scheme: number): ServerCase =>
    proves(`${kind} under scheme ${scheme.toString(16)}`, 'illegal_parameter', kind, { scheme });
  serverConversations([
    ...kinds.map((kind) => proves(`by ${kind}`, null, kind)),
    ...kinds.map((kind) =>
      proves(`by ${kind}, as a server`, 'decrypt_error', kind, { signer: 'server' }),
    ),
    ...kinds.flatMap((kind) =>
      [4, 10, -1].map((at) =>
        proves(`by ${kind}, byte ${at} wrong`, 'decrypt_error', kind, { change: flipped(at) }),
      ),
    ),
    ...kinds.map((kind) =>
      proves(`by ${kind}, empty`, 'decrypt_error', kind, { change: () => bytes('') }),
    ),
    ...kinds.map((kind) =>
      proves(`by ${kind}, cut`, 'decrypt_error', kind, {
        change: (signature) => signature.slice(0, -1),
      }),
    ),
    ...kinds.map((kind) =>
      proves(`by ${kind}, with a byte behind it`, 'decrypt_error', kind, {
        change: (signature) => join(signature, bytes('00')),
      }),
    ),
    proves('by rsa, zeros', 'decrypt_error', 'rsa', { change: ({ length }) => filled(length, 0) }),
    proves('by p256, zeros', 'decrypt_error', 'p256', {
      change: () => bytes('3006 020100 020100'),
    }),
    proves('by p256, in raw form', 'decrypt_error', 'p256', { change: () => filled(64, 1) }),
    ...[0x0401, 0x0501, 0x0601, 0x0201, 0x0403, 0x0807, 0x0809, 0, 0xffff, 0x0a0a].map((scheme) =>
      wrong('rsa', scheme),
    ),
    ...[0x0203, 0x0503, 0x0603, 0x0804, 0x0807, 0x0401].map((scheme) => wrong('p256', scheme)),
    ...[0x0403, 0x0603, 0x0203].map((scheme) => wrong('p384', scheme)),
    ...[0x0808, 0x0403, 0x0804].map((scheme) => wrong('ed25519', scheme)),
    // The same key, another of its schemes: the scheme is right, the signature is not.
    proves('rsa under another of its schemes', 'decrypt_error', 'rsa', { scheme: 0x0805 }),
    raw('empty', bytes('')),
    raw('a scheme alone', bytes('0403')),
    raw('half a length', bytes('0403 00')),
    raw('a signature longer than the message', bytes('0403 0010 61')),
    raw('bytes behind the signature', bytes('0403 0001 61 00')),
    asked('in the clear', 'unexpected_message', (peer) => {
      peer.send(peer.certificate(own));
      peer.sendClear(TYPE.handshake, peer.certificateVerify(own));
    }),
    asked('over another transcript', 'decrypt_error', (peer) => {
      peer.send(peer.certificate(own));
      peer.transcript.pop();
      peer.send(peer.certificateVerify(own));
    }),
    asked('of another key', 'decrypt_error', (peer) => {
      peer.send(peer.certificate(credential('rsa')));
      peer.send(
        peer.certificateVerify(
          { ...credential('rsa'), key: credential('rsa').key },
          { change: flipped(0) },
        ),
      );
    }),
    asked('a good one and a wrong Finished', 'decrypt_error', (peer) => {
      peer.send(peer.certificate(own));
      peer.send(peer.certificateVerify(own));
      peer.sendHandshake(message('finished', filled(32, 0)));
    }),
  ]);
});

describe('after the handshake', () => {
  /** The context of the newest CertificateRequest. */
  const contextOf = (peer: RawClient): Uint8Array => {
    const request = peer.messages.findLast(([type]) => type === 13)!;
    return request.slice(5, 5 + request[4]!);
  };
  const requested = (
    name: string,
    alert: string | null,
    play: (peer: RawClient, context: Uint8Array) => void,
  ): ServerCase => ({
    name,
    alert,
    play: (peer) => {
      peer.handshake(helloWith(extension(49)));
      peer.machine.requestCertificate(0);
      peer.exchange();
      peer.transcript.push(peer.messages.at(-1)!);
      play(peer, contextOf(peer));
    },
  });
  const whole = (peer: RawClient, context: Uint8Array): void => {
    peer.send(peer.certificate(own, context));
    peer.send(peer.certificateVerify(own));
    peer.send(peer.finished(peer.writing!.secret));
  };
  serverConversations([
    requested('a whole answer', null, (peer, context) => {
      whole(peer, context);
      expect(peer.events.at(-1)).toMatchObject({ type: 'client-authenticated', chain: own.chain });
    }),
    requested('data in front of the answer', null, (peer, context) => {
      peer.sendText('first');
      whole(peer, context);
    }),
    requested('a KeyUpdate in front of the answer', null, (peer, context) => {
      peer.updateKeys(0);
      whole(peer, context);
    }),
    requested('all in one record', null, (peer, context) => {
      const certificate = peer.certificate(own, context);
      peer.transcript.push(certificate);
      const verify = peer.certificateVerify(own);
      peer.transcript.push(verify);
      peer.sendHandshake(certificate, verify, peer.finished(peer.writing!.secret));
    }),
    requested('none', null, (peer, context) => {
      peer.send(peer.certificate(null, context));
      peer.send(peer.finished(peer.writing!.secret));
      expect(peer.events.at(-1)).toMatchObject({ type: 'client-authenticated', chain: [] });
    }),
    requested('another context', 'illegal_parameter', (peer) => {
      peer.send(peer.certificate(own, bytes('0102')));
    }),
    requested('no context', 'illegal_parameter', (peer) => peer.send(peer.certificate(own))),
    requested('twice', 'unexpected_message', (peer, context) => {
      whole(peer, context);
      peer.send(peer.certificate(own, context));
    }),
    requested('Finished alone', 'unexpected_message', (peer) => {
      peer.send(peer.finished(peer.writing!.secret));
    }),
    requested('CertificateVerify alone', 'unexpected_message', (peer) => {
      peer.send(peer.certificateVerify(own));
    }),
    requested('no CertificateVerify', 'unexpected_message', (peer, context) => {
      peer.send(peer.certificate(own, context));
      peer.send(peer.finished(peer.writing!.secret));
    }),
    requested('data within the answer', 'unexpected_message', (peer, context) => {
      peer.send(peer.certificate(own, context));
      peer.sendText('in between');
    }),
    requested('a KeyUpdate within the answer', 'unexpected_message', (peer, context) => {
      peer.send(peer.certificate(own, context));
      peer.updateKeys(0);
    }),
    requested('a wrong signature', 'decrypt_error', (peer, context) => {
      peer.send(peer.certificate(own, context));
      peer.send(peer.certificateVerify(own, { change: flipped(10) }));
    }),
    requested('PKCS #1', 'illegal_parameter', (peer, context) => {
      peer.send(peer.certificate(credential('rsa'), context));
      peer.send(peer.certificateVerify(credential('rsa'), { scheme: 0x0401 }));
    }),
    requested('a wrong Finished', 'decrypt_error', (peer, context) => {
      peer.send(peer.certificate(null, context));
      peer.sendHandshake(message('finished', filled(32, 0)));
    }),
    requested('Finished by the key of the handshake', 'decrypt_error', (peer, context) => {
      peer.send(peer.certificate(null, context));
      peer.send(peer.finished());
    }),
    requested('Finished a byte too long', 'decode_error', (peer, context) => {
      peer.send(peer.certificate(null, context));
      peer.sendHandshake(message('finished', filled(33, 0)));
    }),
    {
      name: 'an answer to nothing',
      alert: 'unexpected_message',
      play: (peer) => {
        peer.handshake(helloWith(extension(49)));
        peer.send(peer.certificate(own, number(4, 1)));
      },
    },
  ]);
});
