import { describe, expect, test } from 'vitest';
import { TARGET } from '../src/grammar.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';
import { RequestLineScanner, StatusLineScanner } from '../src/start-line-scanner.ts';
import { bytes } from './support/bytes.ts';

interface Scanner {
  readonly position: number;
  scan(data: Uint8Array, start: number, end: number): string;
}

/** Gives one more byte at each call; the line stands behind other bytes. */
function scanByteByByte(scanner: Scanner, line: string): string {
  const data = bytes(`junk${line}`);
  let result = 'need-data';
  for (let end = 4; end <= data.length && result === 'need-data'; end++) {
    result = scanner.scan(data, 4, end);
  }
  return result;
}

/** The same at once; both have to agree, also on where they stopped. */
function scanBothWays<Some extends Scanner>(create: () => Some, line: string): [string, Some] {
  const slow = create();
  const result = scanByteByByte(slow, line);
  const fast = create();
  expect(fast.scan(bytes(line), 0, line.length)).toBe(result);
  expect(fast.position).toBe(slow.position);
  return [result, slow];
}

describe('request-line (RFC 9112 section 3)', () => {
  class Subject implements Scanner {
    readonly scanner = new RequestLineScanner();
    readonly limits;
    constructor(limits = DEFAULT_LIMITS) {
      this.limits = limits;
    }
    get position(): number {
      return this.scanner.position;
    }
    scan(data: Uint8Array, start: number, end: number): string {
      return this.scanner.scan(data, start, end, this.limits, TARGET);
    }
  }
  const create = () => new Subject();

  test('gives the offsets of its parts', () => {
    const [result, { scanner }] = scanBothWays(create, 'POST /x?y%zz HTTP/1.0\r\nHost');
    expect(result).toBe('complete');
    expect(scanner).toMatchObject({
      methodEnd: 4,
      targetEnd: 12,
      minorVersion: 0,
      position: 23,
    });
  });

  const faults: [string, string, number][] = [
    [' ', 'HTTP1_INVALID_METHOD', 0],
    ['GE(T', 'HTTP1_INVALID_METHOD', 2],
    ['GET  /', 'HTTP1_INVALID_TARGET', 4],
    ['GET /\t', 'HTTP1_INVALID_TARGET', 5],
    ['GET /[', 'HTTP1_INVALID_TARGET', 5],
    ['GET / HTTQ', 'HTTP1_INVALID_VERSION', 9],
    ['GET / HTTP/x', 'HTTP1_INVALID_VERSION', 11],
    ['GET / HTTP/1.1 ', 'HTTP1_INVALID_VERSION', 14],
    ['GET / HTTP/1.1\n', 'HTTP1_BARE_LF', 14],
    ['GET / HTTP/1.1\rX', 'HTTP1_BARE_CR', 15],
    ['GET / HTTP/2.1\r\n', 'HTTP1_UNSUPPORTED_VERSION', 16],
  ];
  test.each(faults)('%j is %s at byte %i', (line, fault, position) => {
    const [result, scanner] = scanBothWays(create, line);
    expect(result).toBe(fault);
    expect(scanner.position).toBe(position);
  });

  test('brackets are for a target with a host', () => {
    expect(scanBothWays(create, 'GET http://[::1]/ HTTP/1.1\r\n')[0]).toBe('complete');
  });

  test('limits hold exactly, whatever comes first', () => {
    const limits = { ...DEFAULT_LIMITS, startLineBytesMax: 16, methodBytesMax: 3 };
    const limited = () => new Subject(limits);
    expect(scanBothWays(limited, 'GET /a HTTP/1.1\r\n')[0]).toBe('complete');
    expect(scanBothWays(limited, 'GET /ab HTTP/1.1\r\n')[0]).toBe('complete');
    expect(scanBothWays(limited, 'GET /abc HTTP/1.1\r\n')[0]).toBe('HTTP1_TARGET_TOO_LONG');
    expect(scanBothWays(limited, 'GET /abcdefghijklmnop')[0]).toBe('HTTP1_TARGET_TOO_LONG');
    expect(scanBothWays(limited, 'GETS / HTTP/1.1\r\n')[0]).toBe('HTTP1_METHOD_TOO_LONG');
    const longMethod = () => new Subject({ ...limits, methodBytesMax: 99 });
    expect(scanBothWays(longMethod, 'G'.repeat(20))[0]).toBe('HTTP1_START_LINE_TOO_LONG');
  });

  test('is ready for another line after reset', () => {
    const subject = create();
    scanByteByByte(subject, 'GET http://[::1]/');
    subject.scanner.reset();
    expect(scanByteByByte(subject, 'PUT /[')).toBe('HTTP1_INVALID_TARGET');
  });
});

describe('status-line (RFC 9112 section 4)', () => {
  class Subject implements Scanner {
    readonly scanner = new StatusLineScanner();
    readonly lineBytesMax: number;
    readonly spaceIsOptional: boolean;
    constructor(spaceIsOptional = false, lineBytesMax = 1000) {
      this.spaceIsOptional = spaceIsOptional;
      this.lineBytesMax = lineBytesMax;
    }
    get position(): number {
      return this.scanner.position;
    }
    scan(data: Uint8Array, start: number, end: number): string {
      return this.scanner.scan(data, start, end, this.lineBytesMax, this.spaceIsOptional);
    }
  }
  const strict = () => new Subject();
  const tolerant = () => new Subject(true);

  test.each(['HTTP/1.1 200 OK\r\n', 'HTTP/1.0 404 \r\n', 'HTTP/1.9 000 a \t\u00e9\r\n'])(
    '%j',
    (line) => {
      for (const create of [strict, tolerant]) {
        const [result, { scanner }] = scanBothWays(create, line);
        expect(result).toBe('complete');
        expect(scanner.position).toBe(line.length);
        expect(scanner.isAscii).toBe(!line.includes('\u00e9'));
      }
    },
  );

  test.each([
    ['HTTP/1.1\r', 'HTTP1_INVALID_STATUS_LINE', 8],
    ['HTTP/1.1  ', 'HTTP1_INVALID_STATUS_LINE', 9],
    ['HTTP/1.1 2x', 'HTTP1_INVALID_STATUS_LINE', 10],
    ['HTTP/1.1 20\r', 'HTTP1_INVALID_STATUS_LINE', 11],
    ['HTTP/1.1 2000', 'HTTP1_INVALID_STATUS_LINE', 12],
    ['HTTP/1.1 200\n', 'HTTP1_INVALID_STATUS_LINE', 12],
    ['HTTP/1.1 200 \0', 'HTTP1_INVALID_STATUS_LINE', 13],
    ['HTTP/1.1 200 a\n', 'HTTP1_BARE_LF', 14],
    ['HTTP/1.1 200 a\rb', 'HTTP1_BARE_CR', 15],
    ['xTTP', 'HTTP1_INVALID_VERSION', 0],
    ['HTTP/3.0 200 OK\r\n', 'HTTP1_UNSUPPORTED_VERSION', 17],
  ])('%j is %s at byte %i', (line, fault, position) => {
    for (const create of [strict, tolerant]) {
      const [result, scanner] = scanBothWays(create, line);
      expect(result).toBe(fault);
      expect(scanner.position).toBe(position);
    }
  });

  test('without the space behind the code it is one only where that is tolerated', () => {
    const [result, scanner] = scanBothWays(strict, 'HTTP/1.1 200\r\n');
    expect([result, scanner.position]).toEqual(['HTTP1_INVALID_STATUS_LINE', 12]);
    expect(scanBothWays(tolerant, 'HTTP/1.1 200\r\n')[0]).toBe('complete');
    expect(scanBothWays(tolerant, 'HTTP/1.1 200\rb')[0]).toBe('HTTP1_BARE_CR');
  });

  test('the limit holds exactly', () => {
    const limited = () => new Subject(false, 15);
    expect(scanBothWays(limited, 'HTTP/1.1 200 OK\r\n')[0]).toBe('complete');
    expect(scanBothWays(limited, 'HTTP/1.1 200 OKA\r\n')[0]).toBe('HTTP1_START_LINE_TOO_LONG');
  });

  test('is ready for another line after reset', () => {
    const subject = strict();
    scanByteByByte(subject, 'HTTP/1.0 404 N\u00e9t');
    subject.scanner.reset();
    expect(scanByteByByte(subject, 'HTTP/1.1 200 OK\r\n')).toBe('complete');
    expect(subject.scanner.isAscii).toBe(true);
  });
});
