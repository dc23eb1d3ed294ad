// How long a client waits, and for what: 100 (Continue), the head of a response, the next request.
import type { Instant } from './bytes/connection.ts';
import type { ClientParts } from './client-parts.ts';
import type { ResponseEvent } from './events.ts';

/** Sets the deadlines of a client connection by what it is waiting for. */
export class ClientPatience {
  /** From then on the connection takes no new request. */
  readonly ageDeadline: Instant;
  private idleMs: number;
  private readonly parts: ClientParts;

  constructor(parts: ClientParts) {
    this.parts = parts;
    this.ageDeadline = parts.core.now + parts.settings.timeouts.ageMsMax;
    this.idleMs = parts.settings.timeouts.idleMs;
  }

  /** Nothing is asked, from now on. */
  startIdle(): void {
    const { deadlines, now } = this.parts.core;
    deadlines.start('idle', Math.min(now + this.idleMs, this.ageDeadline));
  }

  /** Why an idle connection is closed at its deadline. */
  idleCause(now: Instant): 'max-age' | 'idle-timeout' {
    return now >= this.ageDeadline ? 'max-age' : 'idle-timeout';
  }

  /** A response is due once its request is out; or, before its content, 100 (Continue). */
  awaitResponse(): void {
    const { core, states, pipeline, settings } = this.parts;
    const { deadlines, output, now } = core;
    const isDue = states.receive === 'awaiting' && output.pendingBytes === 0;
    if (!isDue || deadlines.phase !== 'none') return;
    const { headMs, continueMs } = settings.timeouts;
    const isAsked = pipeline.length > 1 || states.send === 'ready';
    if (isAsked) deadlines.start('head', now + headMs);
    else if (pipeline.oldest!.expectsContinue) deadlines.start('continue', now + continueMs);
  }

  /** Content goes out, or the final response came. */
  stopWaitingForContinue(): void {
    const { core, pipeline } = this.parts;
    const { deadlines } = core;
    if (deadlines.phase === 'continue') deadlines.stop();
    const { newest } = pipeline;
    if (newest !== undefined) newest.expectsContinue = false;
  }

  /**
   * The server said when it will leave and how many requests it allows (RFC 2068 section 19.7.1.1):
   * the client leaves a margin earlier, so that no request meets the server's FIN. Half of a time that
   * is shorter than two margins is left to requests, or there would be no reuse at all.
   */
  readKeepAlive(response: ResponseEvent): void {
    const { timeoutMs = null, requestsMax = null } = response.keepAlive ?? {};
    const { settings, pipeline } = this.parts;
    const { idleMs, idleMarginMs } = settings.timeouts;
    if (timeoutMs !== null) {
      this.idleMs = Math.min(idleMs, Math.max(timeoutMs / 2, timeoutMs - idleMarginMs));
    }
    if (requestsMax !== null) pipeline.allow(requestsMax);
  }
}
