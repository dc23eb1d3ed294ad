// What a server chooses from, right or wrong: names, protocols, sizes, schemes (RFC 6066, RFC 7301, RFC 8449).
import { describe, expect, test } from 'vitest';
import { readLeaf } from '../../src/certificate/leaf.ts';
import { credential } from '../support/engine-pair.ts';
import type { RawClientHello } from '../support/raw-client-hello.ts';
import { extension } from '../support/wire.ts';
import { helloWith, RawClient } from './raw-client.ts';
import { refused, type ServerCase, serverConversations, taken } from './server-cases.ts';

/** The good hello with an extension whose data is given in hexadecimal digits. */
const withData = (type: number, data: string): RawClientHello => helloWith(extension(type, data));

describe('names and protocols', () => {
  const options = { protocols: ['h2', 'http/1.1'] };
  const alpn = (name: string, alert: string | null, data: string): ServerCase => ({
    ...(alert === null
      ? taken(name, withData(16, data))
      : refused(name, alert, withData(16, data))),
    options,
  });
  serverConversations([
    alpn('no common protocol', 'no_application_protocol', '0003 02 6833'),
    alpn('a protocol that is a prefix of ours', 'no_application_protocol', '0002 01 68'),
    alpn('another case', 'no_application_protocol', '0003 02 4832'),
    alpn('an empty name behind a good one', 'decode_error', '0004 02 6832 00'),
    alpn('a common protocol', null, '0003 02 6832'),
    alpn('a common protocol behind others', null, '000a 02 0a0a 01 78 01 79 02 6832'),
    { ...taken('none asked for', {}), options },
    taken('asked for without a server that has any', withData(16, '0003 02 6832')),
    refused('a host name with a zero', 'illegal_parameter', withData(0, '0006 00 0003 610062')),
    refused('two host names', 'illegal_parameter', withData(0, '0008 00 0001 61 00 0001 62')),
    refused('a host name that is none', 'illegal_parameter', withData(0, '0005 00 0002 2e2e')),
    refused(
      'a host name of bytes beyond ASCII',
      'illegal_parameter',
      withData(0, '0005 00 0002 c3a4'),
    ),
    taken('a host name', withData(0, '000c 00 0009 6c6f63616c686f7374')),
    taken('another type of name', withData(0, '0004 07 0001 61')),
    taken('status of another type than OCSP', withData(5, '02 ffff')),
    taken('status asked for by OCSP', withData(5, '01 0000 0000')),
    refused('max_fragment_length 0', 'illegal_parameter', withData(1, '00')),
    refused('max_fragment_length 5', 'illegal_parameter', withData(1, '05')),
    refused('heartbeat mode 0', 'illegal_parameter', withData(15, '00')),
    refused('heartbeat mode 3', 'illegal_parameter', withData(15, '03')),
    refused('record_size_limit 63', 'illegal_parameter', withData(28, '003f')),
    refused('record_size_limit 0', 'illegal_parameter', withData(28, '0000')),
    taken('record_size_limit 64', withData(28, '0040')),
    taken('record_size_limit 16384', withData(28, '4000')),
    taken('record_size_limit 16385', withData(28, '4001')),
    taken('record_size_limit 16386', withData(28, '4002')),
    taken('record_size_limit 65535', withData(28, 'ffff')),
  ]);
});

describe('authorities', () => {
  const kinds = ['p256', 'p384', 'rsa'] as const;
  const credentials = kinds.map(credential);
  /** Which certificate is shown to a client with such authorities. */
  const shownTo = (...names: readonly string[]): string | undefined => {
    const data = names.map((name) => number16(name.length / 2) + name).join('');
    const client = new RawClient({ credentials });
    client.handshake(withData(47, number16(data.length / 2) + data));
    expect(client.machine.isSecured).toBe(true);
    const certificate = hexOf(client.messages.find(([type]) => type === 11));
    return kinds.find((_, index) => certificate.includes(hexOf(credentials[index]?.chain[0])));
  };
  const issuerOf = (kind: 'p256' | 'p384' | 'rsa'): string =>
    hexOf(readLeaf(credential(kind).chain[0]!)?.issuer);

  test('guide which of several certificates is shown (section 4.3.4)', () => {
    for (const kind of kinds) expect(shownTo(issuerOf(kind))).toBe(kind);
    expect(shownTo('3000', issuerOf('rsa'), issuerOf('p384'))).toBe('p384');
  });

  test('that have issued none leave it at the first', () => {
    expect(shownTo('3000')).toBe('p256');
    expect(shownTo(`${issuerOf('rsa')}00`)).toBe('p256');
  });
});

function hexOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}

function number16(value: number): string {
  return value.toString(16).padStart(4, '0');
}

describe('keys and schemes', () => {
  const shows = (name: 'p256' | 'p384' | 'rsa' | 'ed25519', data: string): ServerCase => ({
    ...taken(`${name} by ${data}`, withData(13, data)),
    options: { credentials: [credential(name)] },
  });
  const cannot = (name: 'p256' | 'p384' | 'rsa' | 'ed25519', data: string): ServerCase => ({
    ...refused(`${name} not by ${data}`, 'handshake_failure', withData(13, data)),
    options: { credentials: [credential(name)] },
  });
  serverConversations([
    shows('p256', '0002 0403'),
    shows('p384', '0004 0403 0503'),
    shows('rsa', '0002 0804'),
    shows('rsa', '0002 0805'),
    shows('rsa', '0002 0806'),
    shows('ed25519', '0002 0807'),
    cannot('p256', '0002 0503'),
    cannot('p384', '0002 0403'),
    cannot('rsa', '0008 0401 0501 0601 0201'),
    cannot('rsa', '0006 0809 080a 080b'),
    cannot('ed25519', '0004 0808 0403'),
  ]);
});
