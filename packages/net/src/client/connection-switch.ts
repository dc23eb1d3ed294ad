// A connection that has left HTTP: whose it is, and what speaks on it.
import type { Instant } from '../bytes/connection.ts';
import type { Driver } from '../driver.ts';
import type { PartyFactory, SwitchedParty } from '../http-exchange.ts';
import { type SwitchedOwner, SwitchedSink } from '../switched-sink.ts';
import { HttpClientError } from './client-errors.ts';
import type { RequestExchange } from './request-exchange.ts';

type AnyParty = SwitchedParty<{ readonly type: string }>;

/** Made when the machine reports the switch. */
export class ConnectionSwitch {
  readonly #exchange: RequestExchange;
  readonly #driver: Driver;
  readonly #owner: SwitchedOwner;
  #party: AnyParty | null = null;

  constructor(exchange: RequestExchange, driver: Driver, owner: SwitchedOwner) {
    this.#exchange = exchange;
    this.#driver = driver;
    this.#owner = owner;
  }

  /** Another machine takes over; throws TypeError unless it is the exchange's to give, once. */
  takeOver(exchange: RequestExchange, factory: PartyFactory<never>, now: Instant): void {
    if (this.#exchange !== exchange || this.#party !== null) {
      throw new TypeError('the switched connection has been taken over already');
    }
    const driver = this.#driver;
    if (driver.released) {
      throw new HttpClientError('HTTP_CLIENT_CONNECTION_ENDED', 'the connection has ended');
    }
    const party = factory(driver, now) as unknown as AnyParty;
    this.#party = party;
    const sink = new SwitchedSink(this.#owner, party.sink);
    driver.switchTo({ connection: party.connection, sink });
  }

  /** The client closes: say goodbye. What nobody has taken over is cut. */
  drain(now: Instant): void {
    if (this.#party === null) this.#driver.abort();
    else this.#party.onDrain?.(now);
  }
}
