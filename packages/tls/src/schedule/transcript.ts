// The transcript hash (RFC 9846 section 4.1).
import { assert } from '../bytes/assert.ts';
import type { HashName, RunningHash } from '../provider.ts';
import { HASH_BYTES, type HashProvider } from './hkdf-label.ts';

/** HandshakeType of the message that stands for ClientHello1. */
const MESSAGE_HASH = 254;

/**
 * A hash over all messages of the handshake, each with its header. A client adds its ClientHello before it
 * knows the hash, which the server's hello chooses; a server chooses first and adds then.
 *
 * A binder covers a part of a ClientHello: once a hash is chosen, add that part, take the `hash()` and add
 * the rest. A first ClientHello's binders are hashed alone, each by the hash of its own key: `hashOf`.
 */
export class Transcript {
  private readonly crypto: HashProvider;
  private name: HashName | null = null;
  private running: RunningHash | null = null;
  private waiting: Uint8Array[] = [];
  /** The hash so far, for those who ask again before anything was added. */
  private known: Uint8Array | null = null;

  constructor(crypto: HashProvider) {
    this.crypto = crypto;
  }

  /** The hash that was chosen, or null. */
  get hashName(): HashName | null {
    return this.name;
  }

  /** Adds a whole message or a part of one, of which no view is kept. */
  add(message: Uint8Array): void {
    this.known = null;
    if (this.running === null) this.waiting.push(new Uint8Array(message));
    else this.running.update(message);
  }

  /** The cipher suite is known; to choose the same hash again changes nothing. */
  choose(name: HashName): void {
    assert(this.name === null || this.name === name, 'a transcript has one hash');
    if (this.name !== null) return;
    this.name = name;
    this.running = this.crypto.startHash(name);
    for (const message of this.waiting) this.running.update(message);
    this.waiting = [];
  }

  /** The Transcript-Hash so far, the caller's own. Only after a choice. */
  hash(): Uint8Array {
    assert(this.running !== null, 'a transcript needs a hash');
    this.known ??= this.running.digest();
    return new Uint8Array(this.known);
  }

  /**
   * "When the server responds to a ClientHello with a HelloRetryRequest, the value of ClientHello1 is
   * replaced with a special synthetic handshake message." Only after a choice, before the
   * HelloRetryRequest is added.
   */
  replaceFirstHello(): void {
    assert(this.name !== null, 'a transcript needs a hash');
    const helloHash = this.hash();
    this.known = null;
    this.running = this.crypto.startHash(this.name);
    this.running.update(Uint8Array.of(MESSAGE_HASH, 0, 0, HASH_BYTES[this.name]));
    this.running.update(helloHash);
  }

  /**
   * One that goes on by itself: "subsequent post-handshake authentications do not include each other, just
   * the messages through the end of the main handshake". Only after a choice.
   */
  copy(): Transcript {
    assert(this.running !== null, 'a transcript needs a hash');
    const copy = new Transcript(this.crypto);
    copy.name = this.name;
    copy.running = this.running.copy();
    return copy;
  }
}
