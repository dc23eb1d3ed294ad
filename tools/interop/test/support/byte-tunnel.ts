// What is left of a connection after HTTP: bytes both ways, for whoever has asked for them.
import type { Connection, End, EventSink, PartyFactory } from '@holdline/net';

type TunnelEvent = { readonly type: 'data'; readonly data: Uint8Array } | { readonly type: 'end' };

const NEED_DATA = { type: 'need-data' } as const;

/** A machine without rules, and the sink of its own events. */
export class ByteTunnel implements EventSink<TunnelEvent> {
  /** All that has come, one character per byte. */
  text = '';
  isReleased = false;
  readonly #output: Uint8Array[] = [];
  readonly #input: TunnelEvent[] = [];
  #isEnding = false;
  #wake: () => void = () => {};
  #notify: () => void = () => {};

  /** For `switchTo`. */
  readonly factory: PartyFactory<TunnelEvent> = (driver) => {
    this.#wake = () => driver.wake();
    return { connection: this.#machine(), sink: this };
  };

  send(text: string): void {
    this.#output.push(Buffer.from(text, 'latin1'));
    this.#wake();
  }

  /** Ends both directions. */
  end(): void {
    this.#isEnding = true;
    this.#wake();
  }

  /** Waits for something that has come, or an end. */
  async until(condition: (tunnel: this) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }

  onEvent(event: TunnelEvent): void {
    if (event.type === 'data') this.text += Buffer.from(event.data).toString('latin1');
    else this.#isEnding = true;
    this.#notify();
  }

  onWritable(): void {}

  onReleased(): void {
    this.isReleased = true;
    this.#notify();
  }

  onFault(error: unknown): void {
    throw error;
  }

  #machine(): Connection<TunnelEvent> {
    const tunnel = this;
    let handedOutBytes = 0;
    return {
      wantsData: true,
      receive: (data) => void tunnel.#input.push({ type: 'data', data }),
      receiveEnd: (_now, _end: End) => void tunnel.#input.push({ type: 'end' }),
      nextEvent: () => tunnel.#input.shift() ?? NEED_DATA,
      nextOutput: () => {
        const chunk = tunnel.#output.shift() ?? null;
        handedOutBytes += chunk?.length ?? 0;
        return chunk;
      },
      get outputBytes() {
        return tunnel.#output.reduce((sum, { length }) => sum + length, handedOutBytes);
      },
      outputAccepted: (byteCount) => {
        handedOutBytes -= byteCount;
      },
      get transport() {
        return tunnel.#isEnding ? 'close' : 'open';
      },
      deadline: () => Number.POSITIVE_INFINITY,
      onDeadline: () => {},
      takeTrailingData: () => ({ data: new Uint8Array(0), end: null }),
    };
  }
}
