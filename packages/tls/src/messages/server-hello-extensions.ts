// The extensions of ServerHello and HelloRetryRequest one by one (RFC 9846 section 4.3).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { parseCookie, writeCookie } from '../extensions/cookie.ts';
import { type Found, writeExtension } from '../extensions/extension-block.ts';
import { EXTENSION_TYPE as TYPE } from '../extensions/extension-type.ts';
import type {
  HelloRetryRequestExtensions,
  ServerHelloExtensions,
} from '../extensions/extension-values.ts';
import { parseKeyShareEntry, writeKeyShareEntry } from '../extensions/key-share.ts';
import { TLS_1_3 } from './hello-constants.ts';

/** Reads one of a ServerHello; false for a type that is not known. */
export function readServerHelloExtension(
  type: number,
  data: ByteReader,
  found: Found<ServerHelloExtensions>,
): boolean {
  switch (type) {
    case TYPE.supported_versions:
      found.supportedVersion = data.uint16('selected_version');
      return true;
    case TYPE.key_share:
      found.keyShare = parseKeyShareEntry(data);
      return true;
    case TYPE.pre_shared_key:
      found.preSharedKey = data.uint16('selected_identity');
      return true;
    default:
      return false;
  }
}

/** Reads one of a HelloRetryRequest; false for a type that is not known. */
export function readHelloRetryRequestExtension(
  type: number,
  data: ByteReader,
  found: Found<HelloRetryRequestExtensions>,
): boolean {
  switch (type) {
    case TYPE.supported_versions:
      found.supportedVersion = data.uint16('selected_version');
      return true;
    case TYPE.cookie:
      found.cookie = parseCookie(data);
      return true;
    case TYPE.key_share:
      found.keyShare = data.uint16('selected_group');
      return true;
    default:
      return false;
  }
}

/** Writes those of a ServerHello, supported_versions with TLS 1.3 among them. */
export function writeServerHelloExtensions(
  writer: ByteWriter,
  values: Omit<ServerHelloExtensions, 'supportedVersion'>,
): void {
  writeExtension(writer, TYPE.pre_shared_key, values.preSharedKey, writeSelectedIdentity);
  writeExtension(writer, TYPE.key_share, values.keyShare, writeKeyShareEntry);
  writeExtension(writer, TYPE.supported_versions, TLS_1_3, writeSelectedVersion);
}

/** Writes those of a HelloRetryRequest, supported_versions with TLS 1.3 among them. */
export function writeHelloRetryRequestExtensions(
  writer: ByteWriter,
  values: Omit<HelloRetryRequestExtensions, 'supportedVersion'>,
): void {
  writeExtension(writer, TYPE.key_share, values.keyShare, writeSelectedGroup);
  writeExtension(writer, TYPE.cookie, values.cookie, writeCookie);
  writeExtension(writer, TYPE.supported_versions, TLS_1_3, writeSelectedVersion);
}

function writeSelectedVersion(writer: ByteWriter, version: number): void {
  writer.uint16('selected_version', version);
}

function writeSelectedGroup(writer: ByteWriter, group: number): void {
  writer.uint16('selected_group', group);
}

function writeSelectedIdentity(writer: ByteWriter, index: number): void {
  writer.uint16('selected_identity', index);
}
