// What sockets, TLS sockets and other Duplex streams of Node have in common as transports. One set
// of functions serves all streams, each of which points back at its transport, so that an idle
// connection brings no closures along.
import type { Duplex } from 'node:stream';
import type { End } from '../bytes/connection.ts';
import type { Transport, TransportCapabilities, TransportSink } from '../transport.ts';

/** In what one kind of stream differs from the others. */
export interface StreamKind {
  readonly capabilities: TransportCapabilities;
  /** Whether others may hold on to the bytes that this kind reports; then they are copied. */
  readonly sharesInput: boolean;
  /**
   * Whether a write of nothing calls back behind all that was written before. If not, each write is
   * asked to call back.
   */
  readonly writesNothing: boolean;
  /** Ends both directions behind everything written. */
  close(stream: Duplex): void;
  /** Ends both directions at once. */
  abort(stream: Duplex): void;
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Where a stream keeps its transport. */
const TRANSPORT: unique symbol = Symbol('holdline.transport');

type Attached = Duplex & { [TRANSPORT]?: StreamTransport };

/** The transport of a Node stream; made by `socketTransport`, `tlsSocketTransport` or `duplexTransport`. */
export class StreamTransport implements Transport {
  /** The stream, for what a transport does not show. */
  readonly stream: Duplex;
  private readonly kind: StreamKind;
  private sink: TransportSink | null = null;
  private endSeen = false;
  /** Made when the kernel first does not take everything at once: most connections never see it. */
  private onFlushed: ((error?: Error | null) => void) | null = null;

  /** Takes the stream over: nobody else may read from it, write to it or end it. */
  constructor(stream: Duplex, kind: StreamKind) {
    this.stream = stream;
    this.kind = kind;
    (stream as Attached)[TRANSPORT] = this;
    // Or Node answers the peer's FIN with its own before the last response is out.
    stream.allowHalfOpen = true;
  }

  /** {@link Transport} */
  get capabilities(): TransportCapabilities {
    return this.kind.capabilities;
  }

  /** {@link Transport} */
  get bufferedBytes(): number {
    return this.stream.writableLength;
  }

  /** {@link Transport} */
  get full(): boolean {
    return this.stream.writableLength >= this.stream.writableHighWaterMark;
  }

  /** {@link Transport} */
  attach(sink: TransportSink): void {
    this.sink = sink;
    const { stream } = this;
    forgetOwnEnd(stream);
    stream.on('end', onStreamEnd);
    stream.on('error', onStreamError);
    stream.on('close', onStreamClose);
    stream.on('data', onStreamData);
  }

  /** {@link Transport} */
  write(chunk: Uint8Array): void {
    if (this.sink === null) return;
    if (this.kind.writesNothing) this.stream.write(chunk);
    else this.stream.write(chunk, this.flushed());
  }

  /** {@link Transport} */
  cork(): void {
    this.stream.cork();
  }

  /** {@link Transport} */
  uncork(): void {
    this.stream.uncork();
  }

  /**
   * A stream emits `drain` only when a write went above its high-water mark. The callback of an
   * empty write comes behind everything buffered, however little that is.
   */
  watchDrain(): void {
    if (this.sink === null) return;
    if (this.kind.writesNothing) this.stream.write(NO_BYTES, this.flushed());
  }

  /** {@link Transport} */
  end(): void {
    if (this.sink !== null) this.stream.end();
  }

  /** {@link Transport} */
  close(): void {
    if (this.sink === null) return;
    this.sink = null;
    this.kind.close(this.stream);
  }

  /** {@link Transport} */
  abort(): void {
    if (this.sink === null) return;
    this.sink = null;
    this.kind.abort(this.stream);
  }

  /** {@link Transport} */
  pause(): void {
    this.stream.pause();
  }

  /** {@link Transport} */
  resume(): void {
    this.stream.resume();
  }

  /** For the shared listeners. */
  reportData(data: Uint8Array): void {
    this.sink?.onData(this.kind.sharesInput ? new Uint8Array(data) : data);
  }

  /** For the shared listeners: FIN may be followed by an error, and `close` comes after everything. */
  reportEnd(end: End, last: boolean): void {
    if (last && this.endSeen) return;
    this.endSeen = true;
    this.sink?.onEnd(end);
  }

  private flushed(): (error?: Error | null) => void {
    this.onFlushed ??= (error) => {
      // What failed is reported as the end. Who then wrote and watched again would keep Node busy for
      // ever: it calls back for each failed write, and for those added meanwhile, in one loop.
      if (error !== null && error !== undefined) return;
      if (this.kind.writesNothing || this.stream.writableLength === 0) this.sink?.onDrain();
    };
    return this.onFlushed;
  }
}

function onStreamData(this: Duplex, data: Uint8Array): void {
  (this as Attached)[TRANSPORT]?.reportData(data);
}

function onStreamEnd(this: Duplex): void {
  // Bun (1.4.5) ends, too, what has been destroyed here; then `close` tells what happened.
  if (this.destroyed) return;
  (this as Attached)[TRANSPORT]?.reportEnd('finished', false);
}

/**
 * Node's sockets listen to their own `end`, so as to refuse what is written behind the peer's FIN. This
 * concerns none that may be half-open, and alone our listener takes no memory: beside another one, it
 * takes 104 bytes of each idle connection for a list.
 */
function forgetOwnEnd(stream: Duplex): void {
  const [listener, ...others] = stream.listeners('end');
  const isNodes = listener?.name === 'onReadableStreamEnd' && others.length === 0;
  if (isNodes) stream.off('end', listener as () => void);
}

/** Errors after our own close or abort are nobody's any more; without a listener they would throw. */
function onStreamError(this: Duplex, error: NodeJS.ErrnoException): void {
  (this as Attached)[TRANSPORT]?.reportEnd(endOfError(error), false);
}

function onStreamClose(this: Duplex): void {
  (this as Attached)[TRANSPORT]?.reportEnd('failed', true);
}

/** The peer's RST, or the discovery that it happened; anything else failed here. */
function endOfError(error: NodeJS.ErrnoException): End {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return 'reset';
    default:
      return 'failed';
  }
}
