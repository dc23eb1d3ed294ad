// What leaves a connection, and the new keys that it has to leave under.
import type { Engine } from './engine.ts';
import type { Traffic } from './traffic.ts';

/** The next chunk to write, behind the key update that is owed or due; null when there is none. */
export function nextOutput(engine: Engine): Uint8Array | null {
  const { traffic, closure, channel } = engine;
  const hasData = channel.output.waitingBytes > 0;
  // Behind close_notify nothing is sent; in front of it there may be data.
  if (traffic !== null && (closure.transport === 'open' || hasData)) renewKeys(engine, traffic);
  channel.flush();
  return channel.output.next();
}

/** Sends a KeyUpdate by the caller's wish, behind one that the peer has asked for. */
export function updateKeys(engine: Engine, { keys }: Traffic, requestsPeer: boolean): void {
  const { channel, now } = engine;
  if (keys.isOwed && requestsPeer) engine.report(keys.send(channel, false, 'requested', now));
  if (keys.isPossible) engine.report(keys.send(channel, requestsPeer, 'asked', now));
}

/**
 * "Prior to sending its next Application Data record" what the peer has asked for, and "prior to
 * reaching these limits" what the key's wear asks for (RFC 9846 sections 4.7.3, 5.5).
 */
function renewKeys(engine: Engine, { keys }: Traffic): void {
  const { channel, now, settings } = engine;
  if (keys.isOwed) engine.report(keys.send(channel, false, 'requested', now));
  const { wear, sealer } = channel.output;
  if (wear === 'fresh' || sealer === null) return;
  if (keys.isPossible) {
    const byRecords = sealer.records >= settings.limits.keyRecordsMax;
    engine.report(keys.send(channel, false, byRecords ? 'records' : 'bytes', now));
  } else if (wear === 'spent') {
    engine.fail('TLS_KEY_SPENT', 'no key update is left', null);
  }
}
