// What is sent behind a Blob waits until that was read, so that all leaves in the order of the calls.

/** First in, first out; empty, and not in the way, where no Blob is sent. */
export class SendQueue {
  /** Bytes of the Blobs that are being read. */
  waitingBytes = 0;
  readonly #failed: (error: Error) => void;
  #waiting: (() => void)[] = [];
  #isReading = false;

  /** `failed` hears of what cannot be read. */
  constructor(failed: (error: Error) => void) {
    this.#failed = failed;
  }

  /** Does it now, or behind what waits. */
  run(act: () => void): void {
    if (this.#isReading) this.#waiting.push(act);
    else act();
  }

  /** Reads a Blob, and hands over its bytes when it is its turn. */
  runBlob(blob: Blob, act: (data: Uint8Array) => void): void {
    this.waitingBytes += blob.size;
    this.run(() => {
      this.#isReading = true;
      blob.arrayBuffer().then(
        (data) => this.#read(blob.size, () => act(new Uint8Array(data))),
        (error: Error) => this.#read(blob.size, () => this.#failed(error)),
      );
    });
  }

  #read(byteCount: number, act: () => void): void {
    this.#isReading = false;
    this.waitingBytes -= byteCount;
    const waiting = this.#waiting;
    this.#waiting = [];
    act();
    for (const next of waiting) this.run(next);
  }
}
