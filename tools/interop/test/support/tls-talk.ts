// Our ends of TLS connections: what they hear, what they report, and how they end.
import type { Transport, TransportSink } from '@holdline/net';
import {
  type AnyTlsEvent,
  connectTls,
  serveTls,
  type TlsConnection,
  type TlsConnectOptions,
  type TlsError,
  type TlsListener,
  type TlsServeOptions,
  type TlsTarget,
} from '@holdline/net/tls';

type End = Parameters<TransportSink['onEnd']>[0];

/** One end of a secured connection. It ends its direction when the peer does, unless told otherwise. */
export class Talk implements TransportSink {
  readonly connection: TlsConnection;
  /** What was heard, a character for each byte. */
  text = '';
  /** How the peer's direction has ended; null before. */
  end: End | null = null;
  /** What is done with what was heard. */
  answer: (data: Uint8Array) => void = () => {};
  /** The peer's end is answered by ours. */
  answersEnd = true;
  readonly #events: AnyTlsEvent[];
  readonly #changes: Changes;

  constructor(connection: TlsConnection, events: AnyTlsEvent[], changes: Changes) {
    this.connection = connection;
    this.#events = events;
    this.#changes = changes;
    connection.transport.attach(this);
  }

  get transport(): Transport {
    return this.connection.transport;
  }

  say(text: string): void {
    this.transport.write(Buffer.from(text, 'latin1'));
  }

  /** What the engine has reported of a type. */
  events<Type extends AnyTlsEvent['type']>(type: Type): Extract<AnyTlsEvent, { type: Type }>[] {
    return this.#events.filter(
      (event): event is Extract<AnyTlsEvent, { type: Type }> => event.type === type,
    );
  }

  /** Waits until something is so, which is looked at whenever something happens here. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#changes.next();
  }

  /** Waits for the end of the connection; gives how it ended. */
  async closed(): Promise<TlsConnection['closed']> {
    await this.until(() => this.connection.closed !== null);
    return this.connection.closed;
  }

  onData(data: Uint8Array): void {
    this.text += Buffer.from(data).toString('latin1');
    this.answer(data);
    this.#changes.notify();
  }

  onEnd(end: End): void {
    this.end = end;
    if (this.answersEnd) this.transport.end();
    this.#changes.notify();
  }

  onDrain(): void {}
}

/** Tells whoever waits that something has happened. */
class Changes {
  #waiting: (() => void)[] = [];

  notify(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** An echo by `serveTls`. */
export class EchoServer {
  readonly talks: Talk[] = [];
  readonly failures: TlsError[] = [];
  readonly faults: unknown[] = [];
  readonly listener: TlsListener;
  port = 0;
  readonly #changes = new Changes();

  constructor(options: TlsServeOptions, onSecured: (talk: Talk) => void = () => {}) {
    const events = new WeakMap<TlsConnection, AnyTlsEvent[]>();
    this.listener = serveTls(
      (connection) => {
        const talk = new Talk(connection, events.get(connection) ?? [], this.#changes);
        talk.answer = (data) => talk.transport.write(data);
        this.talks.push(talk);
        onSecured(talk);
        this.#changes.notify();
      },
      {
        ...options,
        onEvent: (event, connection) => {
          const known = events.get(connection) ?? [];
          events.set(connection, known);
          known.push(event);
          options.onEvent?.(event, connection);
          this.#changes.notify();
        },
        onHandshakeFailure: (error) => {
          this.failures.push(error);
          this.#changes.notify();
        },
        onConnectionEnd: () => this.#changes.notify(),
        onFault: (error) => this.faults.push(error),
      },
    );
  }

  /** Listens at a free port. */
  async listen(): Promise<this> {
    this.port = (await this.listener.listen({ host: '127.0.0.1' })).port;
    return this;
  }

  /** Waits until something is so. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#changes.next();
  }

  /** The first connection whose handshake is complete. */
  async secured(): Promise<Talk> {
    await this.until(() => this.talks.length > 0);
    return this.talks[0] as Talk;
  }

  /** The first handshake that failed. */
  async failed(): Promise<TlsError> {
    await this.until(() => this.failures.length > 0);
    return this.failures[0] as TlsError;
  }
}

/** Connects by `connectTls`. */
export async function talkTo(
  target: TlsTarget | number,
  options: TlsConnectOptions,
): Promise<Talk> {
  const events: AnyTlsEvent[] = [];
  const changes = new Changes();
  const connection = await connectTls(
    typeof target === 'number' ? { host: '127.0.0.1', port: target } : target,
    {
      serverName: 'localhost',
      ...options,
      onEvent: (event) => {
        events.push(event);
        changes.notify();
      },
    },
  );
  return new Talk(connection, events, changes);
}
