// Which of the client's pre-shared keys a server knows (RFC 9846 section 4.3.11).
import type { PreSharedKey } from '../credential.ts';
import type { ClientHelloExtensions } from '../extensions/extension-values.ts';
import { hashOfKey } from '../pre-shared-keys.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import { Decision, type PskChoice } from './decision.ts';
import type { HandshakeRun } from './handshake-run.ts';
import type { Step } from './state.ts';

/**
 * Finds a pre-shared key, or asks for one, and goes on. "Any unknown PSKs SHOULD simply be ignored. If no
 * acceptable PSKs are found, the server SHOULD perform a non-PSK handshake if possible." A key that goes
 * with none of the suites is not acceptable, and does not stand in front of one that is.
 */
export function choosePsk(
  run: HandshakeRun<TlsServerSettings>,
  offeredSuites: readonly number[],
  extensions: ClientHelloExtensions,
  proceed: (choice: PskChoice | null) => Step,
): Step {
  const { preSharedKeys, cipherSuites } = run.settings;
  if (extensions.preSharedKey === undefined) return proceed(null);
  if (preSharedKeys !== 'ask') {
    const common = cipherSuites.filter(({ code }) => offeredSuites.includes(code));
    const usable = preSharedKeys.filter((key) => {
      return common.some(({ hash }) => hash === hashOfKey(key));
    });
    return proceed(findPsk(extensions, usable));
  }
  const identities = extensions.preSharedKey.identities.map(({ identity }) => identity);
  return new Decision<'choose-psk'>(
    { type: 'choose-psk', id: run.nextId(), identities },
    (choice) => {
      if (choice !== null && identities[choice.index] === undefined) {
        throw new RangeError('choosePsk: the client offers no such identity');
      }
      return proceed(choice);
    },
  );
}

/** The first of the client's identities that is one of these keys'. */
export function findPsk(
  extensions: ClientHelloExtensions,
  keys: readonly PreSharedKey[],
): PskChoice | null {
  const identities = extensions.preSharedKey?.identities ?? [];
  for (const [index, { identity }] of identities.entries()) {
    const psk = keys.find((key) => isIdentity(key.identity, identity));
    if (psk !== undefined) return { index, psk };
  }
  return null;
}

function isIdentity(known: Uint8Array, offered: Uint8Array): boolean {
  return known.length === offered.length && known.every((byte, index) => byte === offered[index]);
}
