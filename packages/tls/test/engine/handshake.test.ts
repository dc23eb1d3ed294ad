// The full handshake of both roles, in what it negotiates.
import { expect, test } from 'vitest';
import type { NamedGroup } from '../../src/named-group.ts';
import { nodeCrypto } from '../../src/node/index.ts';
import { type CredentialName, credential, EnginePair } from '../support/engine-pair.ts';

const PSK = { identity: new TextEncoder().encode('device 7'), secret: new Uint8Array(32).fill(7) };

test('every cipher suite with every group', () => {
  const suites = [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
  ] as const;
  for (const suite of suites) {
    for (const group of nodeCrypto.groups as NamedGroup[]) {
      const pair = new EnginePair({
        client: { cipherSuites: [suite], groups: [group] },
        server: { groups: nodeCrypto.groups },
      });
      pair.exchange();
      const event = pair.client.only('handshake-complete');
      expect(event).toMatchObject({ cipherSuite: suite, group, wasRetried: false });
      expect(pair.server.only('handshake-complete')).toEqual({ ...event, peerCertificates: [] });
      expect(event.peerCertificates).toEqual(pair.client.only('verify-peer').chain);
      expect(pair.talk()).toBe(true);
    }
  }
});

test('every kind of key signs, at either side', () => {
  const kinds: [CredentialName, string][] = [
    ['p256', 'ecdsa_secp256r1_sha256'],
    ['p384', 'ecdsa_secp384r1_sha384'],
    ['rsa', 'rsa_pss_rsae_sha256'],
    ['ed25519', 'ed25519'],
  ];
  for (const [kind, signatureScheme] of kinds) {
    const own = credential(kind);
    const pair = new EnginePair({
      client: { credential: own },
      server: { credentials: [own], clientCertificate: 'require' },
    });
    pair.exchange();
    expect(pair.client.only('handshake-complete')).toMatchObject({ signatureScheme });
    expect(pair.client.only('verify-peer').chain).toEqual(own.chain);
    expect(pair.server.only('verify-peer').chain).toEqual(own.chain);
    expect(pair.talk()).toBe(true);
  }
});

test('the server shows the first certificate that suits the client', () => {
  const pair = new EnginePair({
    client: { signatureSchemes: ['ed25519', 'ecdsa_secp256r1_sha256'] },
    server: { credentials: [credential('rsa'), credential('ed25519'), credential('p256')] },
  });
  pair.exchange();
  expect(pair.client.only('handshake-complete').signatureScheme).toBe('ed25519');
});

test('nobody is accepted before the caller has said so', () => {
  const pair = new EnginePair({ accepts: false });
  pair.exchange();
  const { client } = pair;
  expect(client.only('verify-peer')).toMatchObject({ serverName: 'p256.example', request: null });
  expect(pair.isSecured).toBe(false);
  expect(client.machine.nextEvent(0)).toEqual({ type: 'paused' });
  // Neither another number nor another kind of answer is one.
  client.machine.acceptPeer(99, 0);
  client.machine.answerSignature(1, new Uint8Array(64), 0);
  expect(client.machine.nextEvent(0)).toEqual({ type: 'paused' });
  client.machine.acceptPeer(client.only('verify-peer').id, 0);
  pair.exchange();
  expect(pair.isSecured).toBe(true);
  client.machine.acceptPeer(client.only('verify-peer').id, 0);
  expect(pair.talk()).toBe(true);
});

test('a refusal is told to the peer by the alert that the caller chose', () => {
  const pair = new EnginePair({ accepts: false });
  pair.exchange();
  pair.client.machine.refuse(pair.client.only('verify-peer').id, 'certificate_expired', 0);
  pair.exchange();
  expect(pair.client.failure).toEqual({ code: 'TLS_REFUSED', alert: 'certificate_expired' });
  expect(pair.server.receivedAlert).toBe(45);
});

test('pinned certificates answer by themselves, for or against', () => {
  const own = credential('p256');
  const pinned = new EnginePair({
    client: { pinnedCertificates: [credential('rsa').chain[0]!, own.chain[0]!] },
    accepts: false,
  });
  pinned.exchange();
  expect(pinned.isSecured).toBe(true);
  expect(pinned.client.all('verify-peer')).toEqual([]);
  expect(pinned.client.only('handshake-complete').peerCertificates).toEqual(own.chain);
  const other = new EnginePair({ client: { pinnedCertificates: credential('rsa').chain } });
  other.exchange();
  expect(other.client.failure).toEqual({ code: 'TLS_CERTIFICATE_NOT_PINNED', alert: 'unknown_ca' });
  const none = new EnginePair({ client: { pinnedCertificates: [] } });
  none.exchange();
  expect(none.client.failure?.alert).toBe('unknown_ca');
});

test('ALPN: the server prefers, and fails without a common protocol', () => {
  const pair = new EnginePair({
    client: { protocols: ['h2', 'http/1.1'] },
    server: { protocols: ['http/1.1', 'h2'] },
  });
  pair.exchange();
  expect(pair.client.only('handshake-complete').protocol).toBe('http/1.1');
  expect(pair.server.only('handshake-complete').protocol).toBe('http/1.1');
  const strangers = new EnginePair({
    client: { protocols: ['h2'] },
    server: { protocols: ['mqtt'] },
  });
  strangers.exchange();
  expect(strangers.server.failure?.alert).toBe('no_application_protocol');
  expect(strangers.client.receivedAlert).toBe(120);
  const without = new EnginePair({ client: { protocols: ['h2'] } });
  without.exchange();
  expect(without.client.only('handshake-complete').protocol).toBeNull();
});

test('SNI: the name is told, may be demanded, and may be missing', () => {
  const pair = new EnginePair({ serverName: 'shop.example' });
  pair.exchange();
  expect(pair.server.only('handshake-complete').serverName).toBe('shop.example');
  const nameless = new EnginePair({ serverName: null });
  nameless.exchange();
  expect(nameless.server.only('handshake-complete').serverName).toBeNull();
  const demanding = new EnginePair({ serverName: null, server: { requiresServerName: true } });
  demanding.exchange();
  expect(demanding.server.failure?.alert).toBe('missing_extension');
});

test('a certificate chosen by the caller, by name and protocol', () => {
  const pair = new EnginePair({
    client: { protocols: ['h2'] },
    server: { credentials: 'ask', protocols: ['h2'] },
  });
  pair.exchange();
  const asked = pair.server.only('choose-certificate');
  expect(asked).toMatchObject({
    serverName: 'p256.example',
    protocol: 'h2',
    offeredProtocols: ['h2'],
    authorities: [],
  });
  expect(asked.schemes).toContain(0x0403);
  expect(asked.certificateSchemes).toContain(0x0401);
  pair.server.machine.chooseCertificate(asked.id, credential('p256'), 0);
  pair.exchange();
  expect(pair.isSecured).toBe(true);
});

test('a certificate that the peer cannot use is a fault of the caller, and nothing has changed', () => {
  const pair = new EnginePair({
    client: { signatureSchemes: ['ed25519'] },
    server: { credentials: 'ask' },
  });
  pair.exchange();
  const { id } = pair.server.only('choose-certificate');
  const choose = (): void => pair.server.machine.chooseCertificate(id, credential('rsa'), 0);
  expect(choose).toThrow('TLS_CREDENTIAL_NOT_SUITABLE');
  pair.server.machine.chooseCertificate(id, credential('ed25519'), 0);
  pair.exchange();
  expect(pair.isSecured).toBe(true);
});

test('a server without a certificate to show', () => {
  const pair = new EnginePair({ server: { credentials: 'ask' } });
  pair.exchange();
  pair.server.machine.chooseCertificate(pair.server.only('choose-certificate').id, null, 0);
  pair.exchange();
  expect(pair.server.failure?.code).toBe('TLS_NO_COMMON_SIGNATURE_SCHEME');
  expect(pair.client.receivedAlert).toBe(40);
});

test('keys that are elsewhere sign by events, at both sides', () => {
  const { chain, key } = credential('rsa');
  const remote = { chain, key: { schemes: key.schemes } };
  const pair = new EnginePair({
    client: { credential: remote },
    server: { credentials: [remote], clientCertificate: 'require' },
  });
  for (const end of [pair.server, pair.client]) {
    pair.exchange();
    const { id, scheme, content } = end.only('sign');
    expect(new TextDecoder().decode(content.subarray(64, 64 + 7))).toBe('TLS 1.3');
    end.machine.answerSignature(id, 'sign' in key ? key.sign(scheme, content) : content, 0);
  }
  pair.exchange();
  expect(pair.isSecured).toBe(true);
});

test('HelloRetryRequest: by group, by cookie, and by both', () => {
  const byGroup = new EnginePair({ client: { keyShareGroups: [] } });
  byGroup.exchange();
  expect(byGroup.client.only('handshake-complete')).toMatchObject({ wasRetried: true });
  const byCookie = new EnginePair({ server: { sendsCookie: true } });
  byCookie.exchange();
  expect(byCookie.server.only('handshake-complete')).toMatchObject({ wasRetried: true });
  const byBoth = new EnginePair({ server: { sendsCookie: true, groups: ['secp256r1'] } });
  byBoth.exchange();
  expect(byBoth.client.only('handshake-complete')).toMatchObject({ group: 'secp256r1' });
  for (const pair of [byGroup, byCookie, byBoth]) expect(pair.talk()).toBe(true);
});

test('whose order of groups counts', () => {
  const group = (groupChoice: 'share' | 'server' | 'client'): unknown => {
    const pair = new EnginePair({
      client: { groups: ['secp256r1', 'x25519'], keyShareGroups: ['secp256r1'] },
      server: { groups: ['x25519', 'secp256r1'], groupChoice },
    });
    pair.exchange();
    const event = pair.server.only('handshake-complete');
    return [event.group, event.wasRetried];
  };
  expect(group('share')).toEqual(['secp256r1', false]);
  expect(group('server')).toEqual(['x25519', true]);
  expect(group('client')).toEqual(['secp256r1', false]);
});

test('whose order of cipher suites counts', () => {
  const suite = (cipherSuiteChoice: 'server' | 'client'): string => {
    const pair = new EnginePair({
      client: { cipherSuites: ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'] },
      server: { cipherSuiteChoice },
    });
    pair.exchange();
    return pair.server.only('handshake-complete').cipherSuite;
  };
  expect(suite('server')).toBe('TLS_AES_128_GCM_SHA256');
  expect(suite('client')).toBe('TLS_CHACHA20_POLY1305_SHA256');
});

test('nothing in common: suites, groups, signatures', () => {
  const suites = new EnginePair({
    client: { cipherSuites: ['TLS_AES_128_GCM_SHA256'] },
    server: { cipherSuites: ['TLS_AES_256_GCM_SHA384'] },
  });
  const groups = new EnginePair({
    client: { groups: ['x25519'] },
    server: { groups: ['secp256r1'] },
  });
  const signatures = new EnginePair({ client: { signatureSchemes: ['ed25519'] } });
  for (const pair of [suites, groups, signatures]) {
    pair.exchange();
    expect(pair.server.failure?.alert).toBe('handshake_failure');
    expect(pair.client.receivedAlert).toBe(40);
  }
});

test('external pre-shared keys, with a key exchange and without', () => {
  for (const wasRetried of [false, true]) {
    const pair = new EnginePair({
      client: { preSharedKeys: [PSK] },
      server: { preSharedKeys: [PSK], credentials: [], sendsCookie: wasRetried },
    });
    pair.exchange();
    const event = pair.server.only('handshake-complete');
    expect(event).toMatchObject({ pskIdentity: PSK.identity, group: 'x25519', wasRetried });
    expect(pair.client.all('verify-peer')).toEqual([]);
    expect(pair.talk()).toBe(true);
  }
  const alone = new EnginePair({
    client: { preSharedKeys: [PSK], allowPskOnly: true, groups: ['x25519'] },
    server: { preSharedKeys: [PSK], allowPskOnly: true, groups: ['secp256r1'], credentials: [] },
  });
  alone.exchange();
  expect(alone.client.only('handshake-complete').group).toBeNull();
  expect(alone.talk()).toBe(true);
});

test('a key bound to SHA-384 chooses the suite, also behind a HelloRetryRequest that drops another', () => {
  const strong = { ...PSK, hash: 'sha384' as const };
  const weak = { identity: Uint8Array.of(1), secret: Uint8Array.of(1, 2) };
  const pair = new EnginePair({
    client: { preSharedKeys: [weak, strong] },
    server: { preSharedKeys: [strong], credentials: [], sendsCookie: true },
  });
  pair.exchange();
  expect(pair.client.only('handshake-complete')).toMatchObject({
    cipherSuite: 'TLS_AES_256_GCM_SHA384',
    pskIdentity: strong.identity,
  });
  expect(pair.talk()).toBe(true);
});

test('pre-shared keys that do not fit: unknown, wrong, of no use', () => {
  const unknown = new EnginePair({
    client: { preSharedKeys: [PSK] },
    server: { credentials: [] },
  });
  const other = { ...PSK, secret: new Uint8Array(32).fill(8) };
  const wrong = new EnginePair({
    client: { preSharedKeys: [PSK] },
    server: { preSharedKeys: [other] },
  });
  const wrongLater = new EnginePair({
    client: { preSharedKeys: [PSK] },
    server: { preSharedKeys: [other], sendsCookie: true },
  });
  for (const pair of [unknown, wrong, wrongLater]) pair.exchange();
  expect(unknown.server.failure?.alert).toBe('unknown_psk_identity');
  expect(wrong.server.failure).toEqual({ code: 'TLS_BINDER_MISMATCH', alert: 'decrypt_error' });
  expect(wrongLater.server.failure?.alert).toBe('decrypt_error');
  const ignored = new EnginePair({ client: { preSharedKeys: [PSK] } });
  ignored.exchange();
  expect(ignored.client.only('handshake-complete').pskIdentity).toBeNull();
  expect(ignored.client.all('verify-peer')).toHaveLength(1);
});

test('pre-shared keys looked up by the caller', () => {
  const answers = [{ index: 0, psk: PSK }, null];
  for (const answer of answers) {
    const pair = new EnginePair({
      client: { preSharedKeys: [PSK] },
      server: { preSharedKeys: 'ask' },
    });
    pair.exchange();
    const { id, identities } = pair.server.only('choose-psk');
    expect(identities).toEqual([PSK.identity]);
    const beyond = (): void => pair.server.machine.choosePsk(id, { index: 1, psk: PSK }, 0);
    expect(beyond).toThrow(RangeError);
    pair.server.machine.choosePsk(id, answer, 0);
    pair.exchange();
    expect(pair.server.only('handshake-complete').pskIdentity !== null).toBe(answer !== null);
  }
});

test('client certificates: asked for, demanded, withheld', () => {
  const asked = new EnginePair({ server: { clientCertificate: 'request' } });
  asked.exchange();
  expect(asked.isSecured).toBe(true);
  const demanded = new EnginePair({ server: { clientCertificate: 'require' } });
  demanded.exchange();
  expect(demanded.server.failure?.alert).toBe('certificate_required');
  expect(demanded.client.receivedAlert).toBe(116);
  const chosen = new EnginePair({
    client: { credential: 'ask' },
    server: { clientCertificate: 'require', clientAuthorities: [Uint8Array.of(0x30, 0)] },
  });
  chosen.exchange();
  const asking = chosen.client.only('choose-certificate');
  const authorities = [Uint8Array.of(0x30, 0)];
  expect(asking).toMatchObject({ authorities, isAfterHandshake: false });
  chosen.client.machine.chooseCertificate(asking.id, credential('ed25519'), 0);
  chosen.exchange();
  expect(chosen.isSecured).toBe(true);
});

test('an OCSP response is carried to whoever asks', () => {
  const ocspResponse = Uint8Array.of(0x30, 3, 10, 1, 0);
  const own = { ...credential('p256'), ocspResponse };
  for (const requestOcsp of [true, false]) {
    const pair = new EnginePair({ client: { requestOcsp }, server: { credentials: [own] } });
    pair.exchange();
    const expected = requestOcsp ? ocspResponse : null;
    expect(pair.client.only('verify-peer').ocspResponse).toEqual(expected);
  }
});

test('GREASE and the lack of compatibility mode change nothing else', () => {
  const pair = new EnginePair({
    client: { grease: true, middleboxCompatibility: false, credential: credential('p256') },
    server: { grease: true, clientCertificate: 'require' },
  });
  pair.exchange();
  expect(pair.talk()).toBe(true);
  const retried = new EnginePair({
    client: { grease: true },
    server: { sendsCookie: true, groups: ['secp256r1'] },
  });
  retried.exchange();
  expect(retried.talk()).toBe(true);
});

test('both sides export the same, and log the same secrets', () => {
  const lines: string[][] = [[], []];
  const pair = new EnginePair({
    client: { keyLog: (line) => lines[0]!.push(line) },
    server: { keyLog: (line) => lines[1]!.push(line) },
  });
  const early = (): Uint8Array => pair.client.machine.exportKeyingMaterial('x', null, 32);
  expect(early).toThrow('TLS_NOT_SECURED');
  pair.exchange();
  const take = (context: Uint8Array | null, end: 'client' | 'server'): Uint8Array =>
    pair[end].machine.exportKeyingMaterial('EXPORTER-test', context, 40);
  expect(take(null, 'client')).toEqual(take(new Uint8Array(0), 'server'));
  expect(take(Uint8Array.of(1), 'client')).not.toEqual(take(null, 'server'));
  expect(lines[0]!.sort()).toEqual(lines[1]!.sort());
  expect(lines[0]!.map((line) => line.split(' ')[0])).toEqual([
    'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
    'CLIENT_TRAFFIC_SECRET_0',
    'EXPORTER_SECRET',
    'SERVER_HANDSHAKE_TRAFFIC_SECRET',
    'SERVER_TRAFFIC_SECRET_0',
  ]);
  for (const line of lines[0]!) expect(line).toMatch(/^[A-Z_0]+ [0-9a-f]{64} [0-9a-f]{64}$/);
});

test('byte by byte it is the same', () => {
  const pair = new EnginePair({
    client: { credential: credential('rsa'), recordSizeLimit: 64 },
    server: { clientCertificate: 'require', recordSizeLimit: 100, sendsCookie: true },
  });
  pair.exchange(1);
  expect(pair.isSecured).toBe(true);
  expect(pair.talk()).toBe(true);
});
