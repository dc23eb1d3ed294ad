import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkInput, ReceiveBuffer } from '../src/receive-buffer.ts';
import { copiedBytes, guarded, numbered } from './support/bytes.ts';

/** The unread bytes. */
function unread(buffer: ReceiveBuffer): number[] {
  return [...buffer.bytes.subarray(buffer.start, buffer.end)];
}

describe('a first chunk', () => {
  test('is adopted, not copied', () => {
    const buffer = new ReceiveBuffer();
    const chunk = numbered(1000);
    expect(copiedBytes(() => buffer.append(chunk))).toBe(0);
    expect(buffer.bytes).toBe(chunk);
    expect([buffer.start, buffer.end, buffer.length]).toEqual([0, 1000, 1000]);
  });

  test('is handed out whole as the very same view', () => {
    const buffer = new ReceiveBuffer();
    const chunk = numbered(10);
    buffer.append(chunk);
    expect(buffer.take(10)).toBe(chunk);
  });

  test('is handed out in parts as views of the same memory', () => {
    const buffer = new ReceiveBuffer();
    const chunk = numbered(10);
    buffer.append(chunk);
    const first = buffer.take(4);
    const rest = buffer.take(6);
    expect([...first, ...rest]).toEqual([...chunk]);
    expect(first.buffer).toBe(chunk.buffer);
    expect(rest.buffer).toBe(chunk.buffer);
  });

  test('is adopted again each time that everything was read', () => {
    const buffer = new ReceiveBuffer();
    const copied = copiedBytes(() => {
      for (let round = 0; round < 5; round++) {
        buffer.append(numbered(100, round));
        expect(unread(buffer)).toEqual([...numbered(100, round)]);
        buffer.consume(100);
      }
    });
    expect(copied).toBe(0);
  });
});

describe('a further chunk', () => {
  test('is joined to what is left unread of the first', () => {
    const buffer = new ReceiveBuffer();
    buffer.append(numbered(5));
    buffer.consume(3);
    buffer.append(numbered(4, 5));
    expect(unread(buffer)).toEqual([3, 4, 5, 6, 7, 8]);
    expect([...buffer.take(6)]).toEqual([3, 4, 5, 6, 7, 8]);
  });

  test('goes into new memory: an adopted chunk and its neighbours are never written to', () => {
    const buffer = new ReceiveBuffer();
    const first = guarded(numbered(5));
    const second = guarded(numbered(5, 5));
    const third = guarded(numbered(2000, 10));
    for (const { view } of [first, second, third]) buffer.append(view);
    expect(unread(buffer)).toEqual([...numbered(2010)]);
    expect([first, second, third].every((chunk) => chunk.isUntouched())).toBe(true);
    expect(buffer.bytes.buffer).not.toBe(first.view.buffer);
  });

  test('goes behind the end as long as there is room', () => {
    const buffer = new ReceiveBuffer();
    buffer.append(numbered(1));
    buffer.append(numbered(1, 1));
    const { bytes } = buffer;
    buffer.append(numbered(510, 2));
    expect(buffer.bytes).toBe(bytes);
    expect(buffer.bytes.length).toBe(512);
    buffer.append(numbered(1, 0));
    expect(buffer.bytes).not.toBe(bytes);
    expect(unread(buffer)).toEqual([...numbered(512), 0]);
  });

  test('of no bytes changes nothing', () => {
    const buffer = new ReceiveBuffer();
    buffer.append(new Uint8Array(0));
    expect(buffer.length).toBe(0);
    buffer.append(numbered(3));
    const { bytes } = buffer;
    buffer.append(new Uint8Array(0));
    expect(buffer.bytes).toBe(bytes);
    expect(unread(buffer)).toEqual([0, 1, 2]);
  });

  test('when all of the own buffer is unread and it fits exactly, the whole buffer can be taken', () => {
    const buffer = new ReceiveBuffer();
    buffer.append(numbered(256));
    buffer.append(numbered(256, 0));
    buffer.append(numbered(512, 0));
    expect(buffer.take(1024).length).toBe(1024);
    expect(buffer.length).toBe(0);
  });
});

describe('reading', () => {
  test('counts what was consumed since the beginning of the stream', () => {
    const buffer = new ReceiveBuffer();
    buffer.append(numbered(10));
    buffer.consume(3);
    buffer.take(2);
    expect(buffer.consumedBytes).toBe(5);
    buffer.append(numbered(10));
    buffer.clear();
    expect([buffer.consumedBytes, buffer.length]).toEqual([20, 0]);
    buffer.clear();
    expect(buffer.consumedBytes).toBe(20);
  });

  test.each(['consume', 'take', 'clear'] as const)('an emptied buffer is let go: %s', (way) => {
    const buffer = new ReceiveBuffer();
    buffer.append(numbered(10));
    buffer.append(numbered(10));
    if (way === 'clear') buffer.clear();
    else buffer[way](20);
    expect([buffer.bytes.length, buffer.start, buffer.end]).toEqual([0, 0, 0]);
  });

  test('taking nothing is an empty view', () => {
    const buffer = new ReceiveBuffer();
    expect(buffer.take(0).length).toBe(0);
    buffer.append(numbered(3));
    expect(buffer.take(0).length).toBe(0);
    expect(unread(buffer)).toEqual([0, 1, 2]);
  });
});

describe('work is linear', () => {
  test.each([1_000, 10_000, 100_000])('when %i bytes arrive one by one unread', (total) => {
    const buffer = new ReceiveBuffer();
    const copied = copiedBytes(() => {
      for (let index = 0; index < total; index++) buffer.append(Uint8Array.of(index));
    });
    expect(unread(buffer).length).toBe(total);
    // Each byte once as it comes; growing doubles, so moving adds less than as much again.
    expect(copied).toBeLessThanOrEqual(3 * total);
    expect(buffer.bytes.length).toBeLessThanOrEqual(Math.max(512, 4 * total));
  });

  test('when a long unread stretch moves through the stream', () => {
    const buffer = new ReceiveBuffer();
    const [kept, step, rounds] = [5_000, 10, 20_000];
    const copied = copiedBytes(() => {
      buffer.append(numbered(kept));
      for (let round = 0; round < rounds; round++) {
        buffer.append(numbered(step));
        buffer.consume(step);
        expect(buffer.bytes.length).toBeLessThanOrEqual(2 * (kept + step) + 512);
      }
    });
    expect(copied).toBeLessThanOrEqual(3 * (kept + step * rounds));
  });

  test('when each large chunk leaves one byte unread', () => {
    const buffer = new ReceiveBuffer();
    const [chunk, rounds] = [10_000, 50];
    const copied = copiedBytes(() => {
      for (let round = 0; round < rounds; round++) {
        buffer.append(new Uint8Array(chunk));
        buffer.consume(buffer.length - 1);
      }
    });
    expect(copied).toBeLessThanOrEqual(2 * chunk * rounds);
  });
});

describe('checkInput', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('takes every Uint8Array of unshared memory', () => {
    expect(() => checkInput(new Uint8Array(3))).not.toThrow();
    expect(() => checkInput(Buffer.from('abc'))).not.toThrow();
  });

  test.each([['text'], [null], [undefined], [[1, 2]], [new ArrayBuffer(3)], [new Uint16Array(3)]])(
    'refuses %o',
    (data) => {
      expect(() => checkInput(data as unknown as Uint8Array)).toThrow(TypeError);
    },
  );

  test('refuses shared memory, which somebody else can change', () => {
    expect(() => checkInput(new Uint8Array(new SharedArrayBuffer(3)))).toThrow(/SharedArrayBuffer/);
  });

  test('does without SharedArrayBuffer where the platform has none', () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(() => checkInput(new Uint8Array(3))).not.toThrow();
  });
});
