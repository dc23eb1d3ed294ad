import { expect, test } from 'vitest';
import {
  clientSettings,
  DEFAULT_LIMITS,
  serverSettings,
  type TlsClientOptions,
  type TlsServerOptions,
} from '../src/index.ts';
import { nodeCrypto, nodeRandom } from '../src/node/index.ts';

const COMMON = { crypto: nodeCrypto, random: nodeRandom };

function client(options: Partial<TlsClientOptions>): unknown {
  return clientSettings({ ...COMMON, ...options });
}

function server(options: Partial<TlsServerOptions>): unknown {
  return serverSettings({ ...COMMON, credentials: [], ...options });
}

test('what is left out has a default, and all is frozen', () => {
  const settings = clientSettings(COMMON);
  expect(settings.groups).toEqual(nodeCrypto.groups);
  expect(settings.cipherSuites.map(({ name }) => name)).toEqual([
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
  ]);
  expect(settings).toMatchObject({
    heartbeat: 'off',
    recordSizeLimit: 16_385,
    pinnedCertificates: null,
    credential: null,
    middleboxCompatibility: true,
    limits: DEFAULT_LIMITS,
  });
  expect(Object.isFrozen(settings)).toBe(true);
  expect(serverSettings({ ...COMMON, credentials: [] }).groupChoice).toBe('share');
});

test('a share of x25519 goes with the hybrid one', () => {
  const shares = (groups: TlsClientOptions['groups']): unknown =>
    clientSettings({
      ...COMMON,
      crypto: { ...nodeCrypto, groups: ['X25519MLKEM768', 'x25519', 'secp256r1'] },
      ...(groups === undefined ? {} : { groups }),
    }).keyShareGroups;
  expect(shares(undefined)).toEqual(['X25519MLKEM768', 'x25519']);
  expect(shares(['X25519MLKEM768', 'secp256r1'])).toEqual(['X25519MLKEM768']);
  expect(shares(['secp256r1', 'x25519'])).toEqual(['secp256r1']);
});

test('pinned certificates are copied', () => {
  const pin = Uint8Array.of(1);
  const { pinnedCertificates } = clientSettings({ ...COMMON, pinnedCertificates: [pin] });
  pin[0] = 2;
  expect(pinnedCertificates).toEqual([Uint8Array.of(1)]);
});

test('what is missing is a TypeError', () => {
  expect(() => clientSettings({} as TlsClientOptions)).toThrow(TypeError);
  expect(() => client({ random: undefined as never })).toThrow(TypeError);
  expect(() => server({ credentials: undefined as never })).toThrow(TypeError);
  const key = { schemes: [] };
  expect(() => server({ credentials: [{ chain: [], key }] })).toThrow(TypeError);
  const psk = { identity: Uint8Array.of(1), secret: Uint8Array.of(1) };
  expect(() => client({ preSharedKeys: [psk], credential: 'ask' })).toThrow(TypeError);
});

test('what cannot be is a RangeError', () => {
  const wrong: Partial<TlsClientOptions>[] = [
    { groups: [] },
    { groups: ['x25519', 'x25519'] },
    { groups: ['x448' as never] },
    { cipherSuites: [] },
    { cipherSuites: ['TLS_AES_128_CCM_SHA256' as never] },
    { signatureSchemes: ['rsa_pkcs1_sha256' as never] },
    { keyShareGroups: ['secp256r1'], groups: ['x25519'] },
    { keyShareGroups: ['secp256r1', 'x25519'], groups: ['x25519', 'secp256r1'] },
    { protocols: [''] },
    { protocols: ['x'.repeat(256)] },
    { protocols: ['\u0100'] },
    { heartbeat: 'on' as never },
    { recordSizeLimit: 63 },
    { recordSizeLimit: 16_386 },
    { recordSizeLimit: 100.5 },
    { input: 'lent' as never },
    { limits: { unknown: 1 } as never },
    { timeouts: { handshakeMs: -1 } },
    { preSharedKeys: [{ identity: new Uint8Array(0), secret: Uint8Array.of(1) }] },
    { preSharedKeys: [{ identity: Uint8Array.of(1), secret: new Uint8Array(0) }] },
  ];
  for (const options of wrong) expect(() => client(options)).toThrow(RangeError);
});
