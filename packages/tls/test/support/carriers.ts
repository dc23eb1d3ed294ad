// One extension in each of the messages that can carry extensions.
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { parseCertificate } from '../../src/messages/certificate.ts';
import { parseCertificateRequest } from '../../src/messages/certificate-request.ts';
import { parseClientHello, parseClientHelloExtensions } from '../../src/messages/client-hello.ts';
import { parseEncryptedExtensions } from '../../src/messages/encrypted-extensions.ts';
import { parseNewSessionTicket } from '../../src/messages/new-session-ticket.ts';
import {
  parseHelloRetryRequestExtensions,
  parseServerHello,
  parseServerHelloExtensions,
} from '../../src/messages/server-hello.ts';
import { BASE_EXTENSIONS, rawClientHello, replaced, without } from './raw-client-hello.ts';
import { block, bytes, extension, filled, list, message, number } from './wire.ts';

/** The messages by the RFC's abbreviations. */
export type CarrierName = 'CH' | 'SH' | 'HRR' | 'EE' | 'CR' | 'CT' | 'NST';

const RETRY_RANDOM = bytes('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c');

/** A ServerHello with these extensions. */
export function rawServerHello(
  extensions: readonly Extension[] | null,
  random: Uint8Array = filled(32, 3),
): Uint8Array {
  const tail = extensions === null ? bytes('') : block(extensions);
  return message(
    'server_hello',
    number(2, 0x0303),
    random,
    list(1, filled(32, 2)),
    bytes('1301 00'),
    tail,
  );
}

/** A HelloRetryRequest with these extensions. */
export function rawHelloRetryRequest(extensions: readonly Extension[]): Uint8Array {
  return rawServerHello(extensions, RETRY_RANDOM);
}

const EVERY_TYPE: readonly number[] = Array.from({ length: 0x10000 }, (_, type) => type);
const VERSION = extension(TYPE.supported_versions, '0304');
const MODES = extension(TYPE.psk_key_exchange_modes, '0101');
const SCHEMES = extension(TYPE.signature_algorithms, '00020403');

/** Reads a message that is right but for what the extension has wrong; `requested` is every type unless given. */
export function readIn(
  carrier: CarrierName,
  one: Extension,
  requested: readonly number[] = EVERY_TYPE,
): object {
  switch (carrier) {
    case 'CH': {
      const extensions = replaced([...without(BASE_EXTENSIONS), MODES], one);
      return parseClientHelloExtensions(parseClientHello(rawClientHello({ extensions })));
    }
    case 'SH': {
      const hello = parseServerHello(rawServerHello(replaced([VERSION], one)));
      return parseServerHelloExtensions(hello, [...requested, TYPE.supported_versions]);
    }
    case 'HRR': {
      const hello = parseServerHello(rawHelloRetryRequest(replaced([VERSION], one)));
      return parseHelloRetryRequestExtensions(hello, [...requested, TYPE.supported_versions]);
    }
    case 'EE':
      return parseEncryptedExtensions(message('encrypted_extensions', block([one])), requested);
    case 'CR': {
      const body = block(replaced([SCHEMES], one));
      return parseCertificateRequest(message('certificate_request', list(1), body)).extensions;
    }
    case 'CT': {
      const entry = [list(3, filled(5)), block([one])];
      const chain = message('certificate', list(1), list(3, ...entry));
      return parseCertificate(chain, requested).entries[0]?.extensions ?? {};
    }
    case 'NST': {
      const fixed = [number(4, 9), number(4, 8), list(1, filled(2)), list(2, filled(3))];
      return parseNewSessionTicket(message('new_session_ticket', ...fixed, block([one])))
        .extensions;
    }
  }
}
