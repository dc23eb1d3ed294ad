// Frames that are made once for many connections.
import { describe, expect, test } from 'vitest';
import { pureCompression } from '../src/deflate/index.ts';
import { prepareMessage } from '../src/prepared-message.ts';
import { serverSettings } from '../src/settings.ts';
import { type Event, webSocketPair } from './support/pair.ts';

const DEFLATE = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: true,
  serverMaxWindowBits: 10,
  clientMaxWindowBits: 15,
};
const SETTINGS = { compression: pureCompression, compressBytesMin: 100 };

function texts(events: readonly Event[]): string[] {
  return events.map((event) => (event.type === 'text' ? event.text : event.type));
}

describe('a prepared message', () => {
  test('is the same bytes for every connection', () => {
    const message = prepareMessage(serverSettings(), 'text', 'grün');
    expect(message.frame()).toEqual(Uint8Array.of(0x81, 5, ...new TextEncoder().encode('grün')));
    expect(message.frame()).toBe(message.frame());
    expect(message.compressedFrame(15)).toBe(message.frame());
    expect(message.isCompressible).toBe(false);
    const long = prepareMessage(serverSettings(), 'binary', new Uint8Array(65_536));
    expect(Array.from(long.frame().subarray(0, 10))).toEqual([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
  });

  test('is compressed once for each window, from a size on or when asked', () => {
    const settings = serverSettings(SETTINGS);
    const message = prepareMessage(settings, 'text', 'same '.repeat(100));
    expect(message.compressedFrame(9)).toBe(message.compressedFrame(9));
    expect(message.compressedFrame(9)[0]).toBe(0xc1);
    expect(prepareMessage(settings, 'text', 'short').isCompressible).toBe(false);
    expect(prepareMessage(settings, 'text', 'short', { compress: true }).isCompressible).toBe(true);
    const plain = prepareMessage(settings, 'text', 'same '.repeat(100), { compress: false });
    expect(plain.isCompressible).toBe(false);
  });

  test('goes between messages of a connection that keeps its window', () => {
    const { server, pair, now } = webSocketPair({
      deflate: DEFLATE,
      server: SETTINGS,
      client: SETTINGS,
    });
    const own = 'own words '.repeat(50);
    const shared = 'shared words '.repeat(50);
    const message = prepareMessage(server.settings as never, 'text', shared);
    for (let count = 0; count < 3; count++) {
      server.sendText(own, now);
      server.sendPrepared(message, now);
    }
    server.sendText(own, now);
    server.close(now);
    pair.driveBounded(1000);
    const sent = [own, shared, own, shared, own, shared, own];
    expect(texts(pair.left.events)).toEqual([...sent, 'close', 'closed']);
  });

  test('does not go within another, nor behind a Close frame, nor as a text that is none', () => {
    const { server, now } = webSocketPair();
    const message = prepareMessage(serverSettings(), 'text', 'x');
    server.beginMessage('text', now);
    expect(() => server.sendPrepared(message, now)).toThrow('WS_MESSAGE_STARTED');
    server.sendPiece('y', true, now);
    server.sendPrepared(message, now);
    server.close(now);
    expect(() => server.sendPrepared(message, now)).toThrow('WS_NOT_OPEN');
    const bytes = Uint8Array.of(0xc3);
    expect(() => prepareMessage(serverSettings(), 'text', bytes)).toThrow('WS_TEXT_NOT_UTF8');
    expect(prepareMessage(serverSettings(), 'binary', bytes).payload).toBe(bytes);
  });
});
