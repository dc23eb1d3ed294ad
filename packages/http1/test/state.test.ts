import { describe, expect, test } from 'vitest';
import { nextState, type TransitionTable } from '../src/bytes/transition-table.ts';
import { clientSettings, Http1Client } from '../src/client.ts';
import { Http1Server, serverSettings } from '../src/server.ts';
import { CLIENT_RECEIVE, CLIENT_SEND, SERVER_RECEIVE, SERVER_SEND } from '../src/state.ts';

const tables: Readonly<Record<string, TransitionTable>> = {
  SERVER_RECEIVE,
  SERVER_SEND,
  CLIENT_RECEIVE,
  CLIENT_SEND,
};

for (const [name, table] of Object.entries(tables)) {
  describe(name, () => {
    const states = Object.keys(table);
    const moves = [...new Set(states.flatMap((state) => Object.keys(table[state]!)))];
    for (const state of states) {
      for (const move of moves) {
        const expected = table[state]![move] ?? null;
        test(`${state} + ${move} = ${expected ?? 'illegal'}`, () => {
          expect(nextState(table, state, move)).toBe(expected);
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
      for (const to of Object.values(table['switched'] ?? {})) expect(to).toBe('switched');
    });
  });
}

const NOW = 1_000_003;

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

function drain(machine: Http1Server | Http1Client): void {
  while (!['need-data', 'paused'].includes(machine.nextEvent(NOW).type));
  for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
    machine.outputAccepted(chunk.length, NOW);
  }
}

const UPGRADE = 'Connection: upgrade\r\nUpgrade: toy\r\n';
const OFFER = bytes(`GET / HTTP/1.1\r\nHost: a\r\n${UPGRADE}\r\n`);
const NO_FIELDS = { status: 200, fields: [] };
const SWITCH = { status: 101, fields: [{ name: 'Upgrade', value: 'toy' }] };

/** What a caller can do to a server, by the move of the table that it is. */
const SERVER_MOVES: Readonly<Record<string, (machine: Http1Server) => void>> = {
  informational: (machine) => machine.sendInformational({ status: 103, fields: [] }, NOW),
  response: (machine) => machine.sendResponse(NO_FIELDS, NOW),
  switch: (machine) => machine.sendResponse(SWITCH, NOW),
  'response-end': (machine) => machine.endMessage([], NOW),
};

/** How a server comes into each state of its sending direction. */
const SERVER_STATES: Readonly<Record<string, () => Http1Server>> = {
  idle: () => new Http1Server(serverSettings(), NOW),
  awaiting: () => serverAfter(OFFER),
  content: () => serverAfter(OFFER, (machine) => machine.sendResponse(NO_FIELDS, NOW)),
  done: () =>
    serverAfter(bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n'), (machine) => {
      machine.sendResponse(NO_FIELDS, NOW);
      machine.endMessage([], NOW);
    }),
  switched: () => serverAfter(OFFER, (machine) => machine.sendResponse(SWITCH, NOW)),
  ended: () => serverAfter(bytes(''), (machine) => machine.abort(NOW)),
};

function serverAfter(
  input: Uint8Array,
  act: (machine: Http1Server) => void = () => {},
): Http1Server {
  const machine = new Http1Server(serverSettings(), NOW);
  machine.receive(input, NOW);
  drain(machine);
  act(machine);
  drain(machine);
  return machine;
}

describe('a server allows exactly the calls that its table allows', () => {
  test('each state of the table is tried', () => {
    expect(Object.keys(SERVER_STATES)).toEqual(Object.keys(SERVER_SEND));
  });
  for (const [state, enter] of Object.entries(SERVER_STATES)) {
    for (const [move, act] of Object.entries(SERVER_MOVES)) {
      const moves: Readonly<Record<string, string>> =
        SERVER_SEND[state as keyof typeof SERVER_SEND];
      test(`${state}: ${move} is ${moves[move] === undefined ? 'refused' : 'allowed'}`, () => {
        const machine = enter();
        expect(machine.responseState).toBe(state);
        if (moves[move] === undefined) {
          expect(() => act(machine)).toThrow(/^HTTP1_/);
          expect(machine.responseState).toBe(state);
        } else {
          expect(() => act(machine)).not.toThrow();
        }
      });
    }
  }
});

const REQUEST = { method: 'POST', target: '/', fields: [{ name: 'Host', value: 'a' }] };
const REQUEST_WITH_CONTENT = {
  ...REQUEST,
  fields: [...REQUEST.fields, { name: 'Content-Length', value: '0' }],
};

/** What a caller can do to a client, by the move of the table that it is. */
const CLIENT_MOVES: Readonly<Record<string, (machine: Http1Client) => void>> = {
  request: (machine) => machine.sendRequest(REQUEST, NOW),
  'request-end': (machine) => machine.endMessage([], NOW),
};

const CLIENT_STATES: Readonly<Record<string, () => Http1Client>> = {
  ready: () => new Http1Client(clientSettings(), NOW),
  content: () => clientAfter((machine) => machine.sendRequest(REQUEST_WITH_CONTENT, NOW)),
  switched: () =>
    clientAfter((machine) => {
      const upgrade = { name: 'Upgrade', value: 'toy' };
      machine.sendRequest({ ...REQUEST, fields: [...REQUEST.fields, upgrade] }, NOW);
      machine.endMessage([], NOW);
      machine.receive(bytes(`HTTP/1.1 101 \r\n${UPGRADE}\r\n`), NOW);
    }),
  ended: () => clientAfter((machine) => machine.abort(NOW)),
};

function clientAfter(act: (machine: Http1Client) => void): Http1Client {
  const machine = new Http1Client(clientSettings(), NOW);
  act(machine);
  drain(machine);
  return machine;
}

describe('a client allows exactly the calls that its table allows', () => {
  test('each state of the table is tried', () => {
    expect(Object.keys(CLIENT_STATES)).toEqual(Object.keys(CLIENT_SEND));
  });
  for (const [state, enter] of Object.entries(CLIENT_STATES)) {
    for (const [move, act] of Object.entries(CLIENT_MOVES)) {
      const moves: Readonly<Record<string, string>> =
        CLIENT_SEND[state as keyof typeof CLIENT_SEND];
      test(`${state}: ${move} is ${moves[move] === undefined ? 'refused' : 'allowed'}`, () => {
        const machine = enter();
        if (moves[move] === undefined) expect(() => act(machine)).toThrow(/^HTTP1_/);
        else expect(() => act(machine)).not.toThrow();
      });
    }
  }
});
