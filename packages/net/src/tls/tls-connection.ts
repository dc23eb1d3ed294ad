// A connection secured by holdline's own TLS, on whatever transport: the machine, what is known of it,
// and the transport that it is to those above.
import type {
  AlertName,
  ClosedEvent,
  Credential,
  FailedEvent,
  FaultCode,
  HandshakeCompleteEvent,
} from '@holdline/tls/client';
import type { PreSharedKey } from '@holdline/tls/server';
import { type Layer, type LayeredOptions, LayeredTransport } from '../adapters/layered.ts';
import type { Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';
import type { TlsInfo } from '../tls-info.ts';
import type { Transport, TransportCapabilities } from '../transport.ts';
import { decide } from './tls-decisions.ts';
import { TlsError } from './tls-error.ts';
import type { AnyTlsEvent, AnyTlsHandlers } from './tls-handlers.ts';

/** What is used of the machines of both roles. */
export interface TlsMachine extends Layer<AnyTlsEvent> {
  updateKeys(now: Instant, requestsPeer?: boolean): void;
  sendHeartbeat(now: Instant): void;
  exportKeyingMaterial(label: string, context: Uint8Array | null, byteCount: number): Uint8Array;
  cancel(now: Instant): void;
  acceptPeer(id: number, now: Instant): void;
  refuse(id: number, alert: AlertName, now: Instant): void;
  chooseCertificate(id: number, credential: Credential | null, now: Instant): void;
  answerSignature(id: number, signature: Uint8Array, now: Instant): void;
  choosePsk?(
    id: number,
    choice: { readonly index: number; readonly psk: PreSharedKey } | null,
    now: Instant,
  ): void;
  requestCertificate?(now: Instant): number;
}

/** Who waits for the handshake. */
export interface TlsConnectionOwner {
  /** The handshake is complete. */
  secured(connection: TlsConnection): void;
  /** The handshake has failed. The peer has a while to read why, and then `ended` follows. */
  failed?(error: TlsError): void;
  /** The connection is over. `error` says why, if that was before the handshake was complete. */
  ended(connection: TlsConnection, error: TlsError | null): void;
  /** A handler or a machine threw. */
  fault(error: unknown, connection: TlsConnection): void;
}

const CAPABILITIES: TransportCapabilities = Object.freeze({
  halfClose: true,
  // Whoever cuts sends no close_notify, which nobody else can send either.
  reset: true,
  authenticEnd: true,
});

/** A TLS 1.3 connection of either role. What it carries goes through `transport`. */
export class TlsConnection implements TlsInfo, LayeredOptions<AnyTlsEvent> {
  readonly engine: 'holdline' = 'holdline';
  readonly version: string = 'TLS 1.3';
  /** What the application's bytes go through; to be attached to once. */
  readonly transport: LayeredTransport<AnyTlsEvent>;
  /** {@link LayeredOptions} */
  readonly clock: Clock;
  /** {@link TlsInfo} */
  sendingEpoch = 0;
  /** {@link TlsInfo} */
  receivingEpoch = 0;
  /** {@link TlsInfo} */
  heartbeatRoundTripMs: number | null = null;
  /** The peer's certificates in DER, its own first, once they were accepted; empty for none. */
  peerCertificates: readonly Uint8Array[] = [];
  /** What the handshake has agreed on; null before. */
  handshake: HandshakeCompleteEvent | null = null;
  /** How the connection ended; null before. */
  closed: ClosedEvent | null = null;
  /** Why it failed; null unless it has. */
  failure: FailedEvent<FaultCode> | null = null;
  readonly #machine: TlsMachine;
  readonly #handlers: AnyTlsHandlers;
  readonly #owner: TlsConnectionOwner;

  /** Takes the lower transport over and begins the handshake. */
  constructor(
    lower: Transport,
    machine: TlsMachine,
    clock: Clock,
    handlers: AnyTlsHandlers,
    owner: TlsConnectionOwner,
  ) {
    this.clock = clock;
    this.#machine = machine;
    this.#handlers = handlers;
    this.#owner = owner;
    this.transport = new LayeredTransport(lower, machine, this);
  }

  /** {@link LayeredOptions} */
  get capabilities(): TransportCapabilities {
    return CAPABILITIES;
  }

  /** {@link TlsInfo} */
  get cipherSuite(): string {
    return this.handshake?.cipherSuite ?? '';
  }

  /** {@link TlsInfo} */
  get group(): string | null {
    return this.handshake?.group ?? null;
  }

  /** {@link TlsInfo} */
  get protocol(): string | null {
    return this.handshake?.protocol ?? null;
  }

  /** {@link TlsInfo} */
  get serverName(): string | null {
    return this.handshake?.serverName ?? null;
  }

  /** Updates our sending keys now; `requestsPeer`: and asks the peer for its own (RFC 9846 section 4.7.3). */
  updateKeys(requestsPeer = false): void {
    this.#machine.updateKeys(this.clock.now(), requestsPeer);
    this.transport.wake();
  }

  /**
   * Sends a heartbeat request (RFC 6520), whose answer is a `heartbeat` event. Throws
   * `LocalProtocolError` when the peer takes none, or while one is under way.
   */
  sendHeartbeat(): void {
    this.#machine.sendHeartbeat(this.clock.now());
    this.transport.wake();
  }

  /** Keying material for another protocol (RFC 9846 section 7.5); no context equals an empty one. */
  exportKeyingMaterial(label: string, context: Uint8Array | null, byteCount: number): Uint8Array {
    return this.#machine.exportKeyingMaterial(label, context, byteCount);
  }

  /** A server asks for a certificate (section 4.7.2); returns the number that its answer will have. */
  requestCertificate(): number {
    if (this.#machine.requestCertificate === undefined) {
      throw new TypeError('only a server requests certificates after the handshake');
    }
    const request = this.#machine.requestCertificate(this.clock.now());
    this.transport.wake();
    return request;
  }

  /** Gives the handshake up: user_canceled and close_notify (section 6.1). */
  cancel(): void {
    this.#machine.cancel(this.clock.now());
    this.transport.wake();
  }

  /**
   * Ends our direction by close_notify, behind what is queued, or gives the handshake up. What is
   * written from now on is dropped.
   */
  end(): void {
    if (this.handshake === null) this.cancel();
    this.transport.end();
  }

  /** Answers a decision; for those who decide. */
  answer(apply: (machine: TlsMachine, now: Instant) => void): void {
    apply(this.#machine, this.clock.now());
    this.transport.wake();
  }

  /** Refuses a decision because whoever was to make it failed. */
  refuse(id: number, alert: AlertName, error: unknown): void {
    this.#owner.fault(error, this);
    this.answer((machine, now) => machine.refuse(id, alert, now));
  }

  /** {@link LayeredOptions} */
  onFault(error: unknown): void {
    this.#owner.fault(error, this);
  }

  /** {@link LayeredOptions} */
  onReleased(): void {
    if (this.closed === null) this.#owner.ended(this, this.#error());
  }

  /** {@link LayeredOptions} */
  onEvent(event: AnyTlsEvent): void {
    if (event.type === 'data') return;
    this.#note(event);
    this.#handlers.onEvent?.(event, this);
    if (event.type === 'handshake-complete') this.#owner.secured(this);
    else if (event.type === 'failed') this.#tellFailure();
    else if (event.type === 'closed') this.#owner.ended(this, this.#error());
    else if ('id' in event) decide(event, this, this.#handlers);
  }

  #note(event: AnyTlsEvent): void {
    switch (event.type) {
      case 'handshake-complete':
        this.handshake = event;
        this.peerCertificates = event.peerCertificates;
        break;
      case 'client-authenticated':
        this.peerCertificates = event.chain;
        break;
      case 'key-update':
        if (event.direction === 'sending') this.sendingEpoch = event.epoch;
        else this.receivingEpoch = event.epoch;
        break;
      case 'heartbeat':
        this.heartbeatRoundTripMs = event.roundTripMs;
        break;
      case 'failed':
        this.failure = event;
        break;
      case 'closed':
        this.closed = event;
    }
  }

  #tellFailure(): void {
    const error = this.#error();
    if (error !== null) this.#owner.failed?.(error);
  }

  #error(): TlsError | null {
    if (this.handshake !== null) return null;
    const { failure } = this;
    if (failure !== null) return new TlsError(failure.code, failure.message, failure);
    const cause = this.closed?.cause ?? 'transport-failed';
    const message = `the connection ended before the handshake was complete (${cause})`;
    return new TlsError('TLS_HANDSHAKE_ENDED', message, { closeCause: cause });
  }
}
