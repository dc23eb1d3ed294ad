import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  applyTcpOptions,
  checkTcpOptions,
  type TcpOptions,
  tcpCapabilities,
} from '../src/tcp-options.ts';

/** A socket that writes down what is set. */
class Recorder extends Socket {
  readonly calls: unknown[][] = [];
  override setNoDelay(...values: unknown[]): this {
    this.calls.push(['noDelay', ...values]);
    return this;
  }
  override setKeepAlive(...values: unknown[]): this {
    this.calls.push(['keepAlive', ...values]);
    return this;
  }
}

function calls(options: TcpOptions): unknown[][] {
  const socket = new Recorder();
  applyTcpOptions(socket, options);
  socket.destroy();
  return socket.calls;
}

describe('TCP options', () => {
  it('set no delay, and no keep-alive, unless told otherwise', () => {
    expect(calls({})).toEqual([['noDelay', true]]);
    expect(calls({ noDelay: false, keepAlive: null })).toEqual([]);
  });

  it('set keep-alive as far as the runtime can', () => {
    const keepAlive = { delayMs: 60_000, intervalMs: 5000, countMax: 3 };
    const [[, ...values] = []] = calls({ noDelay: false, keepAlive });
    const whole = [{ enable: true, initialDelay: 60_000, interval: 5000, count: 3 }];
    expect(values).toEqual(tcpCapabilities().keepAliveInterval ? whole : [true, 60_000]);
  });

  it('know what this runtime can set', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const knows = (major === 24 && minor >= 21) || (major === 26 && minor >= 4) || major > 26;
    const { keepAliveInterval, keepAliveCount, userTimeout } = tcpCapabilities();
    expect([keepAliveInterval, keepAliveCount, userTimeout]).toEqual([knows, knows, false]);
    expect(tcpCapabilities()).toBe(tcpCapabilities());
  });

  it.each([
    { delayMs: 999 },
    { delayMs: Number.NaN },
    { delayMs: Number.POSITIVE_INFINITY },
    { delayMs: 1000, intervalMs: 0 },
    { delayMs: 1000, countMax: 0 },
  ])('refuse %j', (keepAlive) => {
    expect(() => checkTcpOptions({ keepAlive })).toThrow(RangeError);
  });
});
