// What two toys say to each other in different moods: the seeds, of which the mutator makes the rest.
import { START } from './conversation.mjs';
import { toyCredential, toyCrypto, toyRandom } from './toy-crypto.mjs';

const PSK = { identity: Uint8Array.of(1, 2, 3), secret: new Uint8Array(16).fill(6) };
const COMMON = {
  crypto: toyCrypto,
  random: toyRandom,
  protocols: ['a', 'b'],
  heartbeat: 'peer-allowed-to-send',
  // Small enough for a short input to come by them.
  limits: { keyUpdatesPerSecondMax: 2, certificateRequestsMax: 2, earlyDataBytesMax: 200 },
};

/** The moods: what either side is told, by the low bits of an input's first byte. */
export const MOODS = [
  { client: {}, server: {} },
  { client: { keyShareGroups: [] }, server: { sendsCookie: true } },
  { client: { credential: toyCredential }, server: { clientCertificate: 'require' } },
  { client: { preSharedKeys: [PSK] }, server: { preSharedKeys: [PSK] } },
  {
    client: { credential: toyCredential, postHandshakeAuth: true, grease: true },
    server: { grease: true, recordSizeLimit: 64 },
  },
  {
    client: { preSharedKeys: [PSK], allowPskOnly: true, middleboxCompatibility: false },
    server: { credentials: [], preSharedKeys: [PSK], allowPskOnly: true },
  },
  {
    client: { recordSizeLimit: 64, groups: ['secp256r1'], requestOcsp: false },
    server: { clientCertificate: 'request', recordSizes: 'full' },
  },
  { client: { credential: 'ask' }, server: { credentials: 'ask', preSharedKeys: 'ask' } },
];

/** A machine in a mood. */
export function machineOf(role, mood, { index }) {
  if (role === 'client') {
    const settings = index.clientSettings({ ...COMMON, ...MOODS[mood].client });
    return new index.TlsClient(settings, START, 'localhost');
  }
  const credentials = [toyCredential];
  const settings = index.serverSettings({ ...COMMON, credentials, ...MOODS[mood].server });
  return new index.TlsServer(settings, START);
}

/** Answers what a machine asks. */
export function answer(machine, event, { hasWord } = {}) {
  const { id, type } = event;
  if (type === 'verify-peer') machine.acceptPeer(id, START);
  else if (type === 'choose-certificate') choose(machine, id);
  else if (type === 'choose-psk') machine.choosePsk(id, { index: 0, psk: PSK }, START);
  else if (type === 'end') machine.closeNotify(START);
  else if (type === 'handshake-complete' && hasWord) {
    machine.sendData(new Uint8Array(100).fill(0x61), START);
    machine.updateKeys(START, true);
    if (event.heartbeat.sends) machine.sendHeartbeat(START);
    machine.sendData(new Uint8Array(10).fill(0x62), START);
    machine.closeNotify(START);
  }
}

/** Shows the one certificate that there is, or gives up when its key does not suit the peer. */
function choose(machine, id) {
  try {
    machine.chooseCertificate(id, toyCredential, START);
  } catch (error) {
    if (error.code !== 'TLS_CREDENTIAL_NOT_SUITABLE') throw error;
    machine.refuse(id, 'handshake_failure', START);
  }
}

/** All that both sides say, `{ client, server }`. */
export function flightsOf(mood, modules) {
  const machines = {
    client: machineOf('client', mood, modules),
    server: machineOf('server', mood, modules),
  };
  const said = { client: [], server: [] };
  for (let quiet = 0; quiet < 4; ) {
    quiet += 1;
    for (const [role, other] of [
      ['client', 'server'],
      ['server', 'client'],
    ]) {
      const machine = machines[role];
      for (let event = machine.nextEvent(START); ; event = machine.nextEvent(START)) {
        if (event.type === 'need-data' || event.type === 'paused') break;
        answer(machine, event, { hasWord: true });
        quiet = 0;
      }
      for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
        said[role].push(...chunk);
        machine.outputAccepted(chunk.length, START);
        if (machines[other].wantsData) machines[other].receive(chunk.slice(), START);
        quiet = 0;
      }
    }
  }
  return { client: Uint8Array.from(said.client), server: Uint8Array.from(said.server) };
}
