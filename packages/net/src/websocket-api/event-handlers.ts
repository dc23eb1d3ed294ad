// `onopen` and its like: «event handler IDL attributes» (HTML section 8.1.8.1). A handler is called in
// the place that the first one had among the listeners.

/** What is assigned to such an attribute. */
export type EventHandler<AnyEvent extends Event> = ((event: AnyEvent) => unknown) | null;

interface Handler {
  current: EventHandler<never>;
}

/** Those of one target; made when the first is set. */
export class EventHandlers {
  readonly #target: EventTarget;
  readonly #handlers: Map<string, Handler> = new Map();

  constructor(target: EventTarget) {
    this.#target = target;
  }

  /** The attribute's value. */
  get<AnyEvent extends Event>(type: string): EventHandler<AnyEvent> {
    const { current = null } = this.#handlers.get(type) ?? {};
    return current as ((event: Event) => unknown) | null;
  }

  /** Sets it; what is no function is null. */
  set(type: string, value: unknown): void {
    const current = typeof value === 'function' ? (value as (event: never) => unknown) : null;
    const present = this.#handlers.get(type);
    if (present !== undefined && present.current !== null && current !== null) {
      present.current = current;
    } else if (current !== null) {
      this.#add(type, current);
    } else if (present !== undefined) {
      present.current = null;
    }
  }

  #add(type: string, current: (event: never) => unknown): void {
    const handler: Handler = { current };
    this.#handlers.set(type, handler);
    const target = this.#target;
    target.addEventListener(type, (event) => {
      if (this.#handlers.get(type) !== handler) return;
      handler.current?.call(target, event as never);
    });
  }
}
