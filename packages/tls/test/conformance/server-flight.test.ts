// The flight of a server behind its hello, at a client (RFC 9846 sections 4.4, 4.5).
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import { type CredentialName, credential } from '../support/engine-pair.ts';
import { bytes, extension, filled, join, list, message, number } from '../support/wire.ts';
import {
  behindExtensions,
  behindHello,
  type ClientCase,
  clientConversations,
  extended,
} from './client-cases.ts';
import type { ProofOptions } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { RawServer } from './raw-server.ts';

describe('EncryptedExtensions', () => {
  const raw = (name: string, data: string): ClientCase =>
    behindHello(name, 'decode_error', (peer) =>
      peer.send(message('encrypted_extensions', bytes(data))),
    );
  const e = extension;
  const bad = (name: string, alert: string, type: number, data = ''): ClientCase =>
    extended(name, alert, e(type, data));
  const asking = (one: ClientCase): ClientCase => ({
    ...one,
    options: { protocols: ['h2', 'http/1.1'], heartbeat: 'peer-allowed-to-send' },
  });
  clientConversations([
    raw('empty', ''),
    raw('half a length', '00'),
    raw('longer than the message', '0004 0000'),
    raw('bytes behind', '0000 00'),
    raw('half an extension', '0002 0000'),
    raw('an extension longer than the list', '0004 0000 0001'),
    extended('none', null),
    extended('server_name', null, e(0)),
    bad('server_name with a name', 'decode_error', 0, '0004 00 0001 61'),
    bad('server_name with a zero', 'decode_error', 0, '00'),
    extended('server_name twice', 'illegal_parameter', e(0), e(0)),
    bad('max_fragment_length, not asked for', 'unsupported_extension', 1, '01'),
    bad('an unknown extension', 'unsupported_extension', 0x4444),
    bad('GREASE', 'unsupported_extension', 0x0a0a),
    bad('ALPN, not asked for', 'unsupported_extension', 16, '0003 02 6832'),
    bad('heartbeat, not asked for', 'unsupported_extension', 15, '01'),
    bad('early_data, not asked for', 'unsupported_extension', 42),
    bad('use_srtp, not asked for', 'unsupported_extension', 14, '0000 00'),
    ...(
      [
        [EXT.key_share, '001d 0001 61'],
        [EXT.supported_versions, '0304'],
        [EXT.signature_algorithms, '0002 0403'],
        [EXT.signature_algorithms_cert, '0002 0403'],
        [EXT.pre_shared_key, '0000'],
        [EXT.psk_key_exchange_modes, '01 01'],
        [EXT.cookie, '0001 61'],
        [EXT.certificate_authorities, '0003 0001 61'],
        [EXT.oid_filters, '0000'],
        [EXT.post_handshake_auth, ''],
        [EXT.status_request, ''],
        [EXT.signed_certificate_timestamp, ''],
        [EXT.padding, '00'],
        [EXT.extended_main_secret, ''],
        [EXT.session_ticket, ''],
        [EXT.renegotiation_info, '00'],
        [EXT.ec_point_formats, '0100'],
      ] as const
    ).map(([type, data]) =>
      bad(`extension ${type}, not of this message`, 'illegal_parameter', type, data),
    ),
    extended('supported_groups', null, e(10, '0004 0017 0018')),
    bad('supported_groups without any', 'decode_error', 10, '0000'),
    bad('supported_groups of odd length', 'decode_error', 10, '0003 001d 00'),
    bad('a byte behind supported_groups', 'decode_error', 10, '0002 001d 00'),
    extended('record_size_limit 64', null, e(28, '0040')),
    extended('record_size_limit 16384', null, e(28, '4000')),
    extended('record_size_limit 16385', null, e(28, '4001')),
    bad('record_size_limit 16386', 'illegal_parameter', 28, '4002'),
    bad('record_size_limit 63', 'illegal_parameter', 28, '003f'),
    bad('record_size_limit 0', 'illegal_parameter', 28, '0000'),
    bad('record_size_limit of a byte', 'decode_error', 28, '40'),
    bad('record_size_limit of three bytes', 'decode_error', 28, '400000'),
    asking(extended('ALPN of one that we offer', null, e(16, '0003 02 6832'))),
    asking(bad('ALPN of one that we do not', 'illegal_parameter', 16, '0003 02 6833')),
    asking(bad('ALPN of two', 'decode_error', 16, '000c 02 6832 08 687474702f312e31')),
    asking(bad('ALPN of none', 'decode_error', 16, '0000')),
    asking(bad('ALPN of an empty name', 'decode_error', 16, '0001 00')),
    asking(bad('ALPN without data', 'decode_error', 16, '')),
    asking(bad('ALPN with a byte behind it', 'decode_error', 16, '0003 02 6832 00')),
    asking(extended('heartbeat', null, e(15, '01'))),
    asking(extended('heartbeat, mode 2', null, e(15, '02'))),
    asking(bad('heartbeat, mode 0', 'illegal_parameter', 15, '00')),
    asking(bad('heartbeat, mode 3', 'illegal_parameter', 15, '03')),
    asking(bad('heartbeat without mode', 'decode_error', 15, '')),
    behindHello('twice', 'unexpected_message', (peer) => {
      peer.send(peer.encryptedExtensions());
      peer.send(peer.encryptedExtensions());
    }),
    behindHello('left out', 'unexpected_message', (peer) => peer.send(peer.certificate())),
    behindHello('data instead', 'unexpected_message', (peer) => peer.sendText('early')),
    behindHello('Finished instead', 'unexpected_message', (peer) => peer.send(peer.finished())),
    behindHello('a KeyUpdate instead', 'unexpected_message', (peer) =>
      peer.sendHandshake(bytes('18000001 00')),
    ),
    behindHello('a ticket instead', 'unexpected_message', (peer) =>
      peer.sendHandshake(bytes('04000000')),
    ),
  ]);

  test('server_name is refused where the hello has none', () => {
    const peer = new RawServer({}, null);
    peer.begin(extension(0));
    expect(peer.alerts).toEqual(['unsupported_extension']);
  });
});

describe('CertificateRequest', () => {
  const schemes = extension(13, '0002 0403');
  const asks = (
    name: string,
    alert: string | null,
    extensions: readonly ReturnType<typeof extension>[],
    context = '',
  ): ClientCase =>
    behindExtensions(name, alert, (peer) => {
      peer.send(peer.certificateRequest(bytes(context), extensions));
      if (alert !== null) return;
      peer.prove();
      peer.finish();
      expect(peer.messages.map(([type]) => type)).toEqual([1, 11, 20]);
    });
  const raw = (name: string, data: string): ClientCase =>
    behindExtensions(name, 'decode_error', (peer) =>
      peer.send(message('certificate_request', bytes(data))),
    );
  const with13 = (type: number, data = ''): ReturnType<typeof extension>[] => [
    schemes,
    extension(type, data),
  ];
  clientConversations([
    asks('schemes alone', null, [schemes]),
    asks('no extension', 'missing_extension', []),
    asks('no signature_algorithms', 'missing_extension', [extension(50, '0002 0403')]),
    asks('no scheme', 'decode_error', [extension(13, '0000')]),
    asks('half a scheme', 'decode_error', [extension(13, '0001 04')]),
    asks('a byte behind the schemes', 'decode_error', [extension(13, '0002 0403 00')]),
    asks('schemes that nobody has', null, [extension(13, '0002 0a0a')]),
    asks('schemes twice', 'illegal_parameter', [schemes, schemes]),
    asks('a context', 'illegal_parameter', [schemes], '01'),
    asks('an unknown extension', null, with13(0x4444, '00')),
    asks('GREASE', null, with13(0x0a0a)),
    asks('an unknown extension twice', 'illegal_parameter', [...with13(0x4444), extension(0x4444)]),
    asks('OCSP asked for', null, with13(5)),
    asks('timestamps asked for', null, with13(18)),
    asks('server_name, which is for others', null, with13(0)),
    asks('authorities', null, with13(47, '0003 0001 61')),
    asks('no authority', 'decode_error', with13(47, '0000')),
    asks('an empty authority', 'decode_error', with13(47, '0002 0000')),
    asks('filters', null, with13(48, '0000')),
    asks('a filter twice', 'illegal_parameter', with13(48, '0008 01 61 0000 01 61 0000')),
    asks('a filter without OID', 'decode_error', with13(48, '0003 00 0000')),
    asks('signature_algorithms_cert empty', 'decode_error', with13(50, '0000')),
    ...[10, 16, 28, 41, 42, 43, 44, 45, 49, 51, 15, 1].map((type) =>
      asks(`extension ${type}, not of this message`, 'illegal_parameter', with13(type)),
    ),
    raw('empty', ''),
    raw('a context alone', '00'),
    raw('a context longer than the message', '05 00'),
    raw('extensions longer than the message', '00 0008 0000'),
    raw('bytes behind', '00 0008 000d 0004 0002 0403 00'),
    behindExtensions('twice', 'unexpected_message', (peer) => {
      peer.send(peer.certificateRequest());
      peer.send(peer.certificateRequest());
    }),
    behindExtensions('behind the certificate', 'unexpected_message', (peer) => {
      peer.send(peer.certificate());
      peer.send(peer.certificateRequest());
    }),
    behindExtensions('behind CertificateVerify', 'unexpected_message', (peer) => {
      peer.prove();
      peer.send(peer.certificateRequest());
    }),
    behindHello('in front of EncryptedExtensions', 'unexpected_message', (peer) => {
      peer.send(peer.certificateRequest());
    }),
  ]);

  test('a client with a certificate shows and proves it', () => {
    for (const name of ['p256', 'rsa', 'ed25519'] as const) {
      const peer = new RawServer({ credential: credential(name) });
      peer.begin();
      peer.send(peer.certificateRequest());
      peer.prove();
      peer.finish();
      expect(peer.alerts).toEqual([]);
      expect(peer.messages.map(([type]) => type)).toEqual([1, 11, 15, 20]);
      expect(peer.talks()).toBe(true);
    }
  });
});

describe('Certificate', () => {
  const leaf = credential('p256').chain[0]!;
  const raw = (name: string, alert: string, ...body: Uint8Array[]): ClientCase =>
    behindExtensions(name, alert, (peer) => peer.send(message('certificate', ...body)));
  const entry = (data: Uint8Array, extensions = ''): Uint8Array =>
    join(list(3, data), list(2, bytes(extensions)));
  const one = (name: string, alert: string, data: Uint8Array, extensions = ''): ClientCase =>
    raw(name, alert, bytes('00'), list(3, entry(data, extensions)));
  const stapled = (name: string, alert: string | null, extensions: string): ClientCase =>
    behindExtensions(name, alert, (peer) => {
      peer.send(peer.certificate(extensions));
      if (alert !== null) return;
      peer.send(peer.certificateVerify());
      peer.finish();
    });
  const ocsp = '0005 0006 01 000002 6161';
  clientConversations([
    raw('without any', 'decode_error', bytes('00 000000')),
    raw('an empty message', 'decode_error'),
    raw('a context alone', 'decode_error', bytes('00')),
    raw('a context', 'illegal_parameter', bytes('01 61'), list(3, entry(leaf))),
    raw('a list longer than the message', 'decode_error', bytes('00 001000 00')),
    raw('bytes behind the list', 'decode_error', bytes('00'), list(3, entry(leaf)), bytes('00')),
    raw('an entry without extensions', 'decode_error', bytes('00'), list(3, list(3, leaf))),
    raw(
      'a second entry that is cut',
      'decode_error',
      bytes('00'),
      list(3, entry(leaf), bytes('0000')),
    ),
    one('an empty one', 'decode_error', bytes('')),
    one('zeros', 'bad_certificate', filled(500, 0)),
    one('text', 'bad_certificate', filled(500)),
    one('cut short', 'bad_certificate', leaf.subarray(0, -1)),
    one('with a byte behind it', 'bad_certificate', join(leaf, bytes('00'))),
    one('a key that may not sign', 'unsupported_certificate', credential('may-not-sign').chain[0]!),
    {
      ...one(
        'a key of no scheme that we offer',
        'unsupported_certificate',
        credential('rsa').chain[0]!,
      ),
      options: { signatureSchemes: ['ecdsa_secp256r1_sha256'] },
    },
    stapled('with an OCSP response', null, ocsp),
    stapled('with an OCSP response twice', 'illegal_parameter', `${ocsp} ${ocsp}`),
    stapled('with a status of another type', 'illegal_parameter', '0005 0006 02 000002 6161'),
    stapled('with an empty OCSP response', 'decode_error', '0005 0004 01 000000'),
    stapled('with an OCSP response that is cut', 'decode_error', '0005 0006 01 000003 6161'),
    stapled('with a byte behind the OCSP response', 'decode_error', '0005 0006 01 000001 6161'),
    {
      ...stapled('with an OCSP response not asked for', 'unsupported_extension', ocsp),
      options: { requestOcsp: false },
    },
    stapled('with timestamps not asked for', 'unsupported_extension', '0012 0005 0003 0001 61'),
    stapled('with an unknown extension', 'unsupported_extension', '4444 0000'),
    ...[0, 1, 10, 13, 15, 16, 28, 41, 42, 43, 44, 45, 47, 48, 49, 50, 51].map((type) =>
      stapled(
        `with extension ${type}, not of this message`,
        'illegal_parameter',
        `${type.toString(16).padStart(4, '0')} 0000`,
      ),
    ),
    behindExtensions('a message of 16 MB', 'illegal_parameter', (peer) => {
      peer.sendHandshake(bytes('0bffffff 00'));
    }),
    behindExtensions('a chain of 120 KB', null, (peer) => {
      const chain = [entry(leaf), ...Array.from({ length: 120 }, () => entry(filled(1_000)))];
      peer.send(message('certificate', bytes('00'), list(3, ...chain)));
      peer.send(peer.certificateVerify());
      peer.finish();
    }),
    behindExtensions('twice', 'unexpected_message', (peer) => {
      peer.send(peer.certificate());
      peer.send(peer.certificate());
    }),
    behindExtensions('left out', 'unexpected_message', (peer) =>
      peer.send(peer.certificateVerify()),
    ),
    behindExtensions('left out with its proof', 'unexpected_message', (peer) =>
      peer.send(peer.finished()),
    ),
    behindExtensions('compressed', 'unexpected_message', (peer) =>
      peer.send(join(number(1, 25), list(3, filled(20)))),
    ),
  ]);
});

describe('CertificateVerify', () => {
  const proves = (
    name: string,
    alert: string | null,
    kind: CredentialName,
    options: ProofOptions = {},
  ): ClientCase =>
    behindExtensions(name, alert, (peer) => {
      peer.credential = credential(kind);
      peer.send(peer.certificate());
      peer.send(peer.certificateVerify(options));
      if (alert === null) peer.finish();
    });
  const raw = (name: string, data: string): ClientCase =>
    behindExtensions(name, 'decode_error', (peer) => {
      peer.send(peer.certificate());
      peer.send(message('certificate_verify', bytes(data)));
    });
  const kinds: CredentialName[] = ['p256', 'p384', 'rsa', 'ed25519'];
  const flip = (signature: Uint8Array): Uint8Array => {
    signature[signature.length - 1]! ^= 1;
    return signature;
  };
  const scheme = (kind: CredentialName, code: number): ClientCase =>
    proves(`${kind} under scheme ${code.toString(16)}`, 'illegal_parameter', kind, {
      scheme: code,
    });
  clientConversations([
    ...kinds.map((kind) => proves(`by ${kind}`, null, kind)),
    ...kinds.map((kind) => proves(`by ${kind}, damaged`, 'decrypt_error', kind, { change: flip })),
    ...kinds.map((kind) =>
      proves(`by ${kind}, as a client`, 'decrypt_error', kind, { signer: 'client' }),
    ),
    ...kinds.map((kind) =>
      proves(`by ${kind}, empty`, 'decrypt_error', kind, { change: () => bytes('') }),
    ),
    ...kinds.map((kind) =>
      proves(`by ${kind}, with a byte behind it`, 'decrypt_error', kind, {
        change: (signature) => join(signature, bytes('00')),
      }),
    ),
    ...[0x0401, 0x0501, 0x0601, 0x0201, 0x0809, 0x0403, 0, 0x0a0a, 0xffff].map((code) =>
      scheme('rsa', code),
    ),
    ...[0x0203, 0x0503, 0x0603, 0x0804, 0x0807].map((code) => scheme('p256', code)),
    ...[0x0403, 0x0603].map((code) => scheme('p384', code)),
    {
      ...scheme('p384', 0x0503),
      name: 'a scheme that we have and did not offer',
      alert: 'unsupported_certificate',
      options: { signatureSchemes: ['ecdsa_secp256r1_sha256'] },
    },
    raw('empty', ''),
    raw('a scheme alone', '0403'),
    raw('longer than the message', '0403 0010 00'),
    raw('bytes behind', '0403 0001 00 00'),
    behindExtensions('left out', 'unexpected_message', (peer) => {
      peer.send(peer.certificate());
      peer.send(peer.finished());
    }),
    behindExtensions('twice', 'unexpected_message', (peer) => {
      peer.prove();
      peer.send(peer.certificateVerify());
    }),
    behindExtensions('of another conversation', 'decrypt_error', (peer) => {
      peer.send(peer.certificate());
      const other = peer.transcript;
      peer.transcript = other.slice(1);
      peer.send(peer.certificateVerify());
      peer.transcript = other;
    }),
    behindExtensions('refused by the caller', 'unknown_ca', (peer) => {
      peer.accepts = false;
      peer.prove();
      peer.machine.refuse(1, 'unknown_ca', 0);
      peer.exchange();
    }),
  ]);
});

describe('Finished', () => {
  const ends = (name: string, alert: string | null, play: (peer: RawServer) => void): ClientCase =>
    behindExtensions(name, alert, (peer) => {
      peer.prove();
      play(peer);
    });
  const changed = (edit: (verify: Uint8Array) => Uint8Array) => (peer: RawServer) =>
    peer.sendHandshake(message('finished', edit(peer.finished().slice(4))));
  clientConversations([
    ...Array.from({ length: 32 }, (_, at) =>
      ends(
        `byte ${at} wrong`,
        'decrypt_error',
        changed((verify) => {
          verify[at]! ^= 0x80;
          return verify;
        }),
      ),
    ),
    ends(
      'empty',
      'decode_error',
      changed(() => bytes('')),
    ),
    ends(
      'a byte short',
      'decode_error',
      changed((verify) => verify.subarray(1)),
    ),
    ends(
      'a byte long',
      'decode_error',
      changed((verify) => join(verify, bytes('00'))),
    ),
    ends(
      'of SHA-384',
      'decode_error',
      changed(() => filled(48, 0)),
    ),
    ends(
      'of 16 KB',
      'decode_error',
      changed(() => filled(16_000, 0)),
    ),
    ends('in the clear', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.handshake, peer.finished()),
    ),
    ends('with a ticket in its record', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished(), bytes('04000000'));
    }),
    ends('with a byte in its record', 'unexpected_message', (peer) => {
      peer.sendHandshake(peer.finished(), bytes('00'));
    }),
    ends('data in front of it', 'unexpected_message', (peer) => peer.sendText('early')),
    ends('a KeyUpdate in front of it', 'unexpected_message', (peer) =>
      peer.sendHandshake(bytes('18000001 00')),
    ),
    ends('change_cipher_spec in front of it', null, (peer) => {
      peer.sendClear(TYPE.ccs, bytes('01'));
      peer.finish();
    }),
    ends('an alert in the clear in front of it', 'unexpected_message', (peer) =>
      peer.sendClear(TYPE.alert, bytes('0228')),
    ),
    ends('with padding', null, (peer) => {
      const { record } = peer;
      peer.record = (type, content) => record.call(peer, type, content, { paddingBytes: 9_000 });
      peer.finish();
      peer.record = record;
    }),
  ]);

  test('nothing is sent under the keys of the application before the server has proved itself', () => {
    const peer = new RawServer();
    peer.machine.sendData(filled(5), 0);
    peer.begin();
    peer.prove();
    expect(peer.records.filter(({ type }) => type === TYPE.data)).toEqual([]);
    peer.finish();
    expect(peer.text).toBe('aaaaa');
  });
});
