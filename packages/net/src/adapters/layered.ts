// A transport on top of another: joins a byte-transforming machine, such as TLS, to what carries its
// records. It is one driver below and a transport above, and no stream.
import type { Connection, End, Instant } from '../bytes/connection.ts';
import type { Clock } from '../clock.ts';
import { Driver } from '../driver.ts';
import type { EventSink } from '../event-sink.ts';
import type { Transport, TransportCapabilities, TransportSink } from '../transport.ts';

/** What a layer reports to the one above; other events are for whoever watches the layer itself. */
export type LayerEvent =
  | { readonly type: 'data'; readonly data: Uint8Array }
  | { readonly type: 'end'; readonly end: End }
  | { readonly type: 'failed' }
  | { readonly type: 'closed' };

/** A machine that carries the bytes of another one. */
export interface Layer<Event extends { readonly type: string }> extends Connection<Event> {
  /** Sends bytes of the upper machine, which are borrowed until `outputBytes` is 0 again. */
  sendData(data: Uint8Array, now: Instant): void;
  /** Announces that nothing more will be sent. */
  closeNotify(now: Instant): void;
}

/** How a layer is set on its lower transport. */
export interface LayeredOptions<Event> {
  /** Time for the layer's deadlines. */
  readonly clock: Clock;
  /** What this layer can do as a transport; TLS 1.2, say, has no half-close. */
  readonly capabilities: TransportCapabilities;
  /** Sees every event of the layer, before the upper machine does. */
  onEvent?(event: Event, now: Instant): void;
  /** Receives what the layer threw. */
  onFault?(error: unknown): void;
  /** The lower transport has been let go of. Last, and once. */
  onReleased?(): void;
}

/** The layer's output above which the upper machine is to wait. */
const HIGH_WATER_BYTES = 65_536;

/** What the upper driver sees of a {@link Layer} on its lower transport. */
export class LayeredTransport<Event extends { readonly type: string }>
  implements Transport, EventSink<Event>
{
  readonly capabilities: TransportCapabilities;
  readonly #layer: Layer<Event>;
  readonly #clock: Clock;
  readonly #driver: Driver;
  readonly #options: LayeredOptions<Event>;
  #sink: TransportSink | null = null;
  /** What came before anybody listened above. */
  #early: Uint8Array[] = [];
  #unsentBytes = 0;
  #corked = false;
  #ended = false;
  #peerEnd: End | null = null;
  #over = false;

  /** Takes the lower transport over, at once, so that the layer can shake hands. */
  constructor(lower: Transport, layer: Layer<Event>, options: LayeredOptions<Event>) {
    this.capabilities = options.capabilities;
    this.#layer = layer;
    this.#clock = options.clock;
    this.#options = options;
    this.#driver = new Driver(lower, options.clock, layer, this);
    this.#driver.start();
  }

  /** Bytes of the upper machine that the lower transport has not taken, transformed, yet. */
  get bufferedBytes(): number {
    return Math.min(this.#unsentBytes, this.#layer.outputBytes);
  }

  /** {@link Transport} */
  get full(): boolean {
    return this.#layer.outputBytes >= HIGH_WATER_BYTES;
  }

  /** {@link Transport} */
  attach(sink: TransportSink): void {
    this.#sink = sink;
    const early = this.#early;
    this.#early = [];
    for (const data of early) sink.onData(data);
    if (this.#peerEnd !== null) sink.onEnd(this.#peerEnd);
    if (!this.#over) this.#driver.resume();
  }

  /** {@link Transport} Nothing is sent behind `end`, which may have been another's than the writer's. */
  write(chunk: Uint8Array): void {
    if (this.#over || this.#ended) return;
    this.#unsentBytes = this.bufferedBytes + chunk.length;
    this.#layer.sendData(chunk, this.#clock.now());
    if (!this.#corked) this.#driver.wake();
  }

  /** {@link Transport} */
  cork(): void {
    this.#corked = true;
  }

  /** {@link Transport} */
  uncork(): void {
    this.#corked = false;
    this.#driver.wake();
  }

  /** To be called after the layer was changed by other means than this transport. */
  wake(): void {
    this.#driver.wake();
  }

  /** {@link Transport} */
  watchDrain(): void {
    this.#driver.wantWritable(1);
  }

  /** {@link Transport} */
  end(): void {
    if (this.#over || this.#ended) return;
    this.#ended = true;
    this.#layer.closeNotify(this.#clock.now());
    this.#driver.wake();
  }

  /** {@link Transport} */
  close(): void {
    this.end();
    this.#sink = null;
    this.#driver.close();
  }

  /** {@link Transport} */
  abort(): void {
    this.#sink = null;
    this.#driver.abort();
  }

  /** {@link Transport} */
  pause(): void {
    this.#driver.hold();
  }

  /** {@link Transport} */
  resume(): void {
    this.#driver.resume();
  }

  /** {@link EventSink} */
  onEvent(event: Event, now: Instant): void {
    this.#options.onEvent?.(event, now);
    const layerEvent = event as unknown as LayerEvent;
    if (layerEvent.type === 'data') this.#pass(layerEvent.data);
    else if (layerEvent.type === 'end') this.#reportEnd(layerEvent.end);
  }

  /** {@link EventSink} */
  onWritable(): void {
    this.#sink?.onDrain();
  }

  /** {@link EventSink} */
  onReleased(): void {
    this.#over = true;
    const bothEnded = this.#ended && this.#peerEnd !== null;
    const isKnown = this.#peerEnd === 'reset' || this.#peerEnd === 'failed';
    // Otherwise the machine above has lost what carried it.
    if (!bothEnded && !isKnown) this.#reportEnd('failed');
    this.#options.onReleased?.();
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    this.#options.onFault?.(error);
  }

  #reportEnd(end: End): void {
    this.#peerEnd = end;
    this.#sink?.onEnd(end);
  }

  #pass(data: Uint8Array): void {
    if (this.#sink !== null) {
      this.#sink.onData(data);
    } else {
      this.#early.push(data);
      this.#driver.hold();
    }
  }
}
