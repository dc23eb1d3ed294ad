import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { Origin } from './support/origin.ts';
import { need, type Outcome, run } from './support/programs.ts';

let origin: Origin;
beforeEach(async () => {
  origin = await new Origin().start();
});
afterEach(async () => {
  await origin.server.close();
  expect(origin.faults).toEqual([]);
});

function curl(context: TestContext, args: string[], input?: Uint8Array): Promise<Outcome> {
  return run(need(context, 'curl'), ['--silent', '--show-error', '--noproxy', '*', ...args], input);
}

describe('curl', () => {
  it('gets a page, and uses the connection again', async (context) => {
    const urls = [origin.url('/which'), origin.url('/which'), origin.url('/which')];
    const outcome = await curl(context, ['--write-out', '%{num_connects} ', ...urls]);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout.toString()).toBe('1.1\n1 1.2\n0 1.3\n0 ');
    await origin.until(() => origin.causes.length === 1);
    expect(origin.causes).toEqual(['peer-end']);
  });

  it('asks for the head only', async (context) => {
    const outcome = await curl(context, ['--head', origin.url('/hello'), origin.url('/hello')]);
    expect(outcome.code).toBe(0);
    const text = outcome.stdout.toString();
    expect(text.match(/content-length: 6\r\n/gi)).toHaveLength(2);
    expect(text).not.toContain('hello');
  });

  it('waits for 100 (Continue) before it uploads', async (context) => {
    const content = randomBytes(2_000_000);
    const args = ['--verbose', '--header', 'Expect: 100-continue', '--data-binary', '@-'];
    const outcome = await curl(context, [...args, origin.url('/echo')], content);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain('HTTP/1.1 100 Continue');
    expect(outcome.stdout.equals(content)).toBe(true);
  });

  it('takes an answer in place of 100 (Continue)', async (context) => {
    const content = randomBytes(2_000_000);
    const args = ['--verbose', '--header', 'Expect: 100-continue', '--data-binary', '@-'];
    const outcome = await curl(context, [...args, origin.url('/limited')], content);
    expect(outcome.stderr).toContain('HTTP/1.1 413 Content Too Large');
    expect(outcome.stderr).not.toContain('HTTP/1.1 100 Continue');
  });

  it('uploads in chunks', async (context) => {
    const content = randomBytes(500_000);
    const args = ['--header', 'Transfer-Encoding: chunked', '--header', 'Expect:'];
    const outcome = await curl(
      context,
      [...args, '--upload-file', '-', origin.url('/echo')],
      content,
    );
    expect(outcome.code).toBe(0);
    expect(outcome.stdout.equals(content)).toBe(true);
    expect(origin.records[0]).toMatchObject({ method: 'PUT', requestBytes: content.length });
  });

  it('reads while it uploads', async (context) => {
    const content = randomBytes(5_000_000);
    const args = ['--header', 'Expect:', '--data-binary', '@-'];
    const outcome = await curl(context, [...args, origin.url('/duplex')], content);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout.equals(content)).toBe(true);
  });

  it('speaks HTTP/1.0', async (context) => {
    const args = ['--http1.0', '--include'];
    const outcome = await curl(context, [...args, origin.url('/pieces'), origin.url('/hello')]);
    expect(outcome.code).toBe(0);
    const text = outcome.stdout.toString();
    expect(text).toContain('piece 999\n');
    expect(text.toLowerCase()).not.toContain('transfer-encoding');
    await origin.until(() => origin.records.length === 2);
  });

  it('reads a response that streams', async (context) => {
    const outcome = await curl(context, ['--include', origin.url('/pieces')]);
    expect(outcome.code).toBe(0);
    const text = outcome.stdout.toString();
    expect(text.toLowerCase()).toContain('transfer-encoding: chunked');
    expect(text.match(/^piece \d+$/gm)).toHaveLength(1000);
  });

  it('gives up on a response that never ends', async (context) => {
    const outcome = await curl(context, [
      '--max-time',
      '1',
      '--output',
      '/dev/null',
      origin.url('/endless'),
    ]);
    // CURLE_OPERATION_TIMEDOUT
    expect(outcome.code).toBe(28);
    await origin.until(() => origin.causes.length === 1);
    expect(origin.causes).toEqual(['reset']);
    expect(origin.records[0]).toMatchObject({ complete: false, status: 200 });
  });

  it('hears the answer to an upload that is refused while it sends', async (context) => {
    const content = Buffer.alloc(20_000_000);
    const args = ['--header', 'Expect:', '--data-binary', '@-', '--write-out', '%{http_code}'];
    const outcome = await curl(context, [...args, origin.url('/refuse')], content);
    expect(outcome.stdout.toString()).toBe('not here\n403');
  });
});

describe('a raw socket', () => {
  it('pipelines', async () => {
    const socket = connect({ port: origin.port, host: '127.0.0.1' });
    const request = (target: string) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`;
    socket.write(request('/which').repeat(99));
    socket.end(request('/hello'));
    let text = '';
    for await (const data of socket) text += String(data);
    const expected = Array.from({ length: 99 }, (_, index) => `1.${index + 1}`);
    expect(text.match(/^\d+\.\d+$/gm)).toEqual(expected);
    expect(text).toMatch(/hello\n$/);
  });
});
