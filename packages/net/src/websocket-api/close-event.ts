// The events that Node does not have in all its versions.

/** How a connection ended, as members of a dictionary. */
export interface CloseEventInit {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  /** False when not given. */
  readonly wasClean?: boolean;
  /** 0 when not given. */
  readonly code?: number;
  /** Empty when not given. */
  readonly reason?: string;
}

/** The connection is over (the interface `CloseEvent` of the WebSockets Standard). */
export class CloseEvent extends Event {
  readonly #wasClean: boolean;
  readonly #code: number;
  readonly #reason: string;

  constructor(type: string, init: CloseEventInit = {}) {
    super(type, init);
    const { wasClean = false, code = 0, reason = '' } = init;
    // As Web IDL converts them: boolean, unsigned short, USVString.
    this.#wasClean = Boolean(wasClean);
    this.#code = Number(code) & 0xffff;
    this.#reason = Buffer.from(String(reason)).toString();
  }

  /** Both Close frames were exchanged. */
  get wasClean(): boolean {
    return this.#wasClean;
  }

  /** Of the peer's Close frame; 1005 when it had none, 1006 when there was no frame. */
  get code(): number {
    return this.#code;
  }

  /** The reason in the peer's Close frame. */
  get reason(): string {
    return this.#reason;
  }
}

/** The connection has failed; browsers do not say why, here `error` does. */
export class ConnectionErrorEvent extends Event {
  readonly #error: Error;

  constructor(error: Error) {
    super('error');
    this.#error = error;
  }

  /** Why. */
  get error(): Error {
    return this.#error;
  }

  /** Why, in a sentence. */
  get message(): string {
    return this.#error.message;
  }
}
