// Who may do what when, as data. Each role has two small machines, one for the direction it
// receives and one for the direction it sends; a move concerns one or both. This file knows nothing
// of bytes. The diagrams in the docs and an exhaustive test are generated from these tables.
import { assert } from './bytes/assert.ts';
import type { MoveOf, StateOf, TransitionTable } from './bytes/transition-table.ts';

/** Server, receiving: where the current request stands. */
export const SERVER_RECEIVE = {
  idle: { request: 'content', stop: 'ended' },
  content: { 'request-end': 'done', stop: 'ended' },
  done: { 'next-cycle': 'idle', switch: 'switched', stop: 'ended' },
  switched: { stop: 'switched' },
  ended: { stop: 'ended' },
} as const;

/** Server, sending: where the response to the current request stands. */
export const SERVER_SEND = {
  idle: { request: 'awaiting', fault: 'awaiting', stop: 'ended' },
  awaiting: {
    informational: 'awaiting',
    response: 'content',
    switch: 'switched',
    fault: 'awaiting',
    stop: 'ended',
  },
  content: { 'response-end': 'done', fault: 'ended', stop: 'ended' },
  done: { 'next-cycle': 'idle', fault: 'ended', stop: 'ended' },
  switched: { stop: 'switched' },
  ended: { fault: 'ended', stop: 'ended' },
} as const;

/** Client, sending: where the request being sent stands. */
export const CLIENT_SEND = {
  ready: { request: 'content', switch: 'switched', stop: 'ended' },
  content: { 'request-end': 'ready', stop: 'ended' },
  switched: { stop: 'switched' },
  ended: { stop: 'ended' },
} as const;

/** Client, receiving: where the response to the oldest unanswered request stands. */
export const CLIENT_RECEIVE = {
  idle: { expect: 'awaiting', stop: 'ended' },
  awaiting: {
    informational: 'awaiting',
    response: 'content',
    switch: 'switched',
    stop: 'ended',
  },
  content: { 'response-end': 'idle', stop: 'ended' },
  switched: { stop: 'switched' },
  ended: { stop: 'ended' },
} as const;

/** A move as a number. */
export type MoveNumber<Move extends string> = number & { readonly move?: Move };

const MOVES = [
  'request',
  'request-end',
  'informational',
  'response',
  'response-end',
  'expect',
  'next-cycle',
  'switch',
  'fault',
  'stop',
] as const;

type Move = (typeof MOVES)[number];

/** The number of each move: several are made for every message, and a number finds its place at once. */
export const MOVE: { readonly [Each in Move]: MoveNumber<Each> } = /* @__PURE__ */ Object.freeze(
  /* @__PURE__ */ Object.fromEntries(/* @__PURE__ */ MOVES.map((move, index) => [move, index])) as {
    [Each in Move]: number;
  },
);

/** A table with states and moves as numbers; -1 is no state. */
class NumberedTable {
  readonly states: readonly string[];
  private readonly table: TransitionTable;
  private readonly next: Int8Array;

  constructor(table: TransitionTable) {
    this.table = table;
    this.states = Object.keys(table);
    this.next = new Int8Array(this.states.length * MOVES.length).fill(-1);
    for (const [index, state] of this.states.entries()) {
      for (const [move, to] of Object.entries(table[state]!)) {
        this.next[index * MOVES.length + MOVES.indexOf(move as Move)] = this.states.indexOf(to);
      }
    }
  }

  /** Tables are few, and each is numbered once. */
  static of(table: TransitionTable): NumberedTable {
    const known = numbered.find((each) => each.table === table);
    if (known !== undefined) return known;
    const made = new NumberedTable(table);
    numbered.push(made);
    return made;
  }

  /** The state after a move; our own fault when it is illegal. */
  after(state: number, move: number): number {
    const next = this.next[state * MOVES.length + move]!;
    if (next < 0) assert(false, `${MOVES[move]} while ${this.states[state]}`);
    return next;
  }
}

const numbered: NumberedTable[] = [];

/** Both machines of one connection. */
export class StatePair<Receive extends TransitionTable, Send extends TransitionTable> {
  receive: StateOf<Receive>;
  send: StateOf<Send>;
  private receiveState: number;
  private sendState: number;
  private readonly receiveTable: NumberedTable;
  private readonly sendTable: NumberedTable;

  constructor(
    receiveTable: Receive,
    receive: StateOf<Receive>,
    sendTable: Send,
    send: StateOf<Send>,
  ) {
    this.receive = receive;
    this.send = send;
    this.receiveTable = NumberedTable.of(receiveTable);
    this.sendTable = NumberedTable.of(sendTable);
    this.receiveState = this.receiveTable.states.indexOf(receive);
    this.sendState = this.sendTable.states.indexOf(send);
  }

  /** A move of the receiving machine; our own fault when it is illegal. */
  moveReceive(move: MoveNumber<MoveOf<Receive>>): void {
    this.receiveState = this.receiveTable.after(this.receiveState, move);
    this.receive = this.receiveTable.states[this.receiveState] as StateOf<Receive>;
  }

  /** A move of the sending machine; our own fault when it is illegal. */
  moveSend(move: MoveNumber<MoveOf<Send>>): void {
    this.sendState = this.sendTable.after(this.sendState, move);
    this.send = this.sendTable.states[this.sendState] as StateOf<Send>;
  }

  /** A move that both machines make together. */
  moveBoth(move: MoveNumber<MoveOf<Receive> & MoveOf<Send>>): void {
    this.moveReceive(move);
    this.moveSend(move);
  }
}
