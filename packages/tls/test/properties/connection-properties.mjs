// What holds for every client with every server, whatever the shape of their handshake.
import { Ends, same, shapeNames } from './ends.mjs';

/** Each property: its name, its arbitraries and its check, which throws. */
export function connectionProperties(subject, fc) {
  const shape = fc.constantFrom(...shapeNames);
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 20_000 }));
  const sizes = fc.array(size, { minLength: 1, maxLength: 6 });
  const turn = fc.record({ isClient: fc.boolean(), data: fc.uint8Array({ maxLength: 3000 }) });
  const turns = fc.array(turn, { maxLength: 6 });
  return [
    {
      name: 'chunking: any pieces of the input give the same events',
      arbitraries: [shape, sizes],
      check: (name, cuts) => chunking(subject, name, cuts),
    },
    {
      name: 'mirror: what one side sends the other receives, and both agree',
      arbitraries: [shape, turns, sizes],
      check: (name, said, cuts) => mirror(subject, name, said, cuts),
    },
    {
      name: 'documented outcomes only: whatever is damaged in flight',
      arbitraries: [shape, fc.nat(7), fc.nat(4000), fc.integer({ min: 1, max: 255 }), sizes],
      check: (name, flight, at, bits, cuts) => damage(subject, name, flight, at, bits, cuts),
    },
    {
      name: 'documented outcomes only: bytes out of nowhere',
      arbitraries: [fc.boolean(), fc.uint8Array({ maxLength: 300 })],
      check: (isRecord, bytes) => nowhere(subject, isRecord, bytes),
    },
    {
      name: 'truncation: of all cuts of a session only the right one is clean',
      arbitraries: [shape, fc.nat(6000)],
      check: (name, cut) => truncation(subject, name, cut),
    },
    {
      name: 'rejection is transactional: what throws changes nothing',
      arbitraries: [shape, fc.boolean(), fc.nat(mistakes.length - 1)],
      check: (name, isSecured, which) => rejection(subject, name, isSecured, mistakes[which]),
    },
    {
      name: 'bounded: unread input is refused beyond its limit, unsent data counted',
      arbitraries: [shape, fc.integer({ min: 17_000, max: 40_000 })],
      check: (name, bytesMax) => bounded(subject, name, bytesMax),
    },
    {
      name: 'time: a spurious call changes nothing, and no deadline stays in the past',
      arbitraries: [shape, fc.array(fc.nat(60_000), { maxLength: 10 })],
      check: (name, steps) => time(subject, name, steps),
    },
  ];
}

function converse(ends, cuts) {
  ends.exchange(cuts);
  ends.client.sendData(new Uint8Array(3000).fill(0x61), 0);
  ends.server.sendData(new Uint8Array(20_000).fill(0x62), 0);
  ends.exchange(cuts);
  ends.client.updateKeys(0, true);
  ends.exchange(cuts);
  ends.client.closeNotify(0);
  ends.exchange(cuts);
  ends.server.closeNotify(0);
  ends.exchange(cuts);
}

function chunking(subject, name, cuts) {
  const [whole, cut] = [new Ends(subject, name), new Ends(subject, name)];
  converse(whole, [1_000_000]);
  converse(cut, cuts);
  for (const end of ['client', 'server']) same(cut.story(end), whole.story(end), end);
  same(whole.event('client', 'closed').cause, 'finished', 'the end');
}

function mirror(subject, name, said, cuts) {
  const ends = new Ends(subject, name);
  const sent = { client: [], server: [] };
  for (const { isClient, data } of said) {
    const speaker = isClient ? 'client' : 'server';
    ends[speaker].sendData(data, 0);
    sent[speaker].push(...data);
    ends.exchange(cuts);
  }
  ends.exchange(cuts);
  same(ends.data('server'), sent.client, 'what the server heard');
  same(ends.data('client'), sent.server, 'what the client heard');
  const [client, server] = ['client', 'server'].map((end) => ends.event(end, 'handshake-complete'));
  for (const key of ['cipherSuite', 'group', 'protocol', 'wasRetried', 'serverName']) {
    same(server[key], client[key], key);
  }
  const exported = (machine) => [...machine.exportKeyingMaterial('EXPERIMENTAL', null, 20)];
  same(exported(ends.server), exported(ends.client), 'what is exported');
}

/** At most one failure, of a listed code with its alert, and nothing behind the end. */
function checkOutcome({ FAULTS }, events) {
  const failures = events.filter(({ type }) => type === 'failed');
  if (failures.length > 1) throw new Error('more than one failure');
  for (const { code, alert } of failures) {
    if (FAULTS[code] === undefined) throw new Error(`${code} is not listed`);
    if (alert !== null && alert !== FAULTS[code].alert) throw new Error(`${code} with ${alert}`);
  }
  const end = events.findIndex(({ type }) => type === 'closed');
  if (end >= 0 && end < events.length - 1) throw new Error('something behind the end');
}

function damage(subject, name, flight, at, bits, cuts) {
  const ends = new Ends(subject, name);
  let count = 0;
  for (let round = 0; round < 5; round++) {
    for (const end of ['client', 'server']) {
      ends.pull(end);
      const bytes = ends.take(end);
      if (bytes.length === 0) continue;
      if (count++ === flight) bytes[at % bytes.length] ^= bits;
      ends.give(ends.other(end), bytes, cuts);
    }
  }
  for (const end of ['client', 'server']) {
    ends[end].receiveEnd(0, 'finished');
    ends.pull(end);
    checkOutcome(subject.index, ends.heard[end]);
  }
}

function nowhere(subject, isRecord, bytes) {
  const header = [22, 3, 1, bytes.length >> 8, bytes.length & 0xff];
  const input = isRecord ? Uint8Array.from([...header, ...bytes]) : bytes;
  const ends = new Ends(subject, 'a pre-shared key');
  for (const end of ['client', 'server']) {
    ends.give(end, input, [100]);
    ends[end].receiveEnd(0, 'finished');
    ends.pull(end);
    checkOutcome(subject.index, ends.heard[end]);
  }
}

function truncation(subject, name, cut) {
  const ends = new Ends(subject, name);
  ends.exchange();
  ends.server.sendData(new Uint8Array(900), 0);
  ends.server.closeNotify(0);
  const rest = ends.take('server');
  const length = cut % (rest.length + 1);
  ends.give('client', rest.slice(0, length), [1000]);
  ends.client.receiveEnd(0, 'finished');
  ends.pull('client');
  const isWhole = length === rest.length;
  same(ends.event('client', 'end').end, isWhole ? 'finished' : 'truncated', `cut at ${length}`);
}

/** What a caller can do wrong at any time. */
const mistakes = [
  ({ client }) => client.exportKeyingMaterial('', null, 10),
  ({ client }) => client.exportKeyingMaterial('x', null, 1_000_000),
  ({ client }) => client.outputAccepted(1_000_000_000, 0),
  ({ client }) => client.outputAccepted(-1, 0),
  ({ client }) => client.receive('text', 0),
  ({ client }) => client.takeTrailingData(),
  ({ server }) => server.sendHeartbeat(0, { paddingBytes: 3 }),
  ({ server }) => server.requestCertificate(0),
];

function stateOf(machine) {
  const { outputBytes, transport, wantsData, isSecured } = machine;
  return [outputBytes, transport, wantsData, isSecured, String(machine.deadline())];
}

function rejection(subject, name, isSecured, mistake) {
  const ends = new Ends(subject, name);
  if (isSecured) ends.exchange();
  const state = () => [stateOf(ends.client), stateOf(ends.server)];
  const before = state();
  let threw = false;
  try {
    mistake(ends);
  } catch {
    threw = true;
  }
  if (!threw) throw new Error('nothing was thrown');
  same(state(), before, 'the state');
  ends.client.sendData(Uint8Array.of(1, 2, 3), 0);
  ends.exchange();
  same(ends.data('server'), [1, 2, 3], 'what works on');
}

function bounded(subject, name, inputBytesMax) {
  const ends = new Ends(subject, name, { limits: { inputBytesMax } });
  ends.exchange();
  ends.server.sendData(new Uint8Array(100_000), 0);
  if (ends.server.outputBytes < 100_000) throw new Error('what is to be sent is not counted');
  const bytes = ends.take('server');
  let given = 0;
  for (; given < bytes.length && ends.client.wantsData; given += 1000) {
    ends.client.receive(bytes.slice(given, given + 1000), 0);
  }
  if (given > inputBytesMax + 1000) throw new Error(`${given} bytes were wanted`);
  let threw = false;
  try {
    for (let more = 0; more < 3; more++) ends.client.receive(new Uint8Array(1000), 0);
  } catch (error) {
    threw = error instanceof RangeError;
  }
  if (!threw) throw new Error('more than the limit was taken');
}

function time(subject, name, steps) {
  const ends = new Ends(subject, name, { timeouts: { keyAgeMs: 20_000 } });
  ends.exchange();
  for (const step of steps) {
    ends.now += step;
    for (const end of ['client', 'server']) {
      const due = ends[end].deadline();
      ends[end].onDeadline(ends.now);
      const after = ends[end].deadline();
      if (due > ends.now && after !== due) throw new Error('a spurious call moved the deadline');
      if (after <= ends.now) throw new Error('a deadline stays in the past');
    }
    ends.exchange();
  }
  ends.client.sendData(Uint8Array.of(9), ends.now);
  ends.exchange();
  same(ends.data('server'), [9], 'what works on');
}
