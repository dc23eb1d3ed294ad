// Reads server-sent events as they come (WHATWG HTML section 9.2.6), over a connection of its own.

/** One event. */
export interface ServerSentEvent {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: what it is is up to the test
  readonly data: any;
}

export class EventReader {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #controller: AbortController;
  #text = '';

  private constructor(response: Response, controller: AbortController) {
    this.response = response;
    const decoded = response.body?.pipeThrough(new TextDecoderStream());
    this.#reader = (decoded as ReadableStream<string>).getReader();
    this.#controller = controller;
  }

  static async open(url: string, fields: Record<string, string> = {}): Promise<EventReader> {
    const controller = new AbortController();
    const response = await fetch(url, { headers: fields, signal: controller.signal });
    return new EventReader(response, controller);
  }

  /** The next event; null at the end of the stream. */
  async next(): Promise<ServerSentEvent | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end !== -1) {
        const lines = this.#text.slice(0, end).split('\n');
        this.#text = this.#text.slice(end + 2);
        const field = (name: string): string =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
        return { type: field('event'), data: JSON.parse(field('data')) };
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
  }

  /** Events up to the first that is as wanted, which is returned. */
  async until(isWanted: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent> {
    for (;;) {
      const event = await this.next();
      if (event === null) throw new Error('the stream has ended');
      if (isWanted(event)) return event;
    }
  }

  close(): void {
    this.#controller.abort();
  }
}
