// Every length in a ClientHello, each wrong in every way (RFC 9846 sections 3.4, 4.2.2, 6.2: "the length of the
// message was incorrect" is decode_error). The hello has all extensions that are read here.
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as EXT } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { rawClientHello } from '../support/raw-client-hello.ts';
import { extension } from '../support/wire.ts';
import { GOOD_EXTENSIONS, RawClient } from './raw-client.ts';

const ALL: readonly Extension[] = [
  extension(EXT.server_name, '000c 00 0009 6c6f63616c686f7374'),
  extension(EXT.max_fragment_length, '04'),
  extension(EXT.status_request, '01 0003 0001 61 0002 3000'),
  extension(EXT.heartbeat, '01'),
  extension(EXT.application_layer_protocol_negotiation, '000c 02 6832 08 687474702f312e31'),
  extension(EXT.signed_certificate_timestamp),
  extension(EXT.record_size_limit, '4001'),
  extension(EXT.cookie, '0002 6162'),
  extension(EXT.psk_key_exchange_modes, '02 0100'),
  extension(EXT.certificate_authorities, '0004 0002 3000'),
  extension(EXT.post_handshake_auth),
  extension(EXT.signature_algorithms_cert, '0004 0403 0804'),
  ...GOOD_EXTENSIONS,
];

/** The first list within these extensions has its length in front, of so many bytes. */
const LENGTH_BYTES: ReadonlyMap<number, number> = new Map<number, number>([
  [EXT.server_name, 2],
  [EXT.application_layer_protocol_negotiation, 2],
  [EXT.cookie, 2],
  [EXT.psk_key_exchange_modes, 1],
  [EXT.certificate_authorities, 2],
  [EXT.signature_algorithms_cert, 2],
  [EXT.supported_versions, 1],
  [EXT.supported_groups, 2],
  [EXT.signature_algorithms, 2],
  [EXT.key_share, 2],
]);

/** Of an extension that is too short the rest is read as the next one, and may happen to be one. */
const ACCIDENTS: ReadonlyMap<string, string> = new Map([
  // An unknown extension swallows all up to its end, supported_versions included.
  ['extension 28: 0', 'protocol_version'],
  // The length of a list behind it reads as the type of an extension that was there already.
  ['extension 43: 1', 'illegal_parameter'],
]);

/** A length that stands somewhere in the message. */
interface Length {
  readonly name: string;
  readonly at: number;
  readonly byteCount: number;
}

/** Where the list of extensions has its own length: behind two suites and one compression method. */
const EXTENSIONS_AT = 4 + 2 + 32 + 33 + 6 + 2;

function lengthsOf(extensions: readonly Extension[]): Length[] {
  const lengths: Length[] = [
    { name: 'legacy_session_id', at: 38, byteCount: 1 },
    { name: 'cipher_suites', at: 71, byteCount: 2 },
    { name: 'legacy_compression_methods', at: 77, byteCount: 1 },
    { name: 'extensions', at: EXTENSIONS_AT, byteCount: 2 },
  ];
  let at = EXTENSIONS_AT + 2;
  for (const { type, data } of extensions) {
    lengths.push({ name: `extension ${type}`, at: at + 2, byteCount: 2 });
    const byteCount = LENGTH_BYTES.get(type);
    if (byteCount !== undefined) lengths.push({ name: `list of ${type}`, at: at + 4, byteCount });
    at += 4 + data.length;
  }
  return lengths;
}

function readLength(hello: Uint8Array, { at, byteCount }: Length): number {
  return byteCount === 1 ? hello[at]! : (hello[at]! << 8) | hello[at + 1]!;
}

function withLength(hello: Uint8Array, { at, byteCount }: Length, value: number): Uint8Array {
  const changed = hello.slice();
  if (byteCount === 2) changed[at] = value >>> 8;
  changed[at + byteCount - 1] = value;
  return changed;
}

/** What answers such a hello. */
function alertsOf(hello: Uint8Array): readonly string[] {
  const peer = new RawClient();
  peer.sendHelloMessage(hello);
  return peer.alerts;
}

describe('every length of a hello', () => {
  const hello = rawClientHello({ extensions: ALL });

  test('right', () => {
    const peer = new RawClient();
    peer.handshake({ extensions: ALL });
    expect(peer.alerts).toEqual([]);
    expect(peer.talks()).toBe(true);
  });

  for (const length of lengthsOf(ALL)) {
    const right = readLength(hello, length);
    const ceiling = 256 ** length.byteCount - 1;
    const wrong = new Set([right + 1, right - 1, right * 2, 0, 1, ceiling]);
    wrong.delete(right);
    for (const value of wrong) {
      if (value < 0) continue;
      test(`${length.name}: ${value}, not ${right}`, () => {
        const alert = ACCIDENTS.get(`${length.name}: ${value}`) ?? 'decode_error';
        expect(alertsOf(withLength(hello, length, value))).toEqual([alert]);
      });
    }
  }
});

describe('a list of extensions that ends early', () => {
  /** Where one extension ends, and the list could. */
  const ends = new Set([0]);
  let total = 0;
  for (const { data } of ALL) {
    total += 4 + data.length;
    ends.add(total);
  }
  const whole = rawClientHello({ extensions: ALL });

  test('within an extension is a decode_error, between two a hello that lacks something', () => {
    for (let byteCount = 0; byteCount < total; byteCount += 1) {
      const cut = whole.slice(0, EXTENSIONS_AT + 2 + byteCount);
      cut[2] = (cut.length - 4) >>> 8;
      cut[3] = cut.length - 4;
      cut[EXTENSIONS_AT] = byteCount >>> 8;
      cut[EXTENSIONS_AT + 1] = byteCount;
      const alert = alertsOf(cut);
      if (!ends.has(byteCount)) expect(alert).toEqual(['decode_error']);
      else expect(['protocol_version', 'missing_extension']).toContain(alert[0]);
    }
  });
});
