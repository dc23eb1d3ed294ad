// How old each connection is.
import type { ConnectionInfo } from '@holdline/net';

/** Remembers when connections were accepted, for as long as these exist. */
export class ConnectionAges {
  readonly #openedAt: WeakMap<ConnectionInfo, number> = new WeakMap();

  /** A connection has been accepted. */
  opened(connection: ConnectionInfo): void {
    this.#openedAt.set(connection, performance.now());
  }

  /** Milliseconds since then; 0 for a connection never heard of. */
  ageMs(connection: ConnectionInfo): number {
    const openedAt = this.#openedAt.get(connection);
    return openedAt === undefined ? 0 : performance.now() - openedAt;
  }
}
