import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { LineOutput } from '../src/line-output.ts';

/** A stream that keeps what is written, and passes nothing on until told. */
class Sink extends Writable {
  readonly writes: string[] = [];
  #next: ((error?: Error) => void) | null = null;

  override _write(chunk: Buffer, _encoding: string, next: (error?: Error) => void): void {
    this.writes.push(String(chunk));
    this.#next = next;
  }

  goOn(error?: Error): void {
    const next = this.#next;
    this.#next = null;
    next?.(error);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the lines of one turn are written together', async () => {
  const sink = new Sink();
  const output = new LineOutput(sink);
  output.line('a');
  output.line('b');
  expect(sink.writes).toEqual([]);
  await turn();
  expect(sink.writes).toEqual(['a\nb\n']);
});

test('flush waits until everything is out', async () => {
  const sink = new Sink();
  const output = new LineOutput(sink);
  output.line('a');
  let isFlushed = false;
  const flushed = output.flush().then(() => {
    isFlushed = true;
  });
  await turn();
  expect(sink.writes).toEqual(['a\n']);
  expect(isFlushed).toBe(false);
  sink.goOn();
  await flushed;
});

test('a stream that has ended takes nothing more, and flush does not wait for it', async () => {
  const sink = new Sink();
  const output = new LineOutput(sink);
  output.line('a');
  await turn();
  sink.goOn(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
  await turn();
  output.line('b');
  await output.flush();
  expect(sink.writes).toEqual(['a\n']);
});

test('what nobody reads is dropped above a megabyte', async () => {
  const sink = new Sink();
  const output = new LineOutput(sink);
  for (let index = 0; index < 64; index++) {
    output.line('x'.repeat(65_536));
    await turn();
  }
  expect(sink.writableLength).toBeGreaterThan(1_048_576);
  expect(sink.writableLength).toBeLessThan(1_048_576 + 2 * 65_537);
});
