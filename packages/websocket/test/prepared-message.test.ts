import { describe, expect, test } from 'vitest';
import { prepareMessage } from '../src/prepared-message.ts';
import { serverSettings } from '../src/settings.ts';
import { ServerWebSocket } from '../src/websocket-server.ts';
import { pureDeflate } from './support/compression.ts';
import { framesOf } from './support/frames.ts';
import { Bench, client, DEFLATE, START } from './support/machines.ts';

const settings = serverSettings({ compression: pureDeflate, compressBytesMin: 10 });
const deflates = [null, DEFLATE, { ...DEFLATE, serverMaxWindowBits: 8 }];
const long = 'to everybody, to everybody, to everybody';

describe('a message that is prepared once', () => {
  test('reaches every connection, between messages of its own', () => {
    const message = prepareMessage(settings, 'text', long);
    expect(message.isCompressible).toBe(true);
    for (const deflate of deflates) {
      const sender = new Bench('server', new ServerWebSocket(settings, START, deflate));
      for (const own of [long, 'short', long]) {
        sender.machine.sendText(own, START, { compress: true });
        sender.machine.sendPrepared(message, START);
      }
      sender.drains();
      const receiver = client({ compression: pureDeflate, deflate });
      const heard = receiver.arrives(sender.watch.output);
      expect(heard.map((event) => event.type === 'text' && event.text)).toEqual([
        long,
        long,
        'short',
        long,
        long,
        long,
      ]);
      const rsv = framesOf(sender.watch.output).map((frame) => frame.rsv);
      expect(rsv.every((bit) => bit === (deflate === null ? 0 : 0x40))).toBe(true);
    }
  });

  test('is compressed by the rules of messages', () => {
    expect(prepareMessage(settings, 'text', 'short').isCompressible).toBe(false);
    expect(prepareMessage(settings, 'text', 'short', { compress: true }).isCompressible).toBe(true);
    expect(prepareMessage(settings, 'binary', new Uint8Array(50)).isCompressible).toBe(true);
    expect(prepareMessage(serverSettings(), 'text', long).isCompressible).toBe(false);
    const plain = prepareMessage(settings, 'binary', Uint8Array.of(1));
    expect(plain.compressedFrame(15)).toBe(plain.frame());
  });

  test('is a message: not within another, not after the end, not above the limit', () => {
    const message = prepareMessage(settings, 'binary', new Uint8Array(5000));
    const open = new ServerWebSocket(settings, START);
    open.beginMessage('text', START);
    expect(() => open.sendPrepared(message, START)).toThrow('WS_MESSAGE_STARTED');
    open.close(START);
    expect(() => open.sendPrepared(message, START)).toThrow('WS_NOT_OPEN');
    const full = new ServerWebSocket(serverSettings({ limits: { outputBytesMax: 100 } }), START);
    full.sendPrepared(message, START);
    full.sendPrepared(message, START);
    expect(full.nextEvent(START)).toMatchObject({ code: 'WS_BACKLOG_TOO_LARGE' });
  });

  test('must be UTF-8 when it is text', () => {
    expect(() => prepareMessage(settings, 'text', Uint8Array.of(0xff))).toThrow('WS_TEXT_NOT_UTF8');
    expect(prepareMessage(settings, 'text', Uint8Array.of(0x61)).payload).toHaveLength(1);
  });
});
