import { describe, expect, test } from 'vitest';
import { TARGET } from '../src/grammar.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';
import { RequestLineScanner, StatusLineScanner } from '../src/start-line-scanner.ts';
import { bytes } from './support/bytes.ts';

type Scanner = RequestLineScanner | StatusLineScanner;

/** Scans `line`, which stands behind other bytes, giving one more byte at each call. */
function scanByteByByte(scanner: Scanner, line: string, limits = DEFAULT_LIMITS): string {
  const data = bytes(`junk${line}`);
  let result = 'need-data';
  for (let end = 4; end <= data.length && result === 'need-data'; end++) {
    result =
      scanner instanceof RequestLineScanner
        ? scanner.scan(data, 4, end, limits, TARGET)
        : scanner.scan(data, 4, end, limits);
  }
  return result;
}

/** The same at once; both have to agree, also on where they stopped. */
function scanBothWays(
  create: () => Scanner,
  line: string,
  limits = DEFAULT_LIMITS,
): [string, Scanner] {
  const slow = create();
  const result = scanByteByByte(slow, line, limits);
  const fast = create();
  const data = bytes(line);
  const whole =
    fast instanceof RequestLineScanner
      ? fast.scan(data, 0, data.length, limits, TARGET)
      : fast.scan(data, 0, data.length, limits);
  expect(whole).toBe(result);
  expect(fast.position).toBe(slow.position);
  return [result, slow];
}

describe('request-line (RFC 9112 section 3)', () => {
  const create = () => new RequestLineScanner();

  test('gives the offsets of its parts', () => {
    const [result, scanner] = scanBothWays(create, 'POST /x?y HTTP/1.0\r\nHost');
    expect(result).toBe('complete');
    expect(scanner).toMatchObject({
      methodEnd: 4,
      targetEnd: 9,
      majorVersion: 1,
      minorVersion: 0,
      position: 20,
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
    expect(scanBothWays(create, 'GET /a HTTP/1.1\r\n', limits)[0]).toBe('complete');
    expect(scanBothWays(create, 'GET /ab HTTP/1.1\r\n', limits)[0]).toBe('complete');
    expect(scanBothWays(create, 'GET /abc HTTP/1.1\r\n', limits)[0]).toBe('HTTP1_TARGET_TOO_LONG');
    expect(scanBothWays(create, 'GET /abcdefghijklmnop', limits)[0]).toBe('HTTP1_TARGET_TOO_LONG');
    expect(scanBothWays(create, 'GETS / HTTP/1.1\r\n', limits)[0]).toBe('HTTP1_METHOD_TOO_LONG');
    expect(scanBothWays(create, 'G'.repeat(20), { ...limits, methodBytesMax: 99 })[0]).toBe(
      'HTTP1_START_LINE_TOO_LONG',
    );
  });

  test('is ready for another line after reset', () => {
    const scanner = new RequestLineScanner();
    scanByteByByte(scanner, 'GET http://[::1]/');
    scanner.reset();
    expect(scanByteByByte(scanner, 'PUT /[')).toBe('HTTP1_INVALID_TARGET');
  });
});

describe('status-line (RFC 9112 section 4)', () => {
  const create = () => new StatusLineScanner();

  test.each([
    ['HTTP/1.1 200 OK\r\n', 200, 15],
    ['HTTP/1.0 404 \r\n', 404, 13],
    ['HTTP/1.1 200\r\n', 200, 13],
  ])('%j', (line, status, reasonEnd) => {
    const [result, scanner] = scanBothWays(create, line);
    expect(result).toBe('complete');
    expect(scanner).toMatchObject({ status, reasonEnd, reasonStart: 13, position: line.length });
  });

  test.each([
    ['HTTP/1.1\r', 'HTTP1_INVALID_STATUS_LINE', 8],
    ['HTTP/1.1  ', 'HTTP1_INVALID_STATUS_LINE', 9],
    ['HTTP/1.1 2x', 'HTTP1_INVALID_STATUS_LINE', 10],
    ['HTTP/1.1 2000', 'HTTP1_INVALID_STATUS_LINE', 12],
    ['HTTP/1.1 200 \0', 'HTTP1_INVALID_STATUS_LINE', 13],
    ['HTTP/1.1 200 a\n', 'HTTP1_BARE_LF', 14],
    ['HTTP/1.1 200 a\rb', 'HTTP1_BARE_CR', 15],
    ['HTTP/1.1 200\rb', 'HTTP1_BARE_CR', 13],
    ['xTTP', 'HTTP1_INVALID_VERSION', 0],
    ['HTTP/3.0 200 OK\r\n', 'HTTP1_UNSUPPORTED_VERSION', 17],
  ])('%j is %s at byte %i', (line, fault, position) => {
    const [result, scanner] = scanBothWays(create, line);
    expect(result).toBe(fault);
    expect(scanner.position).toBe(position);
  });

  test('the limit holds exactly', () => {
    const limits = { ...DEFAULT_LIMITS, startLineBytesMax: 15 };
    expect(scanBothWays(create, 'HTTP/1.1 200 OK\r\n', limits)[0]).toBe('complete');
    expect(scanBothWays(create, 'HTTP/1.1 200 OKA\r\n', limits)[0]).toBe(
      'HTTP1_START_LINE_TOO_LONG',
    );
  });

  test('is ready for another line after reset', () => {
    const scanner = new StatusLineScanner();
    scanByteByByte(scanner, 'HTTP/1.0 404 Not');
    scanner.reset();
    expect(scanByteByByte(scanner, 'HTTP/1.1 200 OK\r\n')).toBe('complete');
    expect(scanner.status).toBe(200);
  });
});
