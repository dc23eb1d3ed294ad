import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { parseCertificate, serializeCertificate } from '../../src/messages/certificate.ts';
import {
  parseCertificateRequest,
  serializeCertificateRequest,
} from '../../src/messages/certificate-request.ts';
import {
  parseCertificateVerify,
  serializeCertificateVerify,
} from '../../src/messages/certificate-verify.ts';
import {
  parseClientHello,
  parseClientHelloExtensions,
  serializeClientHello,
} from '../../src/messages/client-hello.ts';
import { checkSecondClientHello } from '../../src/messages/client-hello-change.ts';
import {
  parseEncryptedExtensions,
  serializeEncryptedExtensions,
} from '../../src/messages/encrypted-extensions.ts';
import {
  parseEndOfEarlyData,
  parseFinished,
  serializeEndOfEarlyData,
  serializeFinished,
} from '../../src/messages/finished.ts';
import { HANDSHAKE_LIMITS } from '../../src/messages/handshake-limits.ts';
import { HandshakeReassembler } from '../../src/messages/handshake-reassembler.ts';
import type { HandshakeName } from '../../src/messages/handshake-type.ts';
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
import { bytes, hex, join } from '../support/wire.ts';

interface TracedMessage {
  readonly trace: string;
  readonly sender: 'client' | 'server';
  readonly type: HandshakeName;
  readonly bytes: string;
}

const file = new URL('../support/rfc8448-messages.json', import.meta.url);
const MESSAGES = JSON.parse(readFileSync(file, 'utf8')) as readonly TracedMessage[];

function messagesOf(trace: string, type: HandshakeName): Uint8Array[] {
  const found = MESSAGES.filter((one) => one.trace === trace && one.type === type);
  return found.map((one) => bytes(one.bytes));
}

const firstHello = (trace: string): Uint8Array => messagesOf(trace, 'client_hello')[0] ?? bytes('');

const typesOf = (extensions: readonly Extension[]): number[] => extensions.map(({ type }) => type);

/** Reads a message, and writes again what was understood. */
function again(trace: string, type: HandshakeName, whole: Uint8Array): Uint8Array {
  const offered = typesOf(parseClientHello(firstHello(trace)).extensions);
  switch (type) {
    case 'client_hello': {
      const hello = parseClientHello(whole);
      return serializeClientHello({ ...hello, otherExtensions: hello.extensions, extensions: {} });
    }
    case 'server_hello': {
      const hello = parseServerHello(whole);
      if (hello.isRetryRequest) {
        const extensions = parseHelloRetryRequestExtensions(hello, offered);
        return serializeHelloRetryRequest({ ...hello, extensions });
      }
      const extensions = parseServerHelloExtensions(hello, offered);
      return serializeServerHello(hello.random, { ...hello, extensions });
    }
    case 'encrypted_extensions':
      return serializeEncryptedExtensions(parseEncryptedExtensions(whole, offered));
    case 'certificate_request': {
      const request = parseCertificateRequest(whole);
      return serializeCertificateRequest(request.context, request.extensions);
    }
    case 'certificate':
      return serializeCertificate(parseCertificate(whole, offered));
    case 'certificate_verify':
      return serializeCertificateVerify(parseCertificateVerify(whole));
    case 'finished':
      return serializeFinished(parseFinished(whole, 32));
    case 'new_session_ticket':
      return serializeNewSessionTicket(parseNewSessionTicket(whole));
    default:
      parseEndOfEarlyData(whole);
      return serializeEndOfEarlyData();
  }
}

test.each(MESSAGES)('$trace: $type of the $sender, byte for byte', (one) => {
  expect(hex(again(one.trace, one.type, bytes(one.bytes)))).toBe(one.bytes);
});

test('all of a trace in one fragment', () => {
  const all = new HandshakeReassembler(HANDSHAKE_LIMITS);
  all.receive(join(...MESSAGES.map((one) => bytes(one.bytes))));
  for (const one of MESSAGES) expect(hex(all.nextMessage() ?? bytes(''))).toBe(one.bytes);
  expect(all.isAligned).toBe(true);
});

describe('what the hellos say', () => {
  test('of the simple handshake', () => {
    const extensions = parseClientHelloExtensions(
      parseClientHello(firstHello('Simple 1-RTT Handshake')),
    );
    expect(extensions).toMatchObject({
      serverName: 'server',
      supportedGroups: [0x1d, 0x17, 0x18, 0x19, 0x100, 0x101, 0x102, 0x103, 0x104],
      supportedVersions: [0x0304],
      pskKeyExchangeModes: [1],
      recordSizeLimit: 0x4001,
    });
    expect(extensions.keyShares?.map(({ group }) => group)).toEqual([0x1d]);
    expect(extensions.signatureAlgorithms).toHaveLength(15);
  });

  test('of the resumed one, which the RFC also gives without its binder: 477 of 512 bytes', () => {
    const hello = parseClientHello(firstHello('Resumed 0-RTT Handshake'));
    expect(hello.truncationBytes).toBe(477);
    const { preSharedKey, earlyData } = parseClientHelloExtensions(hello);
    expect(earlyData).toBe(true);
    expect(preSharedKey?.identities[0]?.obfuscatedTicketAge).toBe(0xfad6aacb);
    expect(preSharedKey?.binders[0]).toHaveLength(32);
  });

  test('of the one with a HelloRetryRequest, the second as it asked for', () => {
    const [first = bytes(''), second = bytes('')] = messagesOf('HelloRetryRequest', 'client_hello');
    const [retry = bytes('')] = messagesOf('HelloRetryRequest', 'server_hello');
    const hello = parseClientHello(first);
    const terms = parseHelloRetryRequestExtensions(
      parseServerHello(retry),
      typesOf(hello.extensions),
    );
    expect(terms.keyShare).toBe(0x17);
    expect(terms.cookie).toHaveLength(114);
    checkSecondClientHello(hello, parseClientHello(second), {
      selectedGroup: terms.keyShare ?? null,
      cookie: terms.cookie ?? null,
    });
  });

  test('of the compatibility mode', () => {
    const hello = parseClientHello(firstHello('Compatibility Mode'));
    expect(hello.legacySessionId).toHaveLength(32);
    const [answer = bytes('')] = messagesOf('Compatibility Mode', 'server_hello');
    expect(parseServerHello(answer).legacySessionIdEcho).toEqual(hello.legacySessionId);
  });
});
