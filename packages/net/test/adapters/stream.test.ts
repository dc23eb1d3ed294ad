// Streams of Node as transports: sockets over loopback, Unix sockets, TLS, any Duplex.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { duplexTransport, type End, socketTransport, type Transport } from '../../src/index.ts';
import { gate } from '../support/serving.ts';

/** Collects what a transport reports, and lets a test wait for it. */
class Ear {
  readonly data: Uint8Array[] = [];
  readonly ends: End[] = [];
  drains = 0;
  #notify: () => void = () => {};
  onData(data: Uint8Array): void {
    this.data.push(data);
    this.#notify();
  }
  onEnd(end: End): void {
    this.ends.push(end);
    this.#notify();
  }
  onDrain(): void {
    this.drains += 1;
    this.#notify();
  }
  get text(): string {
    return Buffer.concat(this.data).toString('latin1');
  }
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }
}

/** A connected pair of sockets: one as a transport, one raw. */
async function pair(
  path?: string,
): Promise<{ transport: Transport; ear: Ear; peer: Socket; ours: Socket }> {
  const accepted = gate<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => accepted.open(socket));
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const peer = connect({ ...(path === undefined ? { port } : { path }), allowHalfOpen: true });
  peer.on('error', () => {});
  const ours = await accepted.promise;
  server.close();
  const transport = socketTransport(ours);
  const ear = new Ear();
  transport.attach(ear);
  return { transport, ear, peer, ours };
}

function received(socket: Socket): { text: () => string; end: Promise<string> } {
  let text = '';
  socket.on('data', (data: Buffer) => {
    text += data.toString('latin1');
  });
  const end = new Promise<string>((resolve) => {
    socket.on('end', () => resolve('finished'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
  return { text: () => text, end };
}

describe('a TCP socket', () => {
  it('carries bytes both ways, and half-closes', async () => {
    const { transport, ear, peer } = await pair();
    const other = received(peer);
    peer.write('ping');
    await ear.until(() => ear.text === 'ping');
    transport.cork();
    transport.write(Buffer.from('po'));
    transport.write(Buffer.from('ng'));
    transport.uncork();
    transport.end();
    expect(await other.end).toBe('finished');
    expect(other.text()).toBe('pong');
    peer.end('more');
    await ear.until(() => ear.ends.length === 1);
    expect(ear.text).toBe('pingmore');
    expect(ear.ends).toEqual(['finished']);
    transport.close();
    transport.close();
  });

  it('says when what was buffered is gone, below and above its high-water mark', async () => {
    const { transport, ear, peer } = await pair();
    const chunk = Buffer.alloc(65_536);
    while (!transport.full) transport.write(chunk);
    expect(transport.bufferedBytes).toBeGreaterThan(0);
    transport.watchDrain();
    expect(ear.drains).toBe(0);
    peer.resume();
    await ear.until(() => ear.drains === 1);
    expect(transport.bufferedBytes).toBe(0);
    expect(transport.full).toBe(false);
    peer.destroy();
  });

  it('reports RST as reset, also behind FIN', async () => {
    const first = await pair();
    first.peer.resetAndDestroy();
    await first.ear.until(() => first.ear.ends.length === 1);
    expect(first.ear.ends).toEqual(['reset']);
    const second = await pair();
    second.peer.end();
    await second.ear.until(() => second.ear.ends.length === 1);
    second.peer.resetAndDestroy();
    const chunk = Buffer.alloc(65_536);
    while (second.ear.ends.length < 2) {
      second.transport.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(second.ear.ends).toEqual(['finished', 'reset']);
  });

  it('reports as failed when somebody else destroys it', async () => {
    const { ear, ours } = await pair();
    ours.destroy();
    await ear.until(() => ear.ends.length === 1);
    expect(ear.ends).toEqual(['failed']);
  });

  it('aborts by RST and reports nothing any more', async () => {
    const { transport, ear, peer } = await pair();
    const other = received(peer);
    transport.abort();
    transport.abort();
    transport.write(Buffer.from('late'));
    transport.end();
    transport.watchDrain();
    expect(await other.end).toBe('ECONNRESET');
    expect(ear.ends).toEqual([]);
  });

  it('pauses and resumes', async () => {
    const { transport, ear, peer } = await pair();
    transport.pause();
    peer.write('waits');
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(ear.text).toBe('');
    transport.resume();
    await ear.until(() => ear.text === 'waits');
    peer.destroy();
  });

  it('adds no listeners per write', async () => {
    const { transport, peer, ours } = await pair();
    peer.resume();
    const before = ours.eventNames().map((name) => ours.listenerCount(name));
    for (let write = 0; write < 100; write++) transport.write(Buffer.alloc(10_000));
    transport.watchDrain();
    expect(ours.eventNames().map((name) => ours.listenerCount(name))).toEqual(before);
    transport.abort();
  });
});

describe('a Unix socket', () => {
  it('aborts without RST', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdline-net-'));
    const { transport, peer } = await pair(join(folder, 'socket'));
    const other = received(peer);
    transport.abort();
    expect(await other.end).toBe('finished');
    rmSync(folder, { recursive: true });
  });
});

describe('a Duplex', () => {
  it('carries bytes, copied from whoever shares them', async () => {
    const stream = new PassThrough();
    const transport = duplexTransport(stream);
    const ear = new Ear();
    transport.attach(ear);
    const bytes = Buffer.from('echo');
    transport.write(bytes);
    await ear.until(() => ear.text === 'echo');
    bytes.fill(0);
    expect(ear.text).toBe('echo');
    expect(transport.capabilities.reset).toBe(false);
    transport.end();
    await ear.until(() => ear.ends.length === 1);
    expect(ear.ends).toEqual(['finished']);
    transport.close();
  });

  it('closes behind what was written, aborts at once', async () => {
    const written: string[] = [];
    const closed = gate();
    const make = () =>
      new Duplex({
        read() {},
        write(chunk: Buffer, _encoding, callback) {
          setImmediate(() => {
            written.push(chunk.toString());
            callback();
          });
        },
        destroy(error, callback) {
          closed.open();
          callback(error);
        },
      });
    const transport = duplexTransport(make());
    transport.attach(new Ear());
    transport.write(Buffer.from('all of it'));
    transport.close();
    await closed.promise;
    expect(written).toEqual(['all of it']);
    const stream = make();
    const second = duplexTransport(stream);
    second.attach(new Ear());
    second.write(Buffer.from('lost'));
    second.abort();
    expect(stream.destroyed).toBe(true);
  });

  it("takes no end for the peer's behind its destruction", async () => {
    const stream = new PassThrough();
    const transport = duplexTransport(stream);
    const ear = new Ear();
    transport.attach(ear);
    stream.destroy();
    // As sockets of Bun do.
    stream.emit('end');
    await ear.until(() => ear.ends.length === 1);
    expect(ear.ends).toEqual(['failed']);
  });

  it('does not call what has failed drained, however often it is asked', async () => {
    const failures = gate();
    const stream = new Duplex({
      read() {},
      write(_chunk, _encoding, callback) {
        void failures.promise.then(() => callback(new Error('gone')));
      },
    });
    const transport = duplexTransport(stream);
    const ear = new Ear();
    // As a driver does while bytes are left; limited, or else this would not end where it fails.
    ear.onDrain = () => {
      ear.drains += 1;
      if (ear.drains < 100) transport.watchDrain();
    };
    transport.attach(ear);
    transport.write(Buffer.from('on its way'));
    transport.write(Buffer.from('waits'));
    transport.watchDrain();
    failures.open();
    await ear.until(() => ear.ends.length === 1);
    expect(ear.ends).toEqual(['failed']);
    expect(ear.drains).toBe(0);
  });

  it('of objects or text is refused', () => {
    expect(() => duplexTransport(new PassThrough({ objectMode: true }))).toThrow(TypeError);
    expect(() => duplexTransport(new PassThrough({ encoding: 'utf8' }))).toThrow(TypeError);
  });
});
