// The usual shapes of conversations with a client.
import type { TlsClientOptions } from '../../src/client.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { type Case, conversations } from './cases.ts';
import { RawServer } from './raw-server.ts';

/** A conversation with a client. */
export type ClientCase = Case<RawServer, Partial<TlsClientOptions>>;

/** Makes a test of each. */
export function clientConversations(cases: readonly ClientCase[]): void {
  conversations((options) => new RawServer(options), cases);
}

/** Plays behind the ServerHello. */
export function behindHello(
  name: string,
  alert: string | null,
  play: (peer: RawServer) => void,
): ClientCase {
  return {
    name,
    alert,
    play: (peer) => {
      peer.sendServerHello();
      play(peer);
    },
  };
}

/** Plays behind EncryptedExtensions. */
export function behindExtensions(
  name: string,
  alert: string | null,
  play: (peer: RawServer) => void,
): ClientCase {
  return behindHello(name, alert, (peer) => {
    peer.send(peer.encryptedExtensions());
    play(peer);
  });
}

/** Plays behind the handshake. */
export function after(
  name: string,
  alert: string | null,
  play: (peer: RawServer) => void,
): ClientCase {
  return behindExtensions(name, alert, (peer) => {
    peer.prove();
    peer.finish();
    play(peer);
  });
}

/** EncryptedExtensions with these in it, and the rest of the handshake where no alert comes. */
export function extended(
  name: string,
  alert: string | null,
  ...extensions: readonly Extension[]
): ClientCase {
  return behindHello(name, alert, (peer) => {
    peer.send(peer.encryptedExtensions(...extensions));
    if (alert !== null) return;
    peer.prove();
    peer.finish();
  });
}
