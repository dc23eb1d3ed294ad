// What holds for the record layer alone, over any provider.
import { countingRandom, same } from './ends.mjs';

const TYPES = { alert: 21, handshake: 22, application_data: 23 };

/** Each property: its name, its arbitraries and its check, which throws. */
export function recordProperties({ record, crypto }, fc) {
  // Bun has no ChaCha20-Poly1305.
  const both = crypto.client.aeads.filter((name) => crypto.server.aeads.includes(name));
  const aead = fc.constantFrom(...both);
  const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { maxLength: 6 });
  const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
  const content = fc.uint8Array({ maxLength: 80 });
  return [
    {
      name: 'round trip: what is sealed is opened, in pieces of any size and with any padding',
      arbitraries: [aead, fc.constantFrom('1.2', '1.3'), contents, fc.nat(300), sizes],
      check: (...given) => roundTrip(record, crypto, ...given),
    },
    {
      name: 'records that were changed by a bit show nothing',
      arbitraries: [aead, content, fc.nat()],
      check: (...given) => changedBit(record, crypto, ...given),
    },
    {
      name: 'oracle: records in the clear are those that a naive reader finds',
      arbitraries: [contents, sizes],
      check: (...given) => clearRecords(record, ...given),
    },
    {
      name: 'oracle: heartbeat messages are what a naive reader finds, and never more',
      arbitraries: [fc.uint8Array({ maxLength: 60 }), fc.nat(3)],
      check: (...given) => heartbeats(record, ...given),
    },
  ];
}

function keyOf({ client, server }, aead, side) {
  const key = new Uint8Array(aead === 'aes-128-gcm' ? 16 : 32);
  countingRandom(key);
  return { client, server }[side].aeadKey(aead, key);
}

function sealerOf(record, crypto, aead, version) {
  const isShort = version === '1.2' && aead !== 'chacha20-poly1305';
  const iv = new Uint8Array(isShort ? 4 : 12).fill(5);
  const Sealer = version === '1.2' ? record.Tls12Sealer : record.Tls13Sealer;
  return new Sealer(keyOf(crypto, aead, 'client'), iv, record.keyLimits(aead));
}

function openerOf(record, crypto, aead, version) {
  const isShort = version === '1.2' && aead !== 'chacha20-poly1305';
  const iv = new Uint8Array(isShort ? 4 : 12).fill(5);
  const Opener = version === '1.2' ? record.Tls12Opener : record.Tls13Opener;
  return new Opener(keyOf(crypto, aead, 'server'), iv);
}

function outputOf(connection) {
  const bytes = [];
  for (let chunk = connection.nextOutput(); chunk !== null; chunk = connection.nextOutput()) {
    bytes.push(...chunk);
    connection.outputAccepted(chunk.length, 0);
  }
  return Uint8Array.from(bytes);
}

function eventsOf(connection, bytes, sizes) {
  const events = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + sizes[turn % sizes.length];
    connection.receive(bytes.slice(at, end), 0);
    for (
      let event = connection.nextEvent(0);
      event.type !== 'need-data';
      event = connection.nextEvent(0)
    ) {
      events.push(event);
    }
    at = end;
  }
  return events;
}

function roundTrip(record, crypto, aead, version, contents, paddingBytes, sizes) {
  const padding = version === '1.3' ? () => paddingBytes : null;
  const sender = new record.RecordConnection({ padding, coalesces: false });
  sender.output.protect(sealerOf(record, crypto, aead, version));
  sender.output.releaseData();
  const receiver = new record.RecordConnection();
  receiver.reader.protect(openerOf(record, crypto, aead, version));
  for (const content of contents) sender.sendData(content, 0);
  sender.closeNotify();
  const events = eventsOf(receiver, outputOf(sender), sizes);
  const seen = events.map(({ type, content }) => (type === 'record' ? [...content] : type));
  same(seen, [...contents.map((content) => [...content]), 'end'], 'what was opened');
}

function changedBit(record, crypto, aead, content, place) {
  const sender = new record.RecordConnection();
  sender.output.protect(sealerOf(record, crypto, aead, '1.3'));
  sender.send(TYPES.application_data, content);
  const bytes = outputOf(sender);
  // Behind type and length, which have faults of their own.
  const [first, last] = [5, bytes.length];
  const at = first + (place % (last - first));
  bytes[at] ^= 1 << (place & 7);
  const receiver = new record.RecordConnection();
  receiver.reader.protect(openerOf(record, crypto, aead, '1.3'));
  const events = eventsOf(receiver, bytes, [bytes.length]);
  same(
    events.map(({ type, code }) => code ?? type),
    ['TLS_BAD_RECORD_MAC', 'closed'],
    'what came of it',
  );
}

function clearRecords(record, contents, sizes) {
  const bytes = contents.flatMap((content) => [
    TYPES.handshake,
    3,
    3,
    content.length >> 8,
    content.length & 255,
    ...content,
  ]);
  const naive = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 3] * 256 + bytes[at + 4];
    naive.push(bytes.slice(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const connection = new record.RecordConnection();
  const events = eventsOf(connection, Uint8Array.from(bytes), sizes);
  same(
    events.map(({ content }) => [...content]),
    naive,
    'the records',
  );
}

function heartbeats(record, bytes, kind) {
  // Half of them are well formed but for their length.
  const message = kind < 2 ? Uint8Array.from([1 + kind, 0, ...bytes]) : bytes;
  const said = message.length < 3 ? -1 : message[1] * 256 + message[2];
  const isWhole = said >= 0 && 3 + said + 16 <= message.length;
  const isKnown = message[0] === 1 || message[0] === 2;
  const wanted = isWhole && isKnown ? [...message.slice(3, 3 + said)] : null;
  const seen = record.parseHeartbeat(message);
  same(seen === null ? null : [...seen.payload], wanted, 'the payload');
}
