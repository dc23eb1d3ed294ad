// How the messages of one connection reach the program, unless `onMessage` takes them as they come:
// what waits for it, and who keeps the driver from pulling more.
import type { DataEvent, EndEvent, MessageEvent } from '@holdline/websocket';
import type { Driver } from '../driver.ts';
import { type IncomingMessage, MessageContent, type MessageSource } from './incoming-message.ts';
import { type InboxOwner, MessageInbox, STREAM_BYTES } from './message-inbox.ts';
import type { SendBatch } from './send-batch.ts';
import type { WebSocketMessage } from './websocket-connection.ts';
import type { WebSocketMessageError } from './websocket-errors.ts';

/** What an intake needs of its connection. */
export interface IntakeOwner {
  /** A message begins; false when nobody is told of it, and it waits to be read. */
  deliverStream(message: IncomingMessage): boolean;
  /** Whoever reads has dealt with all that there was, or reads no more. */
  workDone(): void;
}

/** Who wants no messages now. */
const HELD_BY_CALLER = 1;
const HELD_BY_INBOX = 2;
const HELD_BY_CONTENT = 4;
const HELD_FOR_TURN = 8;

/** Made when something waits for the first time. */
export class MessageIntake implements InboxOwner, MessageSource {
  readonly #driver: Driver;
  readonly #batch: SendBatch;
  readonly #owner: IntakeOwner;
  #awaitsTurn = false;
  #holds = 0;
  #messages: MessageInbox<WebSocketMessage> | null = null;
  #streams: MessageInbox<IncomingMessage> | null = null;
  /** The message whose pieces are coming. */
  #content: MessageContent | null = null;
  #spills = false;

  constructor(driver: Driver, batch: SendBatch, owner: IntakeOwner) {
    this.#driver = driver;
    this.#batch = batch;
    this.#owner = owner;
  }

  /** Messages wait to be read, or somebody may be at work on the last. */
  get isBusy(): boolean {
    return this.#messages?.isBusy === true || this.#streams?.isBusy === true;
  }

  /** Whole messages. */
  get messages(): MessageInbox<WebSocketMessage> {
    this.#messages ??= this.#prepared(new MessageInbox(this));
    return this.#messages;
  }

  /** Messages in pieces. */
  get streams(): MessageInbox<IncomingMessage> {
    this.#streams ??= this.#prepared(new MessageInbox(this, () => this.#passOver()));
    return this.#streams;
  }

  /** A whole message has come. */
  push(message: WebSocketMessage): void {
    this.messages.push(message, message.length);
  }

  /** A part of a message has come. */
  receive(event: MessageEvent | DataEvent | EndEvent): void {
    if (event.type === 'message') this.#begin(event);
    else if (event.type === 'data') this.#content?.push(event.data);
    else {
      this.#content?.end();
      this.#content = null;
    }
  }

  /** The caller wants no messages. */
  holdByCaller(): void {
    if (!this.#spills) this.#hold(HELD_BY_CALLER);
  }

  /** The caller wants messages again. */
  resumeByCaller(): void {
    this.#release(HELD_BY_CALLER);
  }

  /** {@link InboxOwner} */
  holdInbox(): void {
    this.#hold(HELD_BY_INBOX);
  }

  /** {@link InboxOwner} */
  releaseInbox(): void {
    this.#release(HELD_BY_INBOX);
  }

  /** {@link InboxOwner} */
  inboxDone(): void {
    this.#owner.workDone();
  }

  /** {@link MessageSource} */
  holdContent(): void {
    this.#hold(HELD_BY_CONTENT);
  }

  /** {@link MessageSource} */
  releaseContent(): void {
    this.#release(HELD_BY_CONTENT);
  }

  /**
   * What comes behind a message waits until its reader asks for more, so that his answer leaves before
   * that to a ping, or before the Close frame that what is wrong leads to. But no longer than a turn of
   * the event loop, which is all that he has who answers without waiting for anything himself.
   */
  given(): void {
    if (this.#spills) return;
    this.#hold(HELD_FOR_TURN);
    if (this.#awaitsTurn) return;
    this.#awaitsTurn = true;
    setImmediate(endTurn, this);
  }

  /** Of {@link InboxOwner} and {@link MessageSource}; also for whoever has answered and asks for nothing. */
  asked(): void {
    if ((this.#holds & HELD_FOR_TURN) === 0) return;
    this.#holds &= ~HELD_FOR_TURN;
    if (this.#holds !== 0) return;
    this.#driver.pull();
    this.#batch.add(this.#driver);
  }

  /** What was not answered has no precedence any more. */
  endTurn(): void {
    this.#awaitsTurn = false;
    this.#release(HELD_FOR_TURN);
  }

  /** The connection is closing: its end must be heard, whoever reads or not. */
  spill(): void {
    this.#spills = true;
    this.#messages?.spill();
    this.#streams?.spill();
    this.#content?.spill();
    this.#release(HELD_BY_CALLER | HELD_FOR_TURN);
  }

  /** The rest of a message that was coming will not come. */
  endContent(error: WebSocketMessageError): void {
    this.#content?.fail(error);
  }

  /** The connection is over. */
  end(error: WebSocketMessageError): void {
    this.#messages?.end();
    this.#streams?.end();
    this.endContent(error);
  }

  #prepared<Message>(inbox: MessageInbox<Message>): MessageInbox<Message> {
    if (this.#spills) inbox.spill();
    return inbox;
  }

  #begin(event: MessageEvent): void {
    const content = new MessageContent(this, event);
    if (this.#spills) content.spill();
    this.#content = content;
    if (!this.#owner.deliverStream(content)) this.streams.push(content, STREAM_BYTES);
  }

  /** The next message is asked for, and nobody has begun to read the one before. */
  #passOver(): void {
    const content = this.#content;
    const isGiven = content !== null && this.#streams?.isEmpty === true;
    if (isGiven && !content.wasTouched) content.discard();
  }

  #hold(who: number): void {
    this.#holds |= who;
    this.#driver.hold();
  }

  #release(who: number): void {
    if ((this.#holds & who) === 0) return;
    this.#holds &= ~who;
    if (this.#holds === 0) this.#driver.resume();
  }
}

function endTurn(intake: MessageIntake): void {
  intake.endTurn();
}
