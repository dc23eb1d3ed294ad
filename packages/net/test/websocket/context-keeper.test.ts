// The memory of compression: a budget, and windows that nobody uses.
import { nodeCompression } from '@holdline/websocket/node';
import { describe, expect, it } from 'vitest';
import { FakeTime } from '../support/fake-time.ts';
import { served, take, turns } from './support/websocket-pair.ts';

const TEXT = JSON.stringify(Array.from({ length: 200 }, (_, index) => ({ index, name: 'same' })));
const OFFER = { compression: nodeCompression, websocket: { compressBytesMin: 0 } };

describe('windows of compression', () => {
  it('are given up when they are idle, and begin anew', async () => {
    const clock = new FakeTime();
    const all = served({ ...OFFER, contextIdleMs: 1_000 }, clock);
    const client = await all.connect(OFFER);
    const server = await all.next();
    server.send(TEXT);
    expect(await take(client, 1)).toEqual([TEXT]);
    const heldBytes = all.server.contextBytes;
    expect(heldBytes).toBeGreaterThan(0);
    clock.advance(1_000);
    server.send(TEXT);
    clock.advance(1_000);
    expect(await take(client, 1)).toEqual([TEXT]);
    expect(all.server.contextBytes).toBe(heldBytes);
    clock.advance(1_000);
    expect(all.server.contextBytes).toBe(0);
    server.send(TEXT);
    expect(await take(client, 1)).toEqual([TEXT]);
    expect(all.server.contextBytes).toBe(heldBytes);
  });

  it('have a budget, above which new connections do without', async () => {
    const all = served({ ...OFFER, contextBytesMax: 1 });
    const first = await all.connect(OFFER);
    expect(first.deflate).not.toBeNull();
    (await all.next()).send(TEXT);
    await take(first, 1);
    expect(all.server.contextBytes).toBeGreaterThan(0);
    const second = await all.connect(OFFER);
    expect(second.deflate).toBeNull();
    await first.close();
    await turns();
    expect(all.server.contextBytes).toBe(0);
    expect((await all.connect(OFFER)).deflate).not.toBeNull();
  });
});
