// ClientHellos with anything in them, right or wrong.
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { block, bytes, extension, filled, list, message, number } from './wire.ts';

/** Extensions that make a hello of TLS 1.3: x25519 with a share, one signature scheme. */
export const BASE_EXTENSIONS: readonly Extension[] = [
  extension(TYPE.supported_versions, '02 0304'),
  extension(TYPE.supported_groups, '0004 001d 0017'),
  extension(TYPE.signature_algorithms, '0002 0403'),
  { type: TYPE.key_share, data: list(2, number(2, 0x1d), list(2, filled(32, 9))) },
];

/** An extension of one identity of two bytes with a binder of 32. */
export const PSK_EXTENSION: Extension = {
  type: TYPE.pre_shared_key,
  data: bytes(`0008 0002 6162 00000000 0021 20 ${'07'.repeat(32)}`),
};

/** The extensions with others in place of those of the same type, the rest behind. */
export function replaced(
  extensions: readonly Extension[],
  ...others: readonly Extension[]
): Extension[] {
  const kept = extensions.map((one) => others.find(({ type }) => type === one.type) ?? one);
  return [...kept, ...others.filter((other) => !kept.includes(other))];
}

/** The extensions without those of a type. */
export function without(
  extensions: readonly Extension[],
  ...types: readonly number[]
): Extension[] {
  return extensions.filter(({ type }) => !types.includes(type));
}

/** What a hello is made of; what is not given is right. */
export interface RawClientHello {
  readonly legacyVersion?: number;
  readonly random?: Uint8Array;
  readonly sessionId?: Uint8Array;
  readonly cipherSuites?: Uint8Array;
  readonly compression?: Uint8Array;
  /** Null for a hello that ends behind the compression methods. */
  readonly extensions?: readonly Extension[] | null;
  readonly trailing?: Uint8Array;
}

/** The message. */
export function rawClientHello(hello: RawClientHello = {}): Uint8Array {
  const { extensions = BASE_EXTENSIONS } = hello;
  return message(
    'client_hello',
    number(2, hello.legacyVersion ?? 0x0303),
    hello.random ?? filled(32, 1),
    list(1, hello.sessionId ?? filled(32, 2)),
    list(2, hello.cipherSuites ?? bytes('1301 1302')),
    list(1, hello.compression ?? bytes('00')),
    extensions === null ? bytes('') : block(extensions),
    hello.trailing ?? bytes(''),
  );
}
