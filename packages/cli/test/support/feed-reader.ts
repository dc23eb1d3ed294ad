// Reads the feed of a live page, as it comes, over a connection of its own.
import {
  type ClosedEvent,
  connectWebSocket,
  type WebSocketConnection,
} from '@holdline/net/websocket';
import type { ChangeEvent, ConnectionsEvent } from '../../src/live/page/live-events.ts';

/** One event; what only one of the kinds has may be absent. */
export type ReadEvent = (ConnectionsEvent | ChangeEvent) &
  Partial<Omit<ConnectionsEvent, 'type'> & Omit<ChangeEvent, 'type'>>;

export class FeedReader {
  readonly #connection: WebSocketConnection;
  readonly #messages: AsyncIterator<string | Uint8Array, undefined>;

  private constructor(connection: WebSocketConnection) {
    this.#connection = connection;
    this.#messages = connection[Symbol.asyncIterator]();
  }

  static async open(port: number, fields: Record<string, string> = {}): Promise<FeedReader> {
    const lines = Object.entries(fields).map(([name, value]) => ({ name, value }));
    const connection = await connectWebSocket(`ws://localhost:${port}/live`, { fields: lines });
    return new FeedReader(connection);
  }

  /** How the feed ends, behind all events that nobody has read: who reads none does not see its end. */
  async closed(): Promise<ClosedEvent> {
    while ((await this.next()) !== null);
    return this.#connection.closed;
  }

  /** The next event; null at the end of the feed. */
  async next(): Promise<ReadEvent | null> {
    const { done, value } = await this.#messages.next();
    return done === true ? null : (JSON.parse(value as string) as ReadEvent);
  }

  /** Events up to the first that is as wanted, which is returned. */
  async until(isWanted: (event: ReadEvent) => boolean): Promise<ReadEvent> {
    for (;;) {
      const event = await this.next();
      if (event === null) throw new Error('the feed has ended');
      if (isWanted(event)) return event;
    }
  }

  close(): void {
    this.#connection.abort();
  }
}
