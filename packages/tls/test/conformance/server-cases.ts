// The usual shapes of conversations with a server.
import type { TlsServerOptions } from '../../src/server.ts';
import type { RawClientHello } from '../support/raw-client-hello.ts';
import { type Case, conversations } from './cases.ts';
import { RawClient } from './raw-client.ts';

/** A conversation with a server. */
export type ServerCase = Case<RawClient, Partial<TlsServerOptions>>;

/** Makes a test of each. */
export function serverConversations(cases: readonly ServerCase[]): void {
  conversations((options) => new RawClient(options), cases);
}

/** A hello that leads to an alert. */
export function refused(name: string, alert: string, hello: RawClientHello): ServerCase {
  return { name, alert, play: (peer) => peer.sendHello(hello) };
}

/** A hello after which the handshake completes. */
export function taken(name: string, hello: RawClientHello): ServerCase {
  return { name, alert: null, play: (peer) => peer.handshake(hello) };
}

/** Plays after the server's flight, in front of Finished. */
export function before(
  name: string,
  alert: string | null,
  play: (peer: RawClient) => void,
): ServerCase {
  return {
    name,
    alert,
    play: (peer) => {
      peer.sendHello();
      play(peer);
    },
  };
}

/** Plays after the handshake. */
export function after(
  name: string,
  alert: string | null,
  play: (peer: RawClient) => void,
): ServerCase {
  return {
    name,
    alert,
    play: (peer) => {
      peer.handshake();
      play(peer);
    },
  };
}
