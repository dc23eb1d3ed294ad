// The only thing a driver sees of the outside world: something that carries bytes both ways. A
// socket, a secured layer above another transport and a queue in memory look the same from here.
import type { End } from './bytes/connection.ts';

/** Who receives what a transport reports: a driver. Never called from within `attach`. */
export interface TransportSink {
  /** Bytes came in and are the receiver's. */
  onData(data: Uint8Array): void;
  /** The peer's direction ended. May come again when FIN is followed by RST; then `reset` or `failed`. */
  onEnd(end: End): void;
  /** `bufferedBytes` is 0 again, after it was not. */
  onDrain(): void;
}

/** What a kind of transport can do. */
export interface TransportCapabilities {
  /** After `end` the peer can still be heard. TLS 1.2 cannot (RFC 5246 section 7.2.1). */
  readonly halfClose: boolean;
  /** `abort` lets the peer tell a cut from an orderly end. */
  readonly reset: boolean;
  /** The end `finished` is known to be the peer's intention and not an attacker's cut. */
  readonly authenticEnd: boolean;
}

/** A bidirectional stream of bytes. All methods are no-ops once it was closed or aborted. */
export interface Transport {
  readonly capabilities: TransportCapabilities;
  /** Bytes written that the layer below has not taken yet. */
  readonly bufferedBytes: number;
  /** Enough is buffered: write no more before `onDrain`. */
  readonly full: boolean;
  /** Starts reading. Called once. */
  attach(sink: TransportSink): void;
  /** Passes a chunk on, in order; it must stay unchanged while it is buffered. */
  write(chunk: Uint8Array): void;
  /** Several writes will follow, which may leave together at `uncork`. */
  cork(): void;
  /** Lets go what `cork` held back. */
  uncork(): void;
  /** Asks for `onDrain` when what is buffered now has been taken. */
  watchDrain(): void;
  /** Ends our direction behind everything written (FIN, close_notify). */
  end(): void;
  /** Ends both directions behind everything written, and lets go. */
  close(): void;
  /** Ends both directions at once, by RST where there is one. What is buffered may be lost. */
  abort(): void;
  /** Reports no more data until `resume`, as far as the runtime allows. */
  pause(): void;
  /** Reports data again. */
  resume(): void;
}
