// A transport whose buffer empties only when a test says so.
import type { Transport, TransportCapabilities, TransportSink } from '../../src/index.ts';

export class ScriptTransport implements Transport {
  capabilities: TransportCapabilities = { halfClose: true, reset: true, authenticEnd: true };
  /** Writes; those between cork and uncork are one entry each, in brackets. */
  readonly log: string[] = [];
  bufferedBytes = 0;
  highWaterBytes = 16_384;
  /** Bytes that are taken at once. */
  credit: number = Number.POSITIVE_INFINITY;
  paused = false;
  watches = 0;
  sink: TransportSink | null = null;
  chunks: Uint8Array[] = [];

  get full(): boolean {
    return this.bufferedBytes >= this.highWaterBytes;
  }

  attach(sink: TransportSink): void {
    this.sink = sink;
  }

  write(chunk: Uint8Array): void {
    this.chunks.push(chunk);
    this.log.push(`write ${chunk.length}`);
    const taken = Math.min(this.credit, chunk.length);
    this.credit -= taken;
    this.bufferedBytes += chunk.length - taken;
  }

  /** The layer below takes everything. */
  flush(): void {
    this.bufferedBytes = 0;
    this.sink?.onDrain();
  }

  cork(): void {
    this.log.push('cork');
  }

  uncork(): void {
    this.log.push('uncork');
  }

  watchDrain(): void {
    this.watches += 1;
  }

  end(): void {
    this.log.push('end');
  }

  close(): void {
    this.log.push('close');
  }

  abort(): void {
    this.log.push('abort');
  }

  pause(): void {
    this.paused = true;
    this.log.push('pause');
  }

  resume(): void {
    this.paused = false;
    this.log.push('resume');
  }
}
