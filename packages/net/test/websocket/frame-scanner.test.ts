// Frames as they are on the wire, found in bytes however these are cut, and told of both roles.
import { FIN, maskInto, OPCODE, RSV1, serializeFrameHeader } from '@holdline/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { describe, expect, it } from 'vitest';
import { FrameScanner } from '../../src/websocket/frame-scanner.ts';
import type { WebSocketConnection, WireFrame } from '../../src/websocket/index.ts';
import { openPair, served, take, turns } from './support/websocket-pair.ts';

/** A whole frame; `key` -1 for one that is not masked. */
function frame(bits: number, payload: Uint8Array, key = -1): Uint8Array {
  const header = new Uint8Array(14);
  const size = serializeFrameHeader(header, 0, bits, payload.length, key);
  const whole = new Uint8Array(size + payload.length);
  whole.set(header.subarray(0, size));
  if (key < 0) whole.set(payload, size);
  else maskInto(payload, 0, payload.length, whole, size, key, 0);
  return whole;
}

function scanned(chunks: readonly Uint8Array[]): WireFrame[] {
  const frames: WireFrame[] = [];
  const scanner = new FrameScanner('received', (each) => frames.push(each));
  for (const chunk of chunks) scanner.scan(chunk);
  return frames;
}

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

const seen = (
  bits: number,
  payloadBytes: number,
  isMasked: boolean,
  payload: Uint8Array | null = null,
): WireFrame => ({
  direction: 'received',
  opcode: bits & 0x0f,
  isFinal: (bits & 0x80) !== 0,
  reservedBits: (bits & 0x70) >> 4,
  isMasked,
  payloadBytes,
  payload,
});

describe('a scanner', () => {
  const wire = Buffer.concat([
    frame(OPCODE.text | RSV1, new Uint8Array(126).fill(0x81), 0xdeadbeef),
    frame(FIN | OPCODE.ping, bytesOf('who?'), 0x01020304),
    frame(OPCODE.continuation, new Uint8Array(0)),
    frame(FIN | OPCODE.continuation, new Uint8Array(65_536).fill(0x89)),
    frame(FIN | OPCODE.pong, new Uint8Array(0), 0xffffffff),
    frame(FIN | OPCODE.pong, new Uint8Array(125).fill(1)),
    frame(FIN | OPCODE.close, Uint8Array.of(0x03, 0xe8, 0x6f, 0x6b), 0x80000001),
  ]);
  const expected = [
    seen(OPCODE.text | RSV1, 126, true),
    seen(FIN | OPCODE.ping, 4, true, bytesOf('who?')),
    seen(OPCODE.continuation, 0, false),
    seen(FIN | OPCODE.continuation, 65_536, false),
    seen(FIN | OPCODE.pong, 0, true, new Uint8Array(0)),
    seen(FIN | OPCODE.pong, 125, false, new Uint8Array(125).fill(1)),
    seen(FIN | OPCODE.close, 4, true, Uint8Array.of(0x03, 0xe8, 0x6f, 0x6b)),
  ];

  it('finds every frame, in one chunk or cut into any two', () => {
    expect(scanned([wire])).toEqual(expected);
    // Payload is passed over alike wherever it is cut: its middle is left out.
    for (let cut = 0; cut <= wire.length; cut += cut === 300 ? 65_300 : 1) {
      expect(scanned([wire.subarray(0, cut), wire.subarray(cut)])).toEqual(expected);
    }
  });

  it('finds them byte by byte, and writes nothing', () => {
    const copy = Uint8Array.from(wire);
    expect(scanned(Array.from(copy, (_, at) => copy.subarray(at, at + 1)))).toEqual(expected);
    expect(Buffer.compare(copy, wire)).toBe(0);
  });

  it('tells of a data frame when its header is there, and of a control frame when all of it is', () => {
    const large = frame(FIN | OPCODE.binary, new Uint8Array(1000), 7);
    expect(scanned([large.subarray(0, 7)])).toEqual([]);
    expect(scanned([large.subarray(0, 8)])).toEqual([seen(FIN | OPCODE.binary, 1000, true)]);
    const ping = frame(FIN | OPCODE.ping, bytesOf('who?'), 7);
    expect(scanned([ping.subarray(0, ping.length - 1)])).toEqual([]);
  });

  it('looks at nothing behind a Close frame, or behind a length that has a shorter form', () => {
    const more = frame(FIN | OPCODE.text, bytesOf('more'));
    const close = frame(FIN | OPCODE.close, new Uint8Array(0));
    expect(scanned([Buffer.concat([close, more]), more])).toHaveLength(1);
    const tooLong = Uint8Array.of(0x81, 126, 0, 5);
    expect(scanned([Buffer.concat([more, tooLong, more]), more])).toHaveLength(1);
    expect(scanned([tooLong.subarray(0, 3), tooLong.subarray(3), more])).toEqual([]);
  });

  it('tells of a control frame that is too long as of any other', () => {
    const ping = frame(FIN | OPCODE.ping, new Uint8Array(126));
    expect(scanned([ping])).toEqual([seen(FIN | OPCODE.ping, 126, false)]);
  });
});

describe('onFrame', () => {
  const lines: string[] = [];
  const log =
    (who: string) =>
    ({ direction, opcode, isFinal, isMasked, reservedBits, payloadBytes }: WireFrame): void => {
      const flags = `${isFinal ? 'F' : '-'}${reservedBits}${isMasked ? 'M' : '-'}`;
      lines.push(`${who} ${direction} ${opcode} ${flags} ${payloadBytes}`);
    };

  it('hears of all frames of both roles, in their order', async () => {
    lines.length = 0;
    const compression = nodeCompression;
    const { client, server } = await openPair(
      { compression, onFrame: log('server') },
      { compression, onFrame: log('client') },
    );
    client.send('a');
    await client.sendStream('binary', [new Uint8Array(3), new Uint8Array(200)], {
      compress: false,
    });
    await take(server, 2);
    server.send(new Uint8Array(70_000), { compress: true });
    await take(client, 1);
    await client.ping(bytesOf('who?'));
    await client.close(1000, 'bye');
    const of = (who: string): string[] => lines.filter((line) => line.startsWith(who));
    const [, compressedBytes] = / received 2 F4- (\d+)/.exec(lines.join('\n')) ?? [];
    expect(Number(compressedBytes)).toBeLessThan(1000);
    expect(of('client sent')).toEqual([
      'client sent 1 F0M 1',
      'client sent 2 -0M 3',
      'client sent 0 -0M 200',
      'client sent 0 F0M 0',
      'client sent 9 F0M 4',
      'client sent 8 F0M 5',
    ]);
    expect(of('client received')).toEqual([
      `client received 2 F4- ${compressedBytes}`,
      'client received 10 F0- 4',
      'client received 8 F0- 5',
    ]);
    const mirrored = (line: string): string => line.replace('sent', 'received');
    expect(of('server received').map((line) => line.slice(7))).toEqual(
      of('client sent').map((line) => mirrored(line).slice(7)),
    );
    expect(of('server sent').map((line) => mirrored(line).slice(7))).toEqual(
      of('client received').map((line) => line.slice(7)),
    );
  });

  it('is told before the connection acts: a frame that fails it is heard of, and what follows is not', async () => {
    lines.length = 0;
    const all = served({ onFrame: log('server') });
    const client = await all.connect({ onFrame: log('client') });
    const server = await all.next();
    server.send('a');
    await take(client, 1);
    const near = all.transport();
    near.attach({ onData() {}, onEnd() {}, onDrain() {} });
    const key = 'dGhlIHNhbXBsZSBub25jZQ==';
    const head = `GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    near.write(bytesOf(head));
    const other = await all.next();
    near.write(frame(FIN | OPCODE.text, bytesOf('a')));
    near.write(frame(FIN | OPCODE.text, bytesOf('b'), 1));
    await turns(10);
    expect(other.failure?.code).toBe('WS_UNMASKED_FRAME');
    expect(lines).toEqual([
      'server sent 1 F0- 1',
      'client received 1 F0- 1',
      'server received 1 F0- 1',
      'server sent 8 F0- 2',
    ]);
    near.abort();
  });

  it('does not hear of connections that are not to be watched', async () => {
    lines.length = 0;
    const { client, server } = await openPair({
      onFrame: log('server'),
      decide: () => ({ watchesFrames: false }),
    });
    client.send('a');
    await take(server, 1);
    expect(lines).toEqual([]);
  });

  it('closes with 1011 when it throws, and may close itself', async () => {
    const faulty = await openPair({
      onFrame() {
        throw new Error('oops');
      },
    });
    faulty.client.send('a');
    expect((await faulty.client.closed).code).toBe(1011);
    // The message, and both Close frames.
    expect(faulty.served.faults).toHaveLength(3);
    const hasty = await openPair({
      onFrame(_frame, connection: WebSocketConnection) {
        connection.abort();
      },
    });
    hasty.client.send('a');
    expect((await hasty.client.closed).code).toBe(1006);
    expect((await hasty.server.closed).observation).toBe('aborted');
  });

  it('goes on with the drain of its server', async () => {
    const all = served({ onFrame: log('server') });
    const client = await all.connect();
    await all.next();
    void all.http.drain();
    expect((await client.closed).code).toBe(1001);
  });
});
