import { expect, test } from 'vitest';
import { runInPieces, Session } from '../session.mjs';
import { attempt } from '../targets/http1/attempt.mjs';
import { compareSplits } from '../targets/http1/compare.mjs';
import { NOTHING_YET, type Toy, toy } from './support/toy.ts';

const IDLE = { react: () => {}, unblock: () => false };
const STREAM = Uint8Array.of(1, 2, 3, 4);

/** One run of a toy whose parts are as given. */
function run(parts: Partial<Toy>, pieces: number[] = [4]) {
  const session = new Session(toy(parts), IDLE, STREAM);
  return runInPieces(session, pieces, 'finished', true);
}

test('a machine that does all right ends with its events and its output', () => {
  const { events, output, transport } = run({}, [1, 3]);
  expect(events).toEqual([{ type: 'data', data: STREAM }, { type: 'closed' }]);
  expect([...output]).toEqual([...STREAM]);
  expect(transport).toBe('close');
});

test.each<[string, Partial<Toy>, RegExp]>([
  ['wants nothing but waits', { wantsData: false }, /needs data that it does not want/],
  ['never reports closed', { nextEvent: () => NOTHING_YET }, /closed was not reported/],
  ['forgets output', { outputBytes: 0 }, /fewer bytes of output/],
  ['never rests', { nextEvent: () => ({ type: 'more' }) }, /does not go quiet/],
  ['has a deadline when all is over', { deadline: () => 2e6 }, /a deadline after closed/],
])('a machine that %s is found out', (_what, parts, message) => {
  expect(() => run(parts)).toThrow(message);
});

test('a machine whose events depend on the split is found out', () => {
  const script = { stream: STREAM, end: 'finished', pieces: () => [1, 3] };
  const open = (parts: Partial<Toy>) => () => new Session(toy(parts), IDLE, STREAM);
  expect(() => compareSplits(script, open({}))).not.toThrow();
  const perPiece = {
    receive(this: Toy) {
      this.events.push({ type: 'piece' });
    },
  };
  expect(() => compareSplits(script, open(perPiece))).toThrow(/events depend on the split/);
});

test('a call that is refused must be documented and must change nothing', () => {
  const machine = toy({});
  const refuse = (error: Error) => () => {
    throw error;
  };
  expect(attempt(machine, () => {})).toBe(true);
  expect(attempt(machine, refuse(new RangeError('too many')))).toBe(false);
  expect(() => attempt(machine, refuse(new Error('oops')))).toThrow('oops');
  expect(() => attempt(machine, () => (null as unknown as Toy).deadline())).toThrow(/Cannot read/);
  const changing = () => {
    machine.wantsData = !machine.wantsData;
    throw new RangeError('too many');
  };
  expect(() => attempt(machine, changing)).toThrow(/was refused changed/);
});
