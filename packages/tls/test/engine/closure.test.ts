// The ends of a connection (RFC 9846 section 6.1).
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../src/engine.ts';
import { EnginePair, type PairOptions } from '../support/engine-pair.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

function securedPair(options: PairOptions = {}): EnginePair {
  const pair = new EnginePair(options);
  pair.exchange();
  return pair;
}

const types = (events: readonly EngineEvent[]): string[] => events.map(({ type }) => type);

test('each direction ends by itself', () => {
  const pair = securedPair();
  const { client, server } = pair;
  client.machine.sendData(text('request'), 0);
  client.machine.closeNotify(0);
  expect(client.machine.transport).toBe('half-close');
  pair.exchange();
  expect(server.text).toBe('request');
  expect(server.only('end').end).toBe('finished');
  expect(server.machine.transport).toBe('open');
  server.machine.sendData(text('late response'), 0);
  pair.exchange();
  expect(client.text).toBe('late response');
  server.machine.closeNotify(0);
  pair.exchange();
  const closed = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };
  for (const end of [client, server]) {
    expect(end.only('closed')).toMatchObject(closed);
    expect(end.machine.transport).toBe('close');
    expect(end.machine.nextEvent(0)).toEqual({ type: 'need-data' });
    expect(end.machine.deadline()).toBe(Number.POSITIVE_INFINITY);
    end.machine.abort(0);
    end.machine.onDeadline(1e9);
    expect(end.machine.transport).toBe('close');
  }
});

test('what comes behind close_notify is ignored', () => {
  const pair = securedPair();
  const { channel } = pair.client.engine;
  channel.sendAlert('close_notify');
  channel.output.send(23, text('more'));
  pair.exchange();
  pair.client.machine.sendData(text('and more'), 0);
  pair.exchange();
  expect(pair.server.text).toBe('');
  expect(pair.server.only('end').end).toBe('finished');
  expect(pair.server.failure).toBeNull();
});

test('data and close_notify that were sent before the handshake is complete wait for it', () => {
  const pair = new EnginePair();
  pair.client.machine.sendData(text('early'), 0);
  pair.client.machine.closeNotify(0);
  expect(() => pair.client.machine.sendData(text('later'), 0)).toThrow('TLS_CLOSED');
  pair.exchange();
  expect(pair.server.text).toBe('early');
  expect(pair.server.only('end').end).toBe('finished');
});

test('the end of the transport without close_notify is a truncation', () => {
  for (const end of ['finished', 'truncated'] as const) {
    const pair = securedPair();
    const { client } = pair;
    client.machine.receiveEnd(0, end);
    pair.pull(client);
    expect(client.only('end').end).toBe('truncated');
    // It is the peer's direction alone.
    expect(client.machine.transport).toBe('open');
    client.machine.closeNotify(0);
    pair.exchange();
    expect(client.only('closed').cause).toBe('truncated');
    expect(pair.server.only('end').end).toBe('finished');
  }
});

test('a truncation behind our own close_notify ends it', () => {
  const pair = securedPair();
  pair.client.machine.closeNotify(0);
  pair.exchange();
  pair.client.machine.receiveEnd(0, 'finished');
  pair.exchange();
  expect(types(pair.client.events).slice(-2)).toEqual(['end', 'closed']);
  expect(pair.client.only('closed').cause).toBe('truncated');
});

test('the end within the handshake', () => {
  const pair = new EnginePair();
  pair.client.machine.receiveEnd(0, 'finished');
  pair.exchange();
  expect(types(pair.client.events)).toEqual(['end', 'closed']);
  expect(pair.client.only('closed').cause).toBe('truncated');
});

test('a reset is told at once, and so is a failure of the transport', () => {
  for (const [end, cause] of [
    ['reset', 'reset'],
    ['failed', 'transport-failed'],
  ] as const) {
    const pair = securedPair();
    pair.client.machine.sendData(text('lost'), 0);
    pair.client.machine.receiveEnd(0, end);
    expect(pair.client.machine.transport).toBe('abort');
    expect(pair.client.machine.outputBytes).toBe(0);
    expect(pair.client.machine.wantsData).toBe(false);
    pair.pull(pair.client);
    expect(pair.client.only('end').end).toBe(end);
    expect(pair.client.only('closed').cause).toBe(cause);
    // What is told afterwards changes nothing.
    pair.client.machine.outputAccepted(5, 0);
    pair.client.machine.receiveEnd(0, 'finished');
    pair.client.machine.sendData(text('more'), 0);
    expect(pair.client.machine.nextOutput()).toBeNull();
  }
});

test('user_canceled with data and close_notify behind it is a clean end', () => {
  const pair = securedPair();
  const { channel } = pair.server.engine;
  channel.sendAlert('user_canceled');
  pair.server.machine.sendData(text('still here'), 0);
  pair.server.machine.closeNotify(0);
  pair.exchange();
  expect(pair.client.text).toBe('still here');
  expect(pair.client.all('user-canceled')).toHaveLength(1);
  expect(pair.client.only('end').end).toBe('finished');
});

test('a handshake that is canceled', () => {
  const pair = new EnginePair({ accepts: false });
  pair.exchange();
  pair.client.machine.cancel(0);
  pair.client.machine.cancel(0);
  pair.exchange();
  expect(types(pair.server.events)).toEqual(['user-canceled', 'end', 'closed']);
  expect(pair.server.only('closed')).toMatchObject({ cause: 'canceled', sentCloseNotify: true });
  pair.client.machine.receiveEnd(0, 'finished');
  pair.exchange();
  expect(pair.client.only('closed').cause).toBe('aborted');
  const secured = securedPair();
  secured.client.machine.cancel(0);
  secured.exchange();
  expect(types(secured.server.events)).not.toContain('user-canceled');
  expect(secured.server.only('end').end).toBe('finished');
});

test('an alert that came ends it without an answer; unknown ones do, too', () => {
  for (const [number, level] of [
    [80, 2],
    [117, 1],
    [201, 1],
  ] as const) {
    const pair = securedPair();
    pair.client.machine.sendData(text('on its way'), 0);
    pair.server.engine.channel.output.send(21, Uint8Array.of(level, number));
    pair.exchange();
    const { client } = pair;
    expect(client.failure).toEqual({ code: 'TLS_ALERT_RECEIVED', alert: null });
    expect(client.receivedAlert).toBe(number);
    expect(client.machine.transport).toBe('close');
    expect(client.only('closed').cause).toBe('failed');
    expect(() => client.machine.exportKeyingMaterial('x', null, 1)).toThrow('TLS_NOT_SECURED');
  }
});

test('a failure is told once, and the peer has time to read the alert', () => {
  const pair = securedPair();
  const { client, server } = pair;
  server.engine.channel.output.send(22, Uint8Array.of(1, 0, 0, 0));
  pair.exchange();
  expect(client.failure).toEqual({ code: 'TLS_UNEXPECTED_MESSAGE', alert: 'unexpected_message' });
  expect(client.machine.transport).toBe('half-close');
  expect(client.machine.wantsData).toBe(true);
  // What else comes is thrown away, up to a limit.
  client.machine.receive(new Uint8Array(100), 0);
  expect(client.machine.nextEvent(0)).toEqual({ type: 'need-data' });
  expect(client.machine.deadline()).toBe(5000);
  client.machine.onDeadline(5000);
  pair.pull(client);
  expect(client.only('closed')).toMatchObject({ cause: 'failed', sentCloseNotify: false });
  expect(server.receivedAlert).toBe(10);
  const flooded = securedPair({ client: { limits: { lingerBytesMax: 10 } } });
  flooded.server.engine.channel.output.send(22, Uint8Array.of(1, 0, 0, 0));
  flooded.exchange();
  flooded.client.machine.receive(new Uint8Array(11), 0);
  expect(flooded.client.machine.transport).toBe('close');
});

test('behind our close_notify no alert is sent', () => {
  const pair = securedPair();
  pair.client.machine.closeNotify(0);
  pair.exchange();
  pair.server.engine.channel.output.send(22, Uint8Array.of(1, 0, 0, 0));
  pair.exchange();
  expect(pair.client.failure).toEqual({ code: 'TLS_UNEXPECTED_MESSAGE', alert: null });
  expect(pair.server.failure).toBeNull();
});

test('patience: for the handshake, for the end, and while the output moves', () => {
  const slow = new EnginePair({ server: { timeouts: { handshakeMs: 100 } } });
  expect(slow.server.machine.deadline()).toBe(100);
  slow.server.machine.onDeadline(100);
  slow.pull(slow.server);
  expect(slow.server.only('closed').cause).toBe('handshake-timeout');
  const pair = securedPair({ client: { timeouts: { closingMs: 1000 } } });
  pair.client.machine.closeNotify(0);
  expect(pair.client.machine.deadline()).toBe(1000);
  pair.now = 700;
  pair.exchange();
  expect(pair.client.machine.deadline()).toBe(1700);
  pair.client.machine.onDeadline(1700);
  pair.pull(pair.client);
  expect(pair.client.only('closed').cause).toBe('closing-timeout');
  const stuck = securedPair({ client: { timeouts: { closingMs: 1000 } } });
  stuck.client.machine.sendData(new Uint8Array(10), 0);
  stuck.client.machine.closeNotify(0);
  stuck.client.machine.onDeadline(1000);
  expect(stuck.client.machine.transport).toBe('abort');
});

test('what the caller does wrong with bytes is thrown, and changes nothing', () => {
  const pair = securedPair({ client: { limits: { inputBytesMax: 20_000 } } });
  const { machine } = pair.client;
  expect(() => machine.receive('text' as unknown as Uint8Array, 0)).toThrow(TypeError);
  expect(() => machine.outputAccepted(1, 0)).toThrow(RangeError);
  machine.receive(new Uint8Array(20_001).fill(23), 0);
  expect(machine.wantsData).toBe(false);
  expect(() => machine.receive(new Uint8Array(1), 0)).toThrow(RangeError);
});

test('data that waited for a handshake which failed, or was canceled, holds nothing up', () => {
  const failing = new EnginePair({ client: { pinnedCertificates: [new Uint8Array(1)] } });
  failing.client.machine.sendData(text('never sent'), 0);
  failing.exchange();
  expect(failing.client.failure?.code).toBe('TLS_CERTIFICATE_NOT_PINNED');
  const canceled = new EnginePair();
  canceled.client.machine.sendData(text('never sent'), 0);
  canceled.client.machine.cancel(0);
  for (const [pair, cause] of [
    [failing, 'failed'],
    [canceled, 'aborted'],
  ] as const) {
    pair.exchange();
    expect(pair.client.machine.outputBytes).toBe(0);
    pair.client.machine.receiveEnd(0, 'finished');
    pair.exchange();
    expect(pair.client.only('closed').cause).toBe(cause);
  }
});

test('a refusal is told by an alert of an error', () => {
  const pair = new EnginePair({ accepts: false });
  pair.exchange();
  const { id } = pair.client.only('verify-peer');
  for (const alert of [undefined, null, 'nonsense', 'toString', 'close_notify', 'user_canceled']) {
    expect(() => pair.client.machine.refuse(id, alert as never, 0)).toThrow(TypeError);
  }
  pair.client.machine.refuse(id, 'bad_certificate', 0);
  pair.exchange();
  expect(pair.server.receivedAlert).toBe(42);
});

test('a refusal of nothing is none', () => {
  const pair = securedPair();
  const { id } = pair.client.only('verify-peer');
  for (const one of [id, id + 1]) pair.client.machine.refuse(one, 'access_denied', 0);
  expect(pair.talk()).toBe(true);
});

test('keys are gone with the failure, not only when the transport is', () => {
  const pair = securedPair();
  const { client, server } = pair;
  const { keys } = server.engine.traffic!;
  const secrets = [keys.sendingBaseKey, keys.receivingBaseKey];
  client.engine.channel.output.send(22, Uint8Array.of(20, 0, 0, 0));
  pair.exchange();
  expect(server.failure?.alert).toBe('unexpected_message');
  expect(server.all('closed')).toEqual([]);
  expect(server.engine.channel.reader.opener).toBeNull();
  for (const secret of secrets) expect(secret.every((byte) => byte === 0)).toBe(true);
  // The alert that came is told, and nothing is exported from secrets that are no more.
  expect(client.only('failed').receivedAlert).toBe(10);
  expect(() => client.machine.exportKeyingMaterial('EXPORTER-x', null, 16)).toThrow(
    'TLS_NOT_SECURED',
  );
});

test('between an alert that came and the end, nothing is exported', () => {
  const pair = securedPair();
  const { client, server } = pair;
  server.engine.channel.sendAlert('internal_error');
  const chunk = server.machine.nextOutput()!;
  client.machine.receive(chunk.slice(), 0);
  expect(client.machine.nextEvent(0).type).toBe('failed');
  expect(() => client.machine.exportKeyingMaterial('EXPORTER-x', null, 16)).toThrow(
    'TLS_NOT_SECURED',
  );
});

test('what comes behind close_notify in one chunk is not kept', () => {
  const pair = securedPair();
  const { channel } = pair.client.engine;
  channel.sendAlert('close_notify');
  channel.output.send(23, new Uint8Array(10_000));
  pair.exchange();
  expect(pair.server.only('end').end).toBe('finished');
  expect(pair.server.engine.channel.input.length).toBe(0);
});
