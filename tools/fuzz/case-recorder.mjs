// What was done to a machine, as the steps of a case file: bytes in, calls, time.

/** Calls whose arguments a case file has words for; others are passed on and not written down. */
const NAMES = new Set([
  ...['sendRequest', 'sendResponse', 'sendInformational', 'sendData', 'endMessage'],
  ...['drain', 'abort', 'receive', 'receiveEnd', 'onDeadline', 'nextEvent', 'takeTrailingData'],
]);

/** Writes down the calls of one machine. */
export class CaseRecorder {
  /** Steps `{ input }`, `{ call, args }` and `{ waitMs }`, in their order. */
  steps = [];
  #now;

  constructor(now) {
    this.#now = now;
  }

  /** The same machine; who calls this one is recorded. */
  around(machine) {
    const record = (name, args) => this.#record(name, args);
    return new Proxy(machine, {
      get(target, name) {
        const value = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        if (!NAMES.has(name)) return value.bind(target);
        return (...args) => {
          record(name, args);
          return value.apply(target, args);
        };
      },
    });
  }

  #record(name, args) {
    const now = name === 'nextEvent' || name === 'onDeadline' ? args[0] : args.at(-1);
    if (name === 'receiveEnd') this.#pass(args[0]);
    else if (typeof now === 'number') this.#pass(now);
    if (name === 'nextEvent' || name === 'onDeadline') return;
    if (name === 'receive') this.#receive(args[0]);
    else if (name === 'receiveEnd') this.steps.push({ call: 'end', args: [args[1]] });
    else this.steps.push({ call: name, args: args.filter((arg) => typeof arg !== 'number') });
  }

  #pass(now) {
    if (now > this.#now) this.steps.push({ waitMs: now - this.#now });
    this.#now = Math.max(now, this.#now);
  }

  /** Pieces of one stretch are one input: the runner cuts it in all ways by itself. */
  #receive(data) {
    const last = this.steps.at(-1);
    if (last?.input !== undefined) last.input.push(...data);
    else this.steps.push({ input: [...data] });
  }
}
