// The rest of a response that nobody wants. It is read all the same, for the sake of its connection,
// as long as that is less trouble than a new connection: a little, and soon.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from '../bytes/connection.ts';
import type { ClientSettings } from './client-options.ts';

/** Whose content is discarded. */
interface Discarded {
  /** It was too much, or too late. */
  giveUpContent(): void;
}

/** Runs from the discard to the end of the response; it is its own timer. */
export class ContentDiscard extends Timer {
  readonly #settings: ClientSettings;
  readonly #exchange: Discarded;
  /** Bytes that may still come. */
  #roomBytes: number;

  constructor(settings: ClientSettings, exchange: Discarded) {
    super();
    this.#settings = settings;
    this.#exchange = exchange;
    this.#roomBytes = settings.discardBytesMax;
    settings.clock.touch(this, settings.clock.now() + settings.discardMs);
  }

  /** Whether so much can be read, as far as it is known: -1 or less when it is not. */
  allows(contentBytes: number): boolean {
    return contentBytes <= this.#roomBytes;
  }

  /** A piece has come. */
  receive(byteCount: number): void {
    this.#roomBytes -= byteCount;
    if (this.#roomBytes < 0) this.#exchange.giveUpContent();
  }

  /** The response is over. */
  stop(): void {
    this.#settings.clock.cancel(this);
  }

  /** The time is over. */
  onExpiry(_now: Instant): void {
    this.#exchange.giveUpContent();
  }
}
