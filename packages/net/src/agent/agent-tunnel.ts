// What is left of a request whose protocol was switched: bytes both ways between node's socket and
// the server.
import type { Instant } from '../bytes/connection.ts';
import type { ClientExchange } from '../client/response-sink.ts';
import type { Driver } from '../driver.ts';
import { OUTPUT_BYTES_LOW } from '../driver-limits.ts';
import type { EventSink } from '../event-sink.ts';
import type { SwitchedParty } from '../http-exchange.ts';
import type { AgentOutlet } from './agent-connection.ts';
import { ByteStream, type ByteStreamEvent } from './byte-stream.ts';

/** The server's side of the tunnel. */
export class AgentTunnel implements EventSink<ByteStreamEvent> {
  readonly #outlet: AgentOutlet;
  readonly #machine: ByteStream = new ByteStream();
  #driver: Driver | null = null;

  /** Takes the connection of `exchange` over. */
  constructor(outlet: AgentOutlet, exchange: ClientExchange) {
    this.#outlet = outlet;
    exchange.switchTo((driver): SwitchedParty<ByteStreamEvent> => {
      this.#driver = driver;
      return { connection: this.#machine, sink: this };
    });
  }

  /** Whether more may be sent at once. */
  get wantsMore(): boolean {
    return this.#machine.outputBytes < OUTPUT_BYTES_LOW;
  }

  /** Sends bytes on; they must stay as they are. */
  send(data: Uint8Array): void {
    this.#machine.send(data);
    this.#driver?.wake();
    if (!this.wantsMore) this.#driver?.wantWritable();
  }

  /** Node's side has ended. */
  end(): void {
    this.#machine.end();
    this.#driver?.wake();
  }

  /** Node's side takes more. */
  resume(): void {
    if (this.#machine.wantsData) return;
    this.#machine.wantsData = true;
    this.#driver?.wake();
  }

  /** Node's side was destroyed. */
  abort(): void {
    this.#machine.abort();
    this.#driver?.wake();
  }

  /** {@link EventSink} */
  onEvent(event: ByteStreamEvent, _now: Instant): void {
    if (event.type === 'data') this.#machine.wantsData = this.#outlet.deliver(event.data);
    else if (event.end === 'finished') this.#outlet.finish();
    else this.#outlet.fail(new Error(`the connection has ended: ${event.end}`));
  }

  /** {@link EventSink} */
  onWritable(): void {
    this.#outlet.release();
  }

  /** {@link EventSink} */
  onReleased(): void {
    this.#outlet.finish();
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    this.#outlet.fail(error instanceof Error ? error : new Error(String(error)));
  }
}
