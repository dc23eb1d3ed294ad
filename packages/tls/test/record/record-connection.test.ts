import { describe, expect, test } from 'vitest';
import { LocalProtocolError } from '../../src/local-error.ts';
import { CONTENT_TYPE } from '../../src/record/content-type.ts';
import { RecordConnection } from '../../src/record/record-connection.ts';
import { bytesOf, clear, openerOf, sealerOf } from './support/directions.ts';

const TLS13 = { version: 'TLS 1.3', aead: 'chacha20-poly1305' } as const;
const { alert, application_data, handshake } = CONTENT_TYPE;

/** Two ends with keys for each direction. */
function pair() {
  const client = new RecordConnection();
  const server = new RecordConnection({ input: 'borrowed' });
  for (const [from, to, label] of [
    [client, server, 'up'],
    [server, client, 'down'],
  ] as const) {
    from.output.protect(sealerOf(TLS13, undefined, undefined, label));
    from.output.releaseData();
    to.reader.protect(openerOf(TLS13, undefined, label));
  }
  return { client, server };
}

function deliver(from: RecordConnection, to: RecordConnection): void {
  for (let chunk = from.nextOutput(); chunk !== null; chunk = from.nextOutput()) {
    to.receive(chunk.slice(), 0);
    from.outputAccepted(chunk.length, 0);
  }
}

function eventsOf(connection: RecordConnection) {
  const events = [];
  for (
    let next = connection.nextEvent(0);
    next.type !== 'need-data';
    next = connection.nextEvent(0)
  ) {
    events.push(next);
  }
  return events;
}

describe('a record connection', () => {
  test('carries records and ends each direction by itself', () => {
    const { client, server } = pair();
    client.send(handshake, Uint8Array.of(24, 0, 0, 1, 0));
    client.sendData(bytesOf('data', 10), 0);
    client.closeNotify();
    client.closeNotify();
    expect(client.outputBytes).toBeGreaterThan(15);
    deliver(client, server);
    expect(eventsOf(server)).toEqual([
      {
        type: 'record',
        contentType: handshake,
        content: Uint8Array.of(24, 0, 0, 1, 0),
        isProtected: true,
      },
      {
        type: 'record',
        contentType: application_data,
        content: bytesOf('data', 10),
        isProtected: true,
      },
      { type: 'end', end: 'finished' },
    ]);
    expect([client.transport, server.transport]).toEqual(['half-close', 'open']);
    expect(() => client.sendData(Uint8Array.of(1), 0)).toThrow(LocalProtocolError);
    expect(() => client.send(alert, Uint8Array.of(1, 0))).toThrow('TLS_CLOSED');
    server.sendData(Uint8Array.of(7), 0);
    server.closeNotify();
    deliver(server, client);
    expect(eventsOf(client).map(({ type }) => type)).toEqual(['record', 'end']);
    expect([client.transport, server.transport]).toEqual(['close', 'close']);
    client.receiveEnd(0, 'finished');
    expect(eventsOf(client)).toEqual([{ type: 'closed' }]);
    expect(eventsOf(client)).toEqual([]);
  });

  test('ignores what comes after close_notify (section 6.1)', () => {
    const { client, server } = pair();
    client.closeNotify();
    deliver(client, server);
    server.receive(Uint8Array.of(1, 2, 3), 0);
    expect(eventsOf(server)).toEqual([{ type: 'end', end: 'finished' }]);
    server.receive(Uint8Array.of(1, 2, 3), 0);
    expect(eventsOf(server)).toEqual([]);
  });

  test.each([
    ['finished', 'truncated'],
    ['reset', 'reset'],
    ['failed', 'failed'],
  ] as const)('whose stream is %s without close_notify is %s', (given, seen) => {
    const { server } = pair();
    server.receiveEnd(0, given);
    server.receiveEnd(0, 'finished');
    expect(eventsOf(server)).toEqual([{ type: 'end', end: seen }, { type: 'closed' }]);
    expect(server.transport).toBe('close');
  });

  test('fails once, and sends the alert', () => {
    const { client, server } = pair();
    server.sendData(bytesOf('dropped', 10), 0);
    client.send(handshake, Uint8Array.of(1));
    deliver(client, server);
    server.receive(clear(application_data, new Uint8Array(30)), 0);
    expect(eventsOf(server).map(({ type }) => type)).toEqual(['record', 'failed', 'closed']);
    expect(server.transport).toBe('close');
    deliver(server, client);
    expect(eventsOf(client)).toEqual([
      { type: 'alert', name: 'bad_record_mac', description: 20 },
      { type: 'closed' },
    ]);
  });

  test('sends no alert behind its close_notify, but one instead of it', () => {
    for (const hasLeft of [true, false]) {
      const { client, server } = pair();
      server.sendData(Uint8Array.of(1), 0);
      server.closeNotify();
      if (hasLeft) deliver(server, client);
      server.receive(clear(application_data, new Uint8Array(30)), 0);
      expect(eventsOf(server)[0]).toMatchObject({ alert: hasLeft ? null : 'bad_record_mac' });
      expect(server.nextOutput() === null).toBe(hasLeft);
    }
  });

  test('is truncated at every byte but the last of its close_notify', () => {
    const { client } = pair();
    client.sendData(bytesOf('data', 20), 0);
    client.closeNotify();
    const chunks: Uint8Array[] = [];
    for (let chunk = client.nextOutput(); chunk !== null; chunk = client.nextOutput()) {
      chunks.push(chunk);
    }
    const wire = new Uint8Array(Buffer.concat(chunks));
    for (let cut = 0; cut <= wire.length; cut += 1) {
      const { server } = pair();
      server.receive(wire.slice(0, cut), 0);
      const before = eventsOf(server);
      server.receiveEnd(0, 'finished');
      const ends = [...before, ...eventsOf(server)].filter(({ type }) => type === 'end');
      const end = cut === wire.length ? 'finished' : 'truncated';
      expect(ends).toEqual([{ type: 'end', end }]);
    }
  });

  test('says where and what', () => {
    const connection = new RecordConnection();
    connection.receive(clear(handshake, [1]), 0);
    connection.receive(clear(99, [1]), 0);
    expect(eventsOf(connection)[1]).toEqual({
      type: 'failed',
      code: 'TLS_UNKNOWN_CONTENT_TYPE',
      alert: 'unexpected_message',
      message: 'there is no content type 99',
      offset: 6,
    });
  });

  test('goes on after user_canceled', () => {
    const { client, server } = pair();
    client.send(alert, Uint8Array.of(2, 90));
    client.sendData(Uint8Array.of(1), 0);
    client.closeNotify();
    deliver(client, server);
    expect(eventsOf(server).map(({ type }) => type)).toEqual(['alert', 'record', 'end']);
  });

  test('bounds what is unread, and refuses nonsense of its caller', () => {
    const connection = new RecordConnection({ limits: { inputBytesMax: 10 } });
    expect(connection.wantsData).toBe(true);
    connection.receive(new Uint8Array(11), 0);
    expect(connection.wantsData).toBe(false);
    expect(() => connection.receive(new Uint8Array(1), 0)).toThrow(RangeError);
    expect(() => connection.receive('x' as unknown as Uint8Array, 0)).toThrow(TypeError);
    expect(() => connection.outputAccepted(1, 0)).toThrow(RangeError);
    expect(() => connection.takeTrailingData()).toThrow(LocalProtocolError);
    connection.onDeadline(0);
    expect(connection.deadline()).toBe(Number.POSITIVE_INFINITY);
  });

  test('lets a fault of its own out', () => {
    const connection = new RecordConnection();
    const broken = openerOf(TLS13);
    broken.open = () => {
      throw new Error('broken');
    };
    connection.reader.protect(broken);
    connection.receive(clear(application_data, new Uint8Array(30)), 0);
    expect(() => connection.nextEvent(0)).toThrow('broken');
  });
});
