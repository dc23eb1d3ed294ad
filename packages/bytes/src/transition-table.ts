// State machines as data: which move leads from which state to which.
import { assert } from './assert.ts';

/** State to move to next state; a move that is absent is illegal in that state. */
export type TransitionTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

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

/** The state after a move that must be legal; our own fault when it is not. */
export function moved<Table extends TransitionTable>(
  table: Table,
  state: StateOf<Table>,
  move: MoveOf<Table>,
): StateOf<Table> {
  const next = nextState(table, state, move);
  assert(next !== null, `${move} while ${state}`);
  return next;
}
