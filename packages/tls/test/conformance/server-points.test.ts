// Points that are none, and encodings of signatures that are wrong, of a server (RFC 9846 sections 4.3.8.2,
// 4.5.2 and 7.4.2).
import { createECDH } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytes, hex, join, list, number } from '../support/wire.ts';
import { behindExtensions, type ClientCase, clientConversations } from './client-cases.ts';
import { p256Share } from './raw-client.ts';
import { RawServer, SELECTS_TLS13, shareExtension } from './raw-server.ts';

describe('points', () => {
  const refused = (group: number, name: string, value: Uint8Array): ClientCase => ({
    name: `group ${group.toString(16)}: ${name}`,
    alert: 'illegal_parameter',
    options: {
      groups: group === 0x1d ? ['x25519'] : group === 0x17 ? ['secp256r1'] : ['secp384r1'],
    },
    play: (peer) =>
      peer.sendHandshake(
        peer.serverHello({ extensions: [SELECTS_TLS13, shareExtension(group, value)] }),
      ),
  });
  // Of order 1, 2, 4 and 8, and what is equal to them (RFC 7748 section 6.1).
  const small = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
    `ec${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
    `${'00'.repeat(31)}80`,
    `ed${'ff'.repeat(30)}ff`,
  ];
  const P = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff';
  const good = p256Share().share;
  const x = hex(good.subarray(1, 33));
  const y = hex(good.subarray(33));
  const other = (BigInt(`0x${P}`) - BigInt(`0x${y}`)).toString(16).padStart(64, '0');
  const off = good.slice();
  off[64]! ^= 1;
  const p384 = createECDH('secp384r1');
  p384.generateKeys();
  const far = new Uint8Array(p384.getPublicKey());
  const wrong = far.slice();
  wrong[96]! ^= 1;
  clientConversations([
    ...small.map((value) => refused(0x1d, value.slice(0, 8), bytes(value))),
    refused(0x17, 'off the curve', off),
    refused(0x17, 'hybrid form', bytes(`${(good[64]! & 1) === 0 ? '06' : '07'} ${x} ${y}`)),
    refused(0x17, 'form 5', bytes(`05 ${x} ${y}`)),
    refused(0x17, 'form 0', bytes(`00 ${x} ${y}`)),
    refused(0x17, 'x beyond the field', bytes(`04 ${'ff'.repeat(32)} ${y}`)),
    refused(0x17, 'y beyond the field', bytes(`04 ${x} ${'ff'.repeat(32)}`)),
    refused(0x17, 'x is the prime', bytes(`04 ${P} ${y}`)),
    refused(0x17, 'a byte behind', join(good, bytes('00'))),
    refused(0x17, 'a zero in front', bytes(`04 00 ${x} ${y}`)),
    refused(0x17, 'compressed', bytes(`03 ${x}`)),
    refused(0x17, 'a point of secp384r1', far),
    refused(0x18, 'off the curve', wrong),
    refused(0x18, 'a point of secp256r1', good),
    refused(0x18, 'compressed', join(bytes('02'), far.subarray(1, 49))),
    refused(0x18, 'infinity', bytes('00')),
  ]);
  test('the other y of the same x is a point as good', () => {
    const peer = new RawServer({ groups: ['secp256r1'] });
    const value = bytes(`04 ${x} ${other}`);
    const share = shareExtension(0x17, value);
    peer.sendHandshake(peer.serverHello({ extensions: [SELECTS_TLS13, share] }));
    expect(peer.alerts).toEqual([]);
  });
});

describe('signatures of ECDSA', () => {
  const der = (name: string, change: (r: Uint8Array, s: Uint8Array) => Uint8Array): ClientCase =>
    behindExtensions(name, 'decrypt_error', (peer) => {
      peer.send(peer.certificate());
      peer.send(
        peer.certificateVerify({
          change: (signature) => {
            const rBytes = signature[3]!;
            return change(signature.slice(4, 4 + rBytes), signature.slice(6 + rBytes));
          },
        }),
      );
    });
  const integer = (value: Uint8Array): Uint8Array => join(bytes('02'), list(1, value));
  const pair = (...parts: Uint8Array[]): Uint8Array => join(bytes('30'), list(1, ...parts));
  clientConversations([
    der('r is 0', (_, s) => pair(integer(bytes('00')), integer(s))),
    der('s is 0', (r) => pair(integer(r), integer(bytes('00')))),
    der('both are 0', () => pair(integer(bytes('00')), integer(bytes('00')))),
    der('both are 1', () => pair(integer(bytes('01')), integer(bytes('01')))),
    der('r is negative', (r, s) => pair(integer(join(bytes('ff'), r)), integer(s))),
    der('r and s exchanged', (r, s) => pair(integer(s), integer(r))),
    der('a third number', (r, s) => pair(integer(r), integer(s), integer(bytes('01')))),
    der('r alone', (r) => pair(integer(r))),
    der('bytes behind', (r, s) => join(pair(integer(r), integer(s)), bytes('0500'))),
    der('a length too long', (r, s) =>
      join(bytes('30'), number(1, r.length + s.length + 5), integer(r), integer(s)),
    ),
    der('no sequence', (r, s) => join(integer(r), integer(s))),
  ]);
});
