import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkFaults } from '../src/faults.ts';
import { Pair, VirtualClock } from '../src/index.ts';
import { ToyLayer, type ToyLayerEvent } from '../src/toy-layer.ts';
import { TOY_IDLE_MS, ToyUpgrade, type ToyUpgradeEvent } from '../src/toy-upgrade.ts';

const types = (events: readonly { type: string }[]) => events.map((event) => event.type);

test('an echo over a slow link, then goodbye from both sides', () => {
  const clock = new VirtualClock();
  const client = new ToyUpgrade(clock.now, false);
  const server = new ToyUpgrade(clock.now, true);
  client.sendMessage(Uint8Array.of(7, 8, 9));
  const pair = new Pair<ToyUpgradeEvent, ToyUpgradeEvent>({
    clock,
    left: {
      machine: client,
      onEvent: (event) => {
        if (event.type === 'message') client.sendGoodbye();
      },
    },
    right: { machine: server },
    toRight: { latencyMs: 40, segmentBytes: () => 1, bytesPerMs: 0.1 },
  });
  expect(pair.driveBounded(50)).toBeGreaterThan(3);
  expect(pair.left.events).toEqual([
    { type: 'message', data: Uint8Array.of(7, 8, 9) },
    { type: 'closed' },
  ]);
  expect(types(pair.right.events)).toEqual(['message', 'closed']);
  expect(pair.left.shut && pair.right.shut).toBe(true);
});

test('silence ends in the idle timeout at its instant', () => {
  const clock = new VirtualClock(0);
  const pair = new Pair<ToyUpgradeEvent, ToyUpgradeEvent>({
    clock,
    left: { machine: new ToyUpgrade(0, false) },
    right: { machine: new ToyUpgrade(0, true) },
  });
  pair.driveBounded(10);
  expect(types(pair.left.events)).toEqual(['failed', 'closed']);
  expect(clock.now).toBeGreaterThanOrEqual(TOY_IDLE_MS);
});

test('whatever the link does, the pair goes quiet, each side closed once and failed at most once', () => {
  fc.assert(
    fc.property(
      linkFaults(12),
      linkFaults(12),
      fc.integer({ min: 1, max: 5 }),
      (toRight, toLeft, size) => {
        const clock = new VirtualClock();
        const client = new ToyUpgrade(clock.now, false);
        client.sendMessage(Uint8Array.of(1, 2, 3));
        client.sendMessage(Uint8Array.of(4));
        const pair = new Pair<ToyUpgradeEvent, ToyUpgradeEvent>({
          clock,
          left: { machine: client },
          right: { machine: new ToyUpgrade(clock.now, true) },
          toRight: { faults: toRight, segmentBytes: () => size },
          toLeft: { faults: toLeft },
        });
        pair.driveBounded(200);
        for (const side of [pair.left, pair.right]) {
          expect(types(side.events).filter((name) => name === 'closed')).toEqual(['closed']);
          expect(types(side.events).filter((name) => name === 'failed').length).toBeLessThanOrEqual(
            1,
          );
        }
      },
    ),
  );
});

test('the layer carries any bytes and tells a marked end from a truncated one', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 50 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 7 }),
      (data, marked, size) => {
        const clock = new VirtualClock();
        const client = new ToyLayer(clock.now, 0x3c);
        const server = new ToyLayer(clock.now, 0x3c);
        client.sendData(data);
        if (marked) client.closeNotify();
        const pair = new Pair<ToyLayerEvent, ToyLayerEvent>({
          clock,
          left: { machine: client },
          right: {
            machine: server,
            onEvent: (event) => {
              if (event.type === 'end') server.closeNotify();
            },
          },
          // The hello is one byte, and a marker two.
          toRight: marked
            ? { segmentBytes: () => size }
            : {
                segmentBytes: () => size,
                faults: [
                  {
                    kind: 'truncate',
                    atByte: 1 + data.length + data.filter((b) => b === 0xff).length,
                  },
                ],
              },
        });
        if (!marked) client.sendData(Uint8Array.of(0));
        pair.driveBounded(200);
        const received = pair.right.events.flatMap((event) =>
          event.type === 'data' ? [...event.data] : [],
        );
        expect(received).toEqual([...data]);
        expect(pair.right.events).toContainEqual({
          type: 'end',
          end: marked ? 'finished' : 'truncated',
        });
        expect(types(pair.right.events).at(-1)).toBe('closed');
      },
    ),
  );
});

test('a layer without its hello fails, by byte or by time', () => {
  const first = new ToyLayer(0, 1);
  first.receive(Uint8Array.of(1));
  expect(first.nextEvent()).toEqual({ type: 'failed', code: 'TOY_NO_HELLO' });
  const second = new ToyLayer(0, 1);
  second.onDeadline(second.deadline());
  expect(second.nextEvent()).toEqual({ type: 'failed', code: 'TOY_HANDSHAKE_TIMEOUT' });
  expect(second.deadline()).toBe(Number.POSITIVE_INFINITY);
});
