import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE } from '../../src/extensions/extension-type.ts';
import type { FaultCode } from '../../src/faults.ts';
import { FAULTS } from '../../src/faults.ts';
import { parseCertificate, serializeCertificate } from '../../src/messages/certificate.ts';
import {
  parseCertificateRequest,
  serializeCertificateRequest,
} from '../../src/messages/certificate-request.ts';
import { parseCertificateVerify } from '../../src/messages/certificate-verify.ts';
import {
  parseClientHello,
  parseClientHelloExtensions,
  serializeClientHello,
} from '../../src/messages/client-hello.ts';
import {
  parseEncryptedExtensions,
  serializeEncryptedExtensions,
} from '../../src/messages/encrypted-extensions.ts';
import { parseFinished } from '../../src/messages/finished.ts';
import { parseKeyUpdate } from '../../src/messages/key-update.ts';
import {
  parseNewSessionTicket,
  serializeNewSessionTicket,
} from '../../src/messages/new-session-ticket.ts';
import {
  parseHelloRetryRequestExtensions,
  parseServerHello,
  parseServerHelloExtensions,
  serializeHelloRetryRequest,
  serializeServerHello,
} from '../../src/messages/server-hello.ts';
import { PeerFault } from '../../src/peer-fault.ts';
import {
  certificateMessage,
  certificateRequestExtensions,
  clientHelloExtensions,
  encryptedExtensions,
  newSessionTicket,
  opaque,
  unknownExtensions,
} from '../support/message-values.ts';

const ALL: readonly number[] = Object.values(EXTENSION_TYPE);
const code = fc.integer({ min: 0, max: 0xffff });

const clientHello = fc.record({
  random: opaque(32, 32),
  legacySessionId: opaque(0, 32),
  cipherSuites: fc.array(code, { minLength: 1, maxLength: 9 }),
  extensions: clientHelloExtensions,
  otherExtensions: unknownExtensions,
});
const helloFrame = { legacySessionIdEcho: opaque(0, 32), cipherSuite: code };
const serverHello = fc.record({
  ...helloFrame,
  random: opaque(32, 32),
  extensions: fc.record(
    { keyShare: fc.record({ group: code, keyExchange: opaque(1, 40) }), preSharedKey: code },
    { requiredKeys: [] },
  ),
});
const retryRequest = fc.record({
  ...helloFrame,
  extensions: fc.record({ keyShare: code, cookie: opaque(1, 40) }, { requiredKeys: [] }),
});

describe('round trip: what is written reads as it was', () => {
  test('ClientHello', () => {
    fc.assert(
      fc.property(clientHello, (content) => {
        const hello = parseClientHello(serializeClientHello(content));
        expect(parseClientHelloExtensions(hello)).toEqual(content.extensions);
        expect(hello).toMatchObject({
          random: content.random,
          legacySessionId: content.legacySessionId,
          cipherSuites: content.cipherSuites,
          supportedVersions: content.extensions.supportedVersions,
        });
        expect(hello.extensions.slice(0, content.otherExtensions.length)).toEqual(
          content.otherExtensions,
        );
      }),
    );
  });

  test('ServerHello and HelloRetryRequest', () => {
    fc.assert(
      fc.property(serverHello, retryRequest, (content, retry) => {
        const hello = parseServerHello(serializeServerHello(content.random, content));
        const version = { supportedVersion: 0x0304 };
        const expected = { ...content.extensions, ...version };
        expect(parseServerHelloExtensions(hello, ALL)).toEqual(expected);
        expect(hello.legacySessionIdEcho).toEqual(content.legacySessionIdEcho);
        expect(hello.cipherSuite).toBe(content.cipherSuite);
        const request = parseServerHello(serializeHelloRetryRequest(retry));
        expect(request.isRetryRequest).toBe(true);
        expect(parseHelloRetryRequestExtensions(request, ALL)).toEqual({
          ...retry.extensions,
          ...version,
        });
      }),
    );
  });

  test('EncryptedExtensions, CertificateRequest, Certificate and NewSessionTicket', () => {
    fc.assert(
      fc.property(
        encryptedExtensions,
        certificateRequestExtensions,
        certificateMessage,
        newSessionTicket,
        unknownExtensions,
        (encrypted, requested, certificate, ticket, unknown) => {
          const answer = serializeEncryptedExtensions(encrypted);
          expect(parseEncryptedExtensions(answer, ALL)).toEqual(encrypted);
          const request = serializeCertificateRequest(certificate.context, requested, unknown);
          expect(parseCertificateRequest(request)).toMatchObject({
            context: certificate.context,
            extensions: requested,
          });
          expect(parseCertificate(serializeCertificate(certificate), ALL)).toEqual(certificate);
          expect(parseNewSessionTicket(serializeNewSessionTicket(ticket, unknown))).toEqual(ticket);
        },
      ),
    );
  });
});

const PARSERS: readonly ((message: Uint8Array) => unknown)[] = [
  (message) => parseClientHelloExtensions(parseClientHello(message)),
  (message) => parseServerHelloExtensions(parseServerHello(message), ALL),
  (message) => parseHelloRetryRequestExtensions(parseServerHello(message), ALL),
  (message) => parseEncryptedExtensions(message, ALL),
  parseCertificateRequest,
  (message) => parseCertificate(message, ALL),
  parseCertificateVerify,
  (message) => parseFinished(message, 32),
  parseKeyUpdate,
  parseNewSessionTicket,
];

/** A value, or a fault that the table has; anything else fails. */
function outcome(parse: (message: Uint8Array) => unknown, message: Uint8Array): FaultCode | null {
  try {
    parse(message);
    return null;
  } catch (error) {
    if (!(error instanceof PeerFault)) throw error;
    expect(FAULTS[error.code].alert).not.toBeNull();
    return error.code;
  }
}

describe('documented outcomes only', () => {
  test('of random bytes', () => {
    fc.assert(
      fc.property(opaque(4, 200), fc.constantFrom(...PARSERS), (message, parse) => {
        outcome(parse, message);
      }),
      { numRuns: 1000 },
    );
  });

  test('of messages with a byte changed, left out or put in', () => {
    const whole = fc.oneof(
      clientHello.map(serializeClientHello),
      serverHello.map((content) => serializeServerHello(content.random, content)),
      certificateRequestExtensions.map((values) =>
        serializeCertificateRequest(new Uint8Array(1), values),
      ),
      certificateMessage.map(serializeCertificate),
      newSessionTicket.map((ticket) => serializeNewSessionTicket(ticket)),
      encryptedExtensions.map(serializeEncryptedExtensions),
    );
    const change = fc.record({
      at: fc.nat(2000),
      removed: fc.nat(2),
      added: opaque(0, 2),
    });
    fc.assert(
      fc.property(
        whole,
        change,
        fc.constantFrom(...PARSERS),
        (message, { at, removed, added }, parse) => {
          const place = 4 + (at % Math.max(1, message.length - 4));
          const mutated = [...message.slice(0, place), ...added, ...message.slice(place + removed)];
          const bytes = Uint8Array.from(mutated);
          const before = bytes.slice();
          outcome(parse, bytes);
          expect(bytes).toEqual(before);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
