// `bufferedAmount`: «the number of bytes of application data [...] that have been queued using send()
// but that, as of the last time the event loop reached step 1, had not yet been transmitted».

interface Unsent {
  /** Bytes that the connection has sent when this message was. */
  readonly atBytes: number;
  readonly byteCount: number;
}

/** Counts what was sent by one WebSocket; frames and compression do not count. */
export class BufferedAmount {
  #unsent: Unsent[] = [];
  #bytes = 0;
  /** What was sent in this turn of the event loop counts until its end. */
  #isFresh = false;

  /** Of a message that will not be sent, or that nobody has seen leave: it counts for ever, or until `remove`. */
  add(byteCount: number): void {
    this.#bytes += byteCount;
  }

  /** It will be added as sent. */
  remove(byteCount: number): void {
    this.#bytes -= byteCount;
  }

  /** A message that has left when the connection has sent `atBytes`, of which it has sent `sentBytes`. */
  addSent(byteCount: number, atBytes: number, sentBytes: number): void {
    if (!this.#isFresh) {
      this.#settle(sentBytes);
      this.#isFresh = true;
      setImmediate(() => {
        this.#isFresh = false;
      });
    }
    this.#unsent.push({ atBytes, byteCount });
    this.#bytes += byteCount;
  }

  /** As the attribute has it; the connection has sent `sentBytes`. */
  value(sentBytes: number): number {
    if (!this.#isFresh) this.#settle(sentBytes);
    return this.#bytes;
  }

  #settle(sentBytes: number): void {
    const unsent = this.#unsent;
    let count = 0;
    while (count < unsent.length && unsent[count]!.atBytes <= sentBytes) {
      this.#bytes -= unsent[count]!.byteCount;
      count += 1;
    }
    if (count > 0) this.#unsent = unsent.slice(count);
  }
}
