import { describe, expect, test } from 'vitest';
import { moved, nextState, type TransitionTable } from '../src/bytes/transition-table.ts';
import { LocalProtocolError } from '../src/faults.ts';
import { CLOSING, RECEIVE, SEND } from '../src/state.ts';
import type { ServerWebSocket } from '../src/websocket-server.ts';
import { closePayload } from './support/frames.ts';
import { type Bench, server } from './support/machines.ts';

const tables: Readonly<Record<string, TransitionTable>> = { RECEIVE, SEND, CLOSING };

for (const [name, table] of Object.entries(tables)) {
  describe(name, () => {
    const states = Object.keys(table);
    const moves = [...new Set(states.flatMap((state) => Object.keys(table[state]!)))];
    for (const state of states) {
      for (const move of moves) {
        const expected = table[state]![move] ?? null;
        test(`${state} + ${move} = ${expected ?? 'illegal'}`, () => {
          expect(nextState(table, state, move)).toBe(expected);
          if (expected === null) expect(() => moved(table, state, move)).toThrow('please report');
          else expect(moved(table, state, move)).toBe(expected);
        });
      }
    }

    test('every move leads to a state of the table, and each state can be reached', () => {
      const reached = new Set([states[0]]);
      for (const state of states) for (const to of Object.values(table[state]!)) reached.add(to);
      expect([...reached].sort()).toEqual([...states].sort());
    });

    test('an end is final: from there only ends are reached', () => {
      for (const to of Object.values(table['ended'] ?? {})) expect(to).toBe('ended');
      for (const to of Object.values(table['closed'] ?? {})) expect(to).toBe('ended');
    });
  });
}

type Server = Bench<ServerWebSocket>;

/** How a server comes into each state of its sending direction. */
const SEND_STATES: Readonly<Record<keyof typeof SEND, () => Server>> = {
  idle: () => server(),
  message: () => after(server(), ({ machine, now }) => machine.beginMessage('text', now)),
  frame: () => after(server(), ({ machine, now }) => machine.declareMessage('binary', 2, now)),
  closed: () => after(server(), ({ machine, now }) => machine.close(now)),
  ended: () => after(server(), ({ machine, now }) => machine.abort(now)),
};

/** What a caller can do, by the move of the table that it is; null for what needs a state and moves to none. */
const CALLS: readonly (readonly [string, string, (one: Server) => void])[] = [
  ['sendText', 'begin', ({ machine, now }) => machine.sendText('a', now)],
  ['sendText of bytes', 'begin', ({ machine, now }) => machine.sendText(Uint8Array.of(97), now)],
  ['sendBinary', 'begin', ({ machine, now }) => machine.sendBinary(Uint8Array.of(1), now)],
  ['beginMessage', 'begin', ({ machine, now }) => machine.beginMessage('binary', now)],
  ['declareMessage', 'declare', ({ machine, now }) => machine.declareMessage('text', 1, now)],
];

function after(one: Server, act: (one: Server) => void): Server {
  act(one);
  one.drains();
  return one;
}

function refusedCode(one: Server, call: (one: Server) => void): string | null {
  const before = visible(one);
  try {
    call(one);
    return null;
  } catch (error) {
    if (!(error instanceof LocalProtocolError)) throw error;
    expect(visible(one)).toEqual(before);
    return error.code;
  }
}

function visible({ machine }: Server): unknown {
  const { isOpen, outputBytes, transport, wantsData, roundTrip } = machine;
  return { isOpen, outputBytes, transport, wantsData, roundTrip, deadline: machine.deadline() };
}

describe('a server allows exactly the calls that its table allows', () => {
  for (const [state, enter] of Object.entries(SEND_STATES)) {
    const allowed: Readonly<Record<string, string>> = SEND[state as keyof typeof SEND];
    const isOver = state === 'closed' || state === 'ended';
    for (const [name, move, call] of CALLS) {
      // Between messages alone one may begin; within one, or at the end, the reason is told.
      const expected =
        allowed[move] !== undefined ? null : isOver ? 'WS_NOT_OPEN' : 'WS_MESSAGE_STARTED';
      test(`${state}: ${name} is ${expected ?? 'allowed'}`, () => {
        expect(refusedCode(enter(), call)).toBe(expected);
      });
    }

    test(`${state}: a piece needs a message, and payload a declared frame`, () => {
      const none = isOver ? 'WS_NOT_OPEN' : 'WS_NO_MESSAGE';
      const piece = refusedCode(enter(), ({ machine, now }) => machine.sendPiece('a', true, now));
      expect(piece).toBe(state === 'message' ? null : none);
      const payload = refusedCode(enter(), ({ machine, now }) =>
        machine.sendDeclared(Uint8Array.of(1), now),
      );
      expect(payload).toBe(state === 'frame' ? null : none);
    });

    test(`${state}: pings and pongs until the end, close and abort always`, () => {
      const expected = isOver ? 'WS_NOT_OPEN' : null;
      expect(refusedCode(enter(), ({ machine, now }) => machine.ping(undefined, now))).toBe(
        expected,
      );
      expect(
        refusedCode(enter(), ({ machine, now }) => machine.pong(new Uint8Array(125), now)),
      ).toBe(expected);
      for (const call of [
        ({ machine, now }: Server) => machine.close(now, 1001, 'x'),
        ({ machine, now }: Server) => machine.abort(now),
      ]) {
        expect(refusedCode(enter(), call)).toBeNull();
      }
    });

    test(`${state}: what is wrong whatever the state is refused first`, () => {
      const wrong: readonly ((one: Server) => void)[] = [
        ({ machine, now }) => machine.sendText(5 as unknown as string, now),
        ({ machine, now }) => machine.sendBinary('text' as unknown as Uint8Array, now),
        ({ machine, now }) => machine.sendPiece(null as unknown as string, true, now),
        ({ machine, now }) => machine.sendDeclared('text' as unknown as Uint8Array, now),
        ({ machine, now }) => machine.beginMessage('ping' as unknown as 'text', now),
        ({ machine, now }) => machine.declareMessage('ping' as unknown as 'text', 1, now),
        ({ machine, now }) => machine.ping('text' as unknown as Uint8Array, now),
        ({ machine, now }) => machine.pong('text' as unknown as Uint8Array, now),
        ({ machine, now }) => machine.receive('text' as unknown as Uint8Array, now),
      ];
      for (const call of wrong) {
        const one = enter();
        const before = visible(one);
        expect(() => call(one)).toThrow(TypeError);
        expect(visible(one)).toEqual(before);
      }
      for (const code of [999, 1005.5, 1006, 1015, 5000]) {
        expect(refusedCode(enter(), ({ machine, now }) => machine.close(now, code))).toBe(
          'WS_CLOSE_NOT_ALLOWED',
        );
      }
      for (const byteCount of [-1, 0.5, 2 ** 53, Number.NaN]) {
        if (state !== 'idle') continue;
        const { machine, now } = enter();
        expect(() => machine.declareMessage('binary', byteCount, now)).toThrow(RangeError);
      }
      expect(
        refusedCode(enter(), ({ machine, now }) => machine.ping(new Uint8Array(126), now)),
      ).toBe('WS_CONTROL_PAYLOAD_TOO_LONG');
      expect(refusedCode(enter(), ({ machine }) => machine.takeTrailingData())).toBe('WS_NOT_OPEN');
      const { machine, now } = enter();
      // After an abort nobody knows what the transport has taken.
      if (state !== 'ended') expect(() => machine.outputAccepted(1, now)).toThrow(RangeError);
    });
  }
});

/** How a server comes into each state of its receiving direction, and what is legal there. */
const RECEIVE_STATES: Readonly<Record<keyof typeof RECEIVE, () => Server>> = {
  idle: () => server(),
  message: () => after(server(), (one) => void one.gets(1, 'a', { isFinal: false })),
  closed: () => after(server(), (one) => void one.gets(8, closePayload(1000))),
  ended: () => after(server(), ({ machine, now }) => machine.abort(now)),
};

const ARRIVALS: Readonly<Record<string, (one: Server) => string[]>> = {
  begin: (one) => one.gets(1, 'b').map(({ type }) => type),
  end: (one) => one.gets(0, 'b').map(({ type }) => type),
  close: (one) => one.gets(8).map(({ type }) => type),
};

describe('a server receives exactly what its table allows', () => {
  for (const [state, enter] of Object.entries(RECEIVE_STATES)) {
    for (const [move, arrive] of Object.entries(ARRIVALS)) {
      const moves: Readonly<Record<string, string>> = RECEIVE[state as keyof typeof RECEIVE];
      const isOver = state === 'closed' || state === 'ended';
      const outcome = isOver ? 'ignored' : moves[move] === undefined ? 'a fault' : 'read';
      test(`${state}: ${move} is ${outcome}`, () => {
        const types = arrive(enter());
        if (outcome === 'ignored') expect(types).toEqual([]);
        else if (outcome === 'a fault') expect(types[0]).toBe('failed');
        else expect(types).toEqual([move === 'close' ? 'close' : 'text']);
      });
    }
  }
});
