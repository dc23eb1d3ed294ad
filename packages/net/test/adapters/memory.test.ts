import { describe, expect, it } from 'vitest';
import { type End, memoryPair, type TransportSink } from '../../src/index.ts';

class Ear implements TransportSink {
  readonly log: string[] = [];
  onData(data: Uint8Array): void {
    this.log.push(Buffer.from(data).toString());
  }
  onEnd(end: End): void {
    this.log.push(end);
  }
  onDrain(): void {
    this.log.push('drain');
  }
}

function pairOfEars(highWaterBytes = 10) {
  const tasks: (() => void)[] = [];
  const [left, right] = memoryPair({ highWaterBytes, later: (task) => tasks.push(task) });
  const [leftEar, rightEar] = [new Ear(), new Ear()];
  left.attach(leftEar);
  right.attach(rightEar);
  const run = () => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
  };
  return { left, right, leftEar, rightEar, run };
}

describe('a pair in memory', () => {
  it('delivers copies in a later task', () => {
    const { left, rightEar, run } = pairOfEars();
    const bytes = Buffer.from('hello');
    left.write(bytes);
    expect(rightEar.log).toEqual([]);
    bytes.fill(0);
    run();
    expect(rightEar.log).toEqual(['hello']);
  });

  it('delivers by microtask unless told otherwise', async () => {
    const [left, right] = memoryPair();
    const ear = new Ear();
    right.attach(ear);
    left.write(Buffer.from('soon'));
    await Promise.resolve();
    expect(ear.log).toEqual(['soon']);
  });

  it.each(['finished', 'reset'])('keeps an end without bytes before it, too: %s', (end) => {
    const tasks: (() => void)[] = [];
    const [left, right] = memoryPair({ later: (task) => tasks.push(task) });
    left.attach(new Ear());
    if (end === 'finished') left.end();
    else left.abort();
    for (const task of tasks.splice(0)) task();
    const ear = new Ear();
    right.attach(ear);
    for (const task of tasks.splice(0)) task();
    expect(ear.log).toEqual([end]);
  });

  it('keeps what came before anybody listened', () => {
    const tasks: (() => void)[] = [];
    const [left, right] = memoryPair({ later: (task) => tasks.push(task) });
    left.write(Buffer.from('early'));
    left.end();
    for (const task of tasks.splice(0)) task();
    const ear = new Ear();
    right.attach(ear);
    for (const task of tasks.splice(0)) task();
    expect(ear.log).toEqual(['early', 'finished']);
  });

  it('is full while the other side pauses, and says when it is empty', () => {
    const { left, right, leftEar, rightEar, run } = pairOfEars();
    right.pause();
    left.write(Buffer.from('0123456789'));
    left.watchDrain();
    run();
    expect(left.full).toBe(true);
    expect(left.bufferedBytes).toBe(10);
    expect(rightEar.log).toEqual([]);
    right.resume();
    run();
    expect(rightEar.log).toEqual(['0123456789']);
    expect(leftEar.log).toEqual(['drain']);
    expect(left.full).toBe(false);
  });

  it('ends one direction behind what was written', () => {
    const { left, right, leftEar, rightEar, run } = pairOfEars();
    left.write(Buffer.from('last'));
    left.end();
    left.write(Buffer.from('too late'));
    right.write(Buffer.from('answer'));
    run();
    expect(rightEar.log).toEqual(['last', 'finished']);
    expect(leftEar.log).toEqual(['answer']);
  });

  it('closes behind what was written, and reads no more', () => {
    const { left, right, leftEar, rightEar, run } = pairOfEars();
    left.write(Buffer.from('last'));
    left.close();
    right.write(Buffer.from('unheard'));
    right.watchDrain();
    run();
    expect(rightEar.log).toEqual(['drain', 'last', 'finished']);
    expect(leftEar.log).toEqual([]);
    expect(right.bufferedBytes).toBe(0);
  });

  it('aborts with what is buffered', () => {
    const { left, rightEar, run } = pairOfEars();
    left.write(Buffer.from('lost'));
    left.abort();
    run();
    left.abort();
    run();
    expect(rightEar.log).toEqual(['reset']);
    expect(left.bufferedBytes).toBe(0);
  });

  it('aborts behind its own FIN', () => {
    const { left, rightEar, run } = pairOfEars();
    left.end();
    run();
    left.abort();
    run();
    expect(rightEar.log).toEqual(['finished', 'reset']);
  });
});
