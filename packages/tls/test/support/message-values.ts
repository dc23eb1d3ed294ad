// Arbitrary messages that the format has room for.
import fc from 'fast-check';
import type {
  CertificateRequestExtensions,
  ClientHelloExtensions,
  EncryptedExtensions,
  Extension,
} from '../../src/extensions/extension-values.ts';
import type { CertificateMessage } from '../../src/messages/certificate.ts';
import type { NewSessionTicket } from '../../src/messages/new-session-ticket.ts';

/** Bytes, so many at least and at most. */
export function opaque(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength });
}

const code = fc.integer({ min: 0, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const codes = fc.array(code, { minLength: 1, maxLength: 9 });
const groups = fc.uniqueArray(code, { minLength: 1, maxLength: 9 });
const blobs = fc.array(opaque(1, 20), { minLength: 1, maxLength: 3 });
const label = fc.stringMatching(/^[a-z0-9_-]{0,9}[a-z]$/);
const hostName = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const protocol = opaque(1, 9).map((name) => String.fromCharCode(...name));
const heartbeat = fc.constantFrom(
  'peer_allowed_to_send' as const,
  'peer_not_allowed_to_send' as const,
);
const recordSizeLimit = fc.integer({ min: 64, max: 0x4001 });
const present = fc.constant(true as const);

/** Shares of some of the groups, in their order. */
const exchange = groups.chain((supportedGroups) =>
  fc.record({
    supportedGroups: fc.constant(supportedGroups),
    keyShares: fc
      .subarray(supportedGroups)
      .chain((some) =>
        fc.tuple(
          ...some.map((group) => opaque(1, 40).map((keyExchange) => ({ group, keyExchange }))),
        ),
      ),
  }),
);

const preSharedKey = fc
  .array(fc.tuple(opaque(1, 20), uint32, opaque(32, 48)), { minLength: 1, maxLength: 3 })
  .map((all) => ({
    identities: all.map(([identity, obfuscatedTicketAge]) => ({ identity, obfuscatedTicketAge })),
    binders: all.map(([, , binder]) => binder),
  }));

/** What a ClientHello of TLS 1.3 may say that keeps the rules between its extensions. */
export const clientHelloExtensions: fc.Arbitrary<ClientHelloExtensions> = fc
  .tuple(
    exchange,
    fc.record(
      {
        serverName: hostName,
        maxFragmentLength: fc.constantFrom(512, 1024, 2048, 4096),
        statusRequest: fc.record({
          responderIds: fc.array(opaque(1, 9), { maxLength: 3 }),
          requestExtensions: opaque(0, 9),
        }),
        heartbeat,
        protocols: fc.array(protocol, { minLength: 1, maxLength: 3 }),
        signedCertificateTimestamp: present,
        recordSizeLimit: fc.integer({ min: 64, max: 0xffff }),
        earlyData: present,
        cookie: opaque(1, 20),
        certificateAuthorities: blobs,
        postHandshakeAuth: present,
        signatureAlgorithmsCert: codes,
        preSharedKey,
      },
      { requiredKeys: [] },
    ),
    fc.record({
      supportedVersions: codes,
      signatureAlgorithms: codes,
      pskKeyExchangeModes: fc.array(fc.nat(255), { minLength: 1, maxLength: 3 }),
    }),
  )
  .map(([shares, some, others]) => ({ ...some, ...others, ...shares }));

/** Extensions of types that are unknown here. */
export const unknownExtensions: fc.Arbitrary<readonly Extension[]> = fc.uniqueArray(
  fc.record({ type: fc.integer({ min: 0x100, max: 0xfeff }), data: opaque(0, 9) }),
  { maxLength: 4, selector: ({ type }) => type },
);

/** What EncryptedExtensions may say. */
export const encryptedExtensions: fc.Arbitrary<EncryptedExtensions> = fc.record(
  {
    serverName: present,
    supportedGroups: groups,
    heartbeat,
    protocol,
    recordSizeLimit,
    earlyData: present,
  },
  { requiredKeys: [] },
);

/** What a CertificateRequest may say. */
export const certificateRequestExtensions: fc.Arbitrary<CertificateRequestExtensions> = fc.record(
  {
    statusRequest: present,
    signatureAlgorithms: codes,
    signedCertificateTimestamp: present,
    certificateAuthorities: blobs,
    oidFilters: fc.uniqueArray(fc.record({ oid: opaque(1, 9), values: opaque(0, 9) }), {
      maxLength: 3,
      selector: ({ oid }) => oid.join(),
    }),
    signatureAlgorithmsCert: codes,
  },
  { requiredKeys: ['signatureAlgorithms'] },
);

/** A chain with or without what can be stapled to it. */
export const certificateMessage: fc.Arbitrary<CertificateMessage> = fc.record({
  context: opaque(0, 9),
  entries: fc.array(
    fc.record({
      data: opaque(1, 60),
      extensions: fc.record(
        { ocspResponse: opaque(1, 20), signedCertificateTimestamps: blobs },
        { requiredKeys: [] },
      ),
    }),
    { maxLength: 4 },
  ),
});

/** A ticket. */
export const newSessionTicket: fc.Arbitrary<NewSessionTicket> = fc.record({
  lifetime: uint32,
  ageAdd: uint32,
  nonce: opaque(0, 9),
  ticket: opaque(1, 60),
  extensions: fc.record({ earlyData: uint32 }, { requiredKeys: [] }),
});
