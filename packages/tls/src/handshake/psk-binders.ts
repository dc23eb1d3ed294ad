// Binders of pre-shared keys (RFC 9846 section 4.3.11.2).
import type { PreSharedKey } from '../credential.ts';
import { overwriteBinders, truncatedBytes } from '../messages/client-hello.ts';
import { PeerFault } from '../peer-fault.ts';
import { hashOfKey } from '../pre-shared-keys.ts';
import type { CryptoProvider } from '../provider.ts';
import { HASH_BYTES, hashOf } from '../schedule/hkdf-label.ts';
import { EarlySecret } from '../schedule/key-schedule.ts';
import { verifyData, verifyDataMatches } from '../schedule/traffic-keys.ts';
import type { Transcript } from '../schedule/transcript.ts';
import { wipe } from '../secret-bytes.ts';

interface BindingRun {
  readonly crypto: CryptoProvider;
  readonly transcript: Transcript;
}

/**
 * Adds a hello to the transcript, and puts the binders into it. The first hello's are over the hello
 * alone, by the hash of each key; the second's are over all that came before, too, whose hash is known.
 */
export function bindHello(
  { crypto, transcript }: BindingRun,
  message: Uint8Array,
  keys: readonly PreSharedKey[],
): void {
  if (keys.length === 0) {
    transcript.add(message);
    return;
  }
  const blank = keys.map((key) => new Uint8Array(HASH_BYTES[hashOfKey(key)]));
  const end = truncatedBytes(message, blank);
  const truncated = message.subarray(0, end);
  const isFirst = transcript.hashName === null;
  if (!isFirst) transcript.add(truncated);
  const binders = keys.map((key) => {
    const hash = hashOfKey(key);
    const transcriptHash = isFirst ? hashOf(crypto, hash, truncated) : transcript.hash();
    const binderKey = externalBinderKey(crypto, key);
    const binder = verifyData(crypto, hash, binderKey, transcriptHash);
    wipe(binderKey);
    return binder;
  });
  overwriteBinders(message, binders);
  transcript.add(isFirst ? message : message.subarray(end));
}

/**
 * "Prior to accepting PSK key establishment, the server MUST validate the corresponding binder value":
 * throws PeerFault. `transcriptHash` is over everything up to the truncated hello, by the key's hash.
 */
export function checkBinder(
  crypto: CryptoProvider,
  key: PreSharedKey,
  transcriptHash: Uint8Array,
  binder: Uint8Array,
): void {
  const binderKey = externalBinderKey(crypto, key);
  const matches = verifyDataMatches(crypto, hashOfKey(key), binderKey, transcriptHash, binder);
  wipe(binderKey);
  if (!matches) throw new PeerFault('TLS_BINDER_MISMATCH', 'binder of the chosen pre-shared key');
}

function externalBinderKey(crypto: CryptoProvider, key: PreSharedKey): Uint8Array {
  const early = new EarlySecret(crypto, hashOfKey(key), key.secret);
  const binderKey = early.binderKey('external');
  early.destroy();
  return binderKey;
}
