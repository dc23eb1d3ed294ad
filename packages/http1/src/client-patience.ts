// How long a client waits, and for what: 100 (Continue), the head of a response, the next request.
import type { Instant } from './bytes/connection.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import type { ConnectionCore } from './connection-core.ts';
import type { ClientCloseCause, ClientEvent, ResponseEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import type { Pipeline } from './pipeline.ts';
import type { CLIENT_RECEIVE, CLIENT_SEND, StatePair } from './state.ts';

/** Sets the deadlines of a client connection by what it is waiting for. */
export class ClientPatience {
  /** From then on the connection takes no new request. */
  readonly ageDeadline: Instant;
  private idleMs: number;
  private readonly settings: Http1ClientSettings;
  private readonly core: ConnectionCore<ClientEvent<Http1FaultCode>, ClientCloseCause>;
  private readonly states: StatePair<typeof CLIENT_RECEIVE, typeof CLIENT_SEND>;
  private readonly pipeline: Pipeline;

  constructor(
    settings: Http1ClientSettings,
    core: ConnectionCore<ClientEvent<Http1FaultCode>, ClientCloseCause>,
    states: StatePair<typeof CLIENT_RECEIVE, typeof CLIENT_SEND>,
    pipeline: Pipeline,
  ) {
    this.settings = settings;
    this.core = core;
    this.states = states;
    this.pipeline = pipeline;
    this.ageDeadline = core.now + settings.timeouts.ageMsMax;
    this.idleMs = settings.timeouts.idleMs;
  }

  /** Nothing is asked, from now on. */
  startIdle(): void {
    this.core.deadlines.start('idle', Math.min(this.core.now + this.idleMs, this.ageDeadline));
  }

  /** A response is due once its request is out; or, before its content, 100 (Continue). */
  awaitResponse(): void {
    const { core, states, pipeline } = this;
    const { deadlines, output, now } = core;
    const isDue = states.receive === 'awaiting' && output.pendingBytes === 0;
    if (!isDue || deadlines.phase !== 'none') return;
    const { headMs, continueMs } = this.settings.timeouts;
    const isAsked = pipeline.length > 1 || states.send === 'ready';
    if (isAsked) deadlines.start('head', now + headMs);
    else if (pipeline.oldest!.expectsContinue) deadlines.start('continue', now + continueMs);
  }

  /** Content goes out, or the final response came. */
  stopWaitingForContinue(): void {
    const { deadlines } = this.core;
    if (deadlines.phase === 'continue') deadlines.stop();
    const { newest } = this.pipeline;
    if (newest !== undefined) newest.expectsContinue = false;
  }

  /**
   * The server said when it will leave and how many requests it allows (RFC 2068 section 19.7.1.1):
   * the client leaves a margin earlier, so that no request meets the server's FIN.
   */
  readKeepAlive(response: ResponseEvent): void {
    const { timeoutMs = null, requestsMax = null } = response.keepAlive ?? {};
    const { idleMs, idleMarginMs } = this.settings.timeouts;
    if (timeoutMs !== null) this.idleMs = Math.min(idleMs, Math.max(0, timeoutMs - idleMarginMs));
    if (requestsMax !== null) this.pipeline.allow(requestsMax);
  }
}
