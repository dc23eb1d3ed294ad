// Whether a connection keeps the process alive: while a request is on it, and not while it is idle.
import type { ConnectedSocket } from './connector.ts';

/** Holds on to a socket that is held when it comes, as those of Node are. */
export class SocketReference {
  readonly socket: ConnectedSocket | undefined;
  #isHeld = true;

  constructor(socket: ConnectedSocket | undefined) {
    this.socket = socket;
  }

  /** A request is under way. */
  hold(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.socket?.ref?.();
  }

  /** Nothing is under way. */
  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.socket?.unref?.();
  }
}
