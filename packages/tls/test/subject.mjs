// What the case files need to know about tls: which options make which machine, and what the commands
// of a `do` block mean. Both sides know a key, and use it without a key exchange (psk_ke), so that the
// same conversation has the same bytes each time. Runs from the packed tarball, too.
import { countingRandom } from './properties/ends.mjs';

const letters = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const KEY = { identity: letters('case files'), secret: new Uint8Array(32).fill(7) };

/** Options of either machine of a case. Groups differ, so that there can be no key exchange. */
function optionsOf(role, { crypto, heartbeat = 'off' }) {
  const common = {
    crypto: crypto[role],
    random: countingRandom,
    preSharedKeys: [KEY],
    allowPskOnly: true,
    cipherSuites: ['TLS_AES_128_GCM_SHA256'],
    signatureSchemes: ['ecdsa_secp256r1_sha256'],
    groups: [role === 'client' ? 'x25519' : 'secp256r1'],
    heartbeat,
    input: 'borrowed',
  };
  return { ...common, ...(role === 'client' ? { keyShareGroups: [] } : { credentials: [] }) };
}

/** A machine of the engine. */
function machineOf({ index, crypto }, role, heartbeat, now) {
  const options = optionsOf(role, { crypto, heartbeat });
  if (role === 'server') return new index.TlsServer(index.serverSettings(options), now);
  return new index.TlsClient(index.clientSettings(options), now, 'example.com');
}

const COMMANDS = {
  data: (machine, [data = ''], now) => machine.sendData(letters(data), now),
  'close-notify': (machine, _words, now) => machine.closeNotify(now),
  'update-keys': (machine, [whose], now) => machine.updateKeys(now, whose === 'both'),
  heartbeat: (machine, [payload = ''], now) =>
    machine.sendHeartbeat(now, { payload: letters(payload) }),
};

/** For the transcript runner. */
export function tlsSubject(subject) {
  return {
    create: (options, now) =>
      machineOf(subject, options.get('role'), options.get('heartbeat') ?? 'off', now),
    act(machine, { name, words }, now) {
      const command = COMMANDS[name];
      if (command === undefined) throw new SyntaxError(`unknown command ${name}`);
      command(machine, words, now);
      return undefined;
    },
  };
}
