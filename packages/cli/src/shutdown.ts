// Ctrl-C and its relatives: the first finishes what is under way, the second cuts.
import type { DrainReport, HttpServer } from '@holdline/net';

/** Signals that ask a server to end, with the exit code that shells give to their victims. */
export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** One of them. */
export type EndSignal = keyof typeof SIGNAL_EXIT_CODES;

/**
 * A terminal sends Ctrl-C to every process of its group, and a parent such as `npm start` passes it
 * on once more: what comes again within this time is the same key.
 */
export const SAME_SIGNAL_MS = 100;

/** What a shutdown needs. */
export interface ShutdownOptions {
  readonly server: Pick<HttpServer, 'connections' | 'drain' | 'close'>;
  /** How long to wait for what is under way; Infinity for as long as it takes. */
  readonly drainMs: number;
  /**
   * Ends what only watches, before anything is counted or waited for; resolves to how many watched.
   * Nobody does when absent.
   */
  readonly endWatching?: () => Promise<number>;
  /** Says something to the user. */
  readonly say: (text: string) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Called once, when the process is to end. */
  readonly exit: (code: number) => void;
}

/** The end of a server. */
export class Shutdown {
  readonly #options: ShutdownOptions;
  #phase: 'serving' | 'draining' | 'over' = 'serving';
  #signal: EndSignal | null = null;
  #countedAt = 0;

  /** Nothing happens before a signal. */
  constructor(options: ShutdownOptions) {
    this.#options = options;
  }

  /** A signal has come. */
  onSignal(signal: EndSignal): void {
    const now = this.#options.now();
    if (signal === this.#signal && now - this.#countedAt < SAME_SIGNAL_MS) return;
    this.#signal = signal;
    this.#countedAt = now;
    if (this.#phase === 'serving') void this.#drain(signal);
    else if (this.#phase === 'draining') void this.#cut(signal);
  }

  async #drain(signal: EndSignal): Promise<void> {
    const { server, drainMs, endWatching, say } = this.#options;
    this.#phase = 'draining';
    const watching = endWatching === undefined ? 0 : await endWatching();
    if (this.#phase !== 'draining') return;
    say(`${signal}: ${describeBeginning(server.connections, watching)}`);
    const report = await server.drain({ timeoutMs: drainMs });
    if (this.#phase !== 'draining') return;
    say(describeEnd(report));
    this.#exit(report.connectionsCut === 0 ? 0 : SIGNAL_EXIT_CODES[signal]);
  }

  async #cut(signal: EndSignal): Promise<void> {
    const { server, say } = this.#options;
    this.#phase = 'over';
    const remaining = server.connections.length;
    await server.close();
    say(`${signal} again: ${count(remaining, 'connection')} cut`);
    this.#options.exit(SIGNAL_EXIT_CODES[signal]);
  }

  #exit(code: number): void {
    this.#phase = 'over';
    this.#options.exit(code);
  }
}

function describeBeginning(connections: HttpServer['connections'], watching: number): string {
  const told = watching === 0 ? '' : `${count(watching, 'live page')} told, `;
  const active = connections.filter(({ state }) => state !== 'idle').length;
  if (active === 0) return `${told}nothing${watching === 0 ? '' : ' else'} is under way`;
  const requests = connections.filter(({ state }) => state === 'active').length;
  const webSockets = connections.filter(({ state }) => state === 'switched').length;
  const what = [];
  if (requests > 0 || webSockets === 0) what.push(count(requests, 'request'));
  if (webSockets > 0) what.push(count(webSockets, 'WebSocket'));
  return `${told}waiting for ${what.join(' and ')} on ${count(active, 'connection')}; once more to cut`;
}

function describeEnd(report: DrainReport): string {
  const parts = [
    `${count(report.exchangesFinished, 'request')} finished`,
    `${count(report.connectionsClosed, 'connection')} closed`,
  ];
  if (report.connectionsCut > 0) parts.push(`${report.connectionsCut} cut`);
  return `done in ${(report.durationMs / 1000).toFixed(1)} s: ${parts.join(', ')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
