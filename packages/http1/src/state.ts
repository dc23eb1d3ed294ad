// Who may do what when, as data. Each role has two small machines, one for the direction it
// receives and one for the direction it sends; a move concerns one or both. This file knows nothing
// of bytes. The diagrams in the docs and an exhaustive test are generated from these tables.
import { assert } from './bytes/assert.ts';

/** State to move to next state; a move that is absent is illegal in that state. */
export type TransitionTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

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

/** A state of the table. */
export type StateOf<Table> = keyof Table & string;

type MovesOf<State> = State extends unknown ? keyof State & string : never;
/** A move that the table knows in some state. */
export type MoveOf<Table> = MovesOf<Table[keyof Table]>;

/** The state after a move, or null when the move is illegal. */
export function nextState<Table extends TransitionTable>(
  table: Table,
  state: StateOf<Table>,
  move: MoveOf<Table>,
): StateOf<Table> | null {
  const moves: Readonly<Record<string, string>> = table[state]!;
  return (moves[move] ?? null) as StateOf<Table> | null;
}

/** Both machines of one connection. */
export class StatePair<Receive extends TransitionTable, Send extends TransitionTable> {
  receive: StateOf<Receive>;
  send: StateOf<Send>;
  private readonly receiveTable: Receive;
  private readonly sendTable: Send;

  constructor(
    receiveTable: Receive,
    receive: StateOf<Receive>,
    sendTable: Send,
    send: StateOf<Send>,
  ) {
    this.receiveTable = receiveTable;
    this.receive = receive;
    this.sendTable = sendTable;
    this.send = send;
  }

  /** A move of the receiving machine; our own fault when it is illegal. */
  moveReceive(move: MoveOf<Receive>): void {
    const state = nextState(this.receiveTable, this.receive, move);
    if (state === null) assert(false, `${move} while receiving is ${this.receive}`);
    this.receive = state;
  }

  /** A move of the sending machine; our own fault when it is illegal. */
  moveSend(move: MoveOf<Send>): void {
    const state = nextState(this.sendTable, this.send, move);
    if (state === null) assert(false, `${move} while sending is ${this.send}`);
    this.send = state;
  }

  /** A move that both machines make together. */
  moveBoth(move: MoveOf<Receive> & MoveOf<Send>): void {
    this.moveReceive(move);
    this.moveSend(move);
  }
}
