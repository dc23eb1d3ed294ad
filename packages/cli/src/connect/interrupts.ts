// Ctrl-C and its relatives while somebody is connected: the first leaves, the second cuts.
import { type EndSignal, SAME_SIGNAL_MS, SIGNAL_EXIT_CODES } from '../shutdown.ts';

/** Who is to obey. */
export interface Interruptible {
  /** Begins an orderly end; false when there is nothing to end in order, so that it is cut. */
  leave(): boolean;
  cut(): void;
}

/** The signals of one process, from `listen` on. */
export class Interrupts {
  readonly #target: Interruptible;
  #signal: EndSignal | null = null;
  #signalAt = Number.NEGATIVE_INFINITY;
  #cutBy: EndSignal | null = null;

  constructor(target: Interruptible) {
    this.#target = target;
  }

  /** Whether one has come. */
  get hasCome(): boolean {
    return this.#signal !== null;
  }

  /** What it was cut by; null: it was not. */
  get cutBy(): EndSignal | null {
    return this.#cutBy;
  }

  /** From now on signals do not end the process. */
  listen(): void {
    for (const signal of Object.keys(SIGNAL_EXIT_CODES) as EndSignal[]) {
      process.on(signal, () => this.#on(signal));
    }
  }

  #on(signal: EndSignal): void {
    const now = performance.now();
    if (signal === this.#signal && now - this.#signalAt < SAME_SIGNAL_MS) return;
    const isFirst = this.#signal === null;
    this.#signal = signal;
    this.#signalAt = now;
    if (isFirst && this.#target.leave()) return;
    this.#cutBy = signal;
    this.#target.cut();
  }
}
