// What the case files need to know about websocket: which options make which machine, and what the
// commands of a `do` block mean.
import type { AnyEvent, CaseOptions, Sentence, Subject } from '@holdline/testkit';
import type { Connection } from '../../src/bytes/connection.ts';
import { pureDeflate } from './compression.ts';
import { latin1 } from './frames.ts';
import { type BenchOptions, benchOf, DEFLATE, type Role } from './machines.ts';

type Machine = ReturnType<typeof benchOf>['machine'];

const COMMANDS: Readonly<
  Record<string, (machine: Machine, words: readonly string[], now: number) => void>
> = {
  text: (machine, [text = ''], now) => machine.sendText(latin1(text), now, { compress: false }),
  'compressed-text': (machine, [text = ''], now) =>
    machine.sendText(latin1(text), now, { compress: true }),
  binary: (machine, [data = ''], now) => machine.sendBinary(latin1(data), now),
  begin: (machine, [kind], now) => machine.beginMessage(kind as 'text', now, { compress: false }),
  piece: (machine, [data = '', last], now) => machine.sendPiece(latin1(data), last === 'last', now),
  ping: (machine, [data = ''], now) => machine.ping(latin1(data), now),
  close: (machine, [code, reason], now) => machine.close(now, Number(code ?? 1000), reason ?? ''),
  abort: (machine, _words, now) => machine.abort(now),
};

/** For the transcript runner. */
export const subject: Subject = {
  create(options: CaseOptions): Connection<AnyEvent> {
    const delivery = options.get('delivery') === 'pieces' ? 'pieces' : 'whole';
    const made: BenchOptions = { delivery, timeouts: { pingMs: Number.POSITIVE_INFINITY } };
    const deflate: BenchOptions =
      options.get('deflate') === 'yes' ? { compression: pureDeflate, deflate: DEFLATE } : {};
    return benchOf(options.get('role') as Role, { ...made, ...deflate }).machine;
  },
  act(machine: Connection<AnyEvent>, { name, words }: Sentence, now: number): undefined {
    const command = COMMANDS[name];
    if (command === undefined) throw new SyntaxError(`unknown command ${name}`);
    command(machine as unknown as Machine, words, now);
  },
};
