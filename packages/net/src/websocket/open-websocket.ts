// One open WebSocket: between its machine, its driver and the program. While it is idle it is this
// object and the machine's, and nothing else; whatever is needed beside is made when it is asked for.
import type { ClosedEvent, WebSocketEvent, WebSocketFaultCode } from '@holdline/websocket';
import type { Instant } from '../bytes/connection.ts';
import type { EventSink } from '../event-sink.ts';
import type { SwitchedParty } from '../http-exchange.ts';
import type { IncomingMessage } from './incoming-message.ts';
import { type IntakeOwner, MessageIntake } from './message-intake.ts';
import { SendingWebSocket } from './sending-websocket.ts';
import type { WebSocketConnection, WebSocketMessage } from './websocket-connection.ts';

type Event = WebSocketEvent<WebSocketFaultCode>;

const GOING_AWAY = 1001;
const INTERNAL_ERROR = 1011;

/** The only implementation of {@link WebSocketConnection}. */
export class OpenWebSocket
  extends SendingWebSocket
  implements WebSocketConnection, EventSink<Event>, SwitchedParty<Event>, IntakeOwner
{
  /** Null while messages are handed to `onMessage`, and none is waiting for anything. */
  private intake: MessageIntake | null = null;
  /** Promises of `onMessage` and `onStream` that have not settled. */
  private worksCount = 0;

  /** {@link SwitchedParty} */
  get sink(): this {
    return this;
  }

  /** {@link WebSocketConnection} */
  close(code?: number, reason?: string): Promise<ClosedEvent> {
    if (this.closedEvent === null) this.beginClose(code, reason);
    return this.closed;
  }

  /** {@link SendingWebSocket} */
  protected closeNow(code?: number, reason?: string): void {
    this.connection.close(this.now(), code, reason);
    this.intake?.spill();
    this.driver.wake();
  }

  /** {@link WebSocketConnection} */
  abort(): void {
    if (this.closedEvent !== null) return;
    this.connection.abort(this.now());
    this.intake?.spill();
    this.driver.wake();
  }

  /** {@link WebSocketConnection} */
  hold(): void {
    this.intakeMade.holdByCaller();
  }

  /** {@link WebSocketConnection} */
  resume(): void {
    this.intake?.resumeByCaller();
  }

  /** {@link WebSocketConnection} */
  [Symbol.asyncIterator](): AsyncIterator<WebSocketMessage, undefined> {
    const { handlers, inPieces } = this.host;
    if (inPieces) throw new TypeError('messages come in pieces: use streams()');
    if (handlers.onMessage !== undefined) throw new TypeError('messages go to onMessage');
    return this.intakeMade.messages;
  }

  /** {@link WebSocketConnection} */
  streams(): AsyncIterable<IncomingMessage> {
    const { handlers, inPieces } = this.host;
    if (!inPieces) throw new TypeError("messages come whole, unless delivery is 'pieces'");
    if (handlers.onStream !== undefined) throw new TypeError('messages go to onStream');
    return this.intakeMade.streams;
  }

  /** {@link SwitchedParty} */
  onDrain(): void {
    if (this.closedEvent === null) this.beginClose(GOING_AWAY);
  }

  /** Runs the program's code; what it throws closes the connection. */
  run(call: () => unknown): void {
    try {
      const result = call();
      if (result instanceof Promise) this.follow(result);
    } catch (error) {
      this.blame(error);
    }
  }

  /** {@link EventSink} */
  onEvent(event: Event, now: Instant): void {
    switch (event.type) {
      case 'text':
        this.deliver(event.text, now);
        break;
      case 'binary':
        this.deliver(event.data, now);
        break;
      case 'message':
      case 'data':
      case 'end':
        this.intakeMade.receive(event);
        break;
      case 'failed':
        this.failure = event;
        break;
      case 'closed':
        this.finish(event);
        break;
      default:
        this.control(event);
    }
  }

  /** {@link EventSink} */
  onWritable(): void {
    this.promises?.resolveDrained();
    const { onDrained } = this.host.handlers;
    if (onDrained !== undefined) this.run(() => onDrained(this));
  }

  /** {@link EventSink} */
  onReleased(): void {
    if (this.closedEvent === null) this.endMachine();
    this.host.ended(this);
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    this.host.fault(error, this);
  }

  /** {@link IntakeOwner} */
  deliverStream(message: IncomingMessage): boolean {
    const { handlers } = this.host;
    if (handlers.onStream === undefined) return false;
    try {
      const result = handlers.onStream(message, this);
      if (result instanceof Promise) this.followWork(result);
    } catch (error) {
      this.blame(error);
    }
    return true;
  }

  /** «An endpoint MAY delay sending a Close frame until its current message is sent», RFC 6455 section 5.5.1. */
  workDone(): void {
    if (!this.connection.awaitsAnswer) return;
    const isBusy = this.worksCount > 0 || this.outbox !== null || this.intake?.isBusy === true;
    if (isBusy) return;
    this.connection.answerClose(this.now());
    this.driver.wake();
  }

  private get intakeMade(): MessageIntake {
    this.intake ??= new MessageIntake(this.driver, this.host.batch, this);
    return this.intake;
  }

  private deliver(message: WebSocketMessage, now: Instant): void {
    const { handlers, contexts, batch } = this.host;
    if (contexts !== null && this.connection.inflater !== null) contexts.received(this);
    if (handlers.onMessage === undefined) {
      this.intakeMade.push(message);
      return;
    }
    batch.delivering = this.driver;
    batch.present = now;
    try {
      const result = handlers.onMessage(message, this);
      if (result instanceof Promise) this.followWork(result);
    } catch (error) {
      this.blame(error);
    }
    batch.delivering = null;
    if (this.connection.outputBytes > 0) this.driver.wake();
  }

  private control(event: Event): void {
    const { handlers } = this.host;
    if (event.type === 'ping' && handlers.onPing !== undefined) {
      this.run(() => handlers.onPing?.(event.data, this));
    } else if (event.type === 'pong') {
      this.promises?.receivePong(event.data, event.roundTripMs);
      this.run(() => handlers.onPong?.(event.data, event.roundTripMs, this));
    } else if (event.type === 'close') {
      this.intake?.endContent(this.endedError());
      this.workDone();
    }
  }

  private follow(result: Promise<unknown>): void {
    result.then(undefined, (error: unknown) => this.blame(error));
  }

  /** Of whoever may still answer a message. */
  private followWork(result: Promise<unknown>): void {
    const done = (): void => {
      this.worksCount -= 1;
      this.workDone();
      this.intake?.asked();
    };
    this.worksCount += 1;
    result.then(done, (error: unknown) => {
      this.blame(error);
      done();
    });
  }

  /** The program's code has failed, and nobody knows what it would have said. */
  private blame(error: unknown): void {
    this.host.fault(error, this);
    if (this.isOpen) this.closeNow(INTERNAL_ERROR);
  }

  /** Whoever cut the transport has not asked the machine, which knows what was under way. */
  private endMachine(): void {
    const now = this.now();
    this.connection.abort(now);
    let event = this.connection.nextEvent(now);
    while (event.type !== 'need-data') {
      this.onEvent(event, now);
      event = this.connection.nextEvent(now);
    }
  }

  private finish(event: ClosedEvent): void {
    const { handlers, contexts } = this.host;
    this.closedEvent = event;
    const error = this.endedError();
    this.intake?.end(error);
    this.outbox?.end(error);
    this.promises?.end(event, error);
    contexts?.ended(this);
    this.run(() => handlers.onClosed?.(event, this));
  }
}
