// A conversation is a name, what the raw peer sends, and the alert that answers it.
import { expect, test } from 'vitest';
import type { TlsClient, TlsServer } from '../../src/index.ts';
import type { RawPeer } from './raw-peer.ts';

/** One conversation. */
export interface Case<Peer, Options> {
  readonly name: string;
  readonly options?: Options;
  readonly play: (peer: Peer) => void;
  /** The alert that comes, or null for a connection that goes on and over which data flows both ways. */
  readonly alert: string | null;
}

/** Makes a test of each. */
export function conversations<Peer extends RawPeer<TlsClient | TlsServer>, Options>(
  newPeer: (options: Options | undefined) => Peer,
  cases: readonly Case<Peer, Options>[],
): void {
  for (const { name, options, play, alert } of cases) {
    test(name, () => {
      const peer = newPeer(options);
      play(peer);
      if (alert === null) {
        expect(peer.alerts).toEqual([]);
        expect(peer.talks()).toBe(true);
        return;
      }
      expect(peer.alerts).toEqual([alert]);
      const failed = peer.events.filter((event) => event.type === 'failed');
      expect(failed).toMatchObject([{ alert }]);
      expect(peer.machine.transport).toBe('half-close');
      // Whatever comes behind is not heard.
      const before = peer.records.length;
      peer.sendText('too late');
      expect(peer.records.length).toBe(before);
      expect(peer.machineText).toBe('');
    });
  }
}
