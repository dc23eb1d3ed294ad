// Between requests, when nothing is under way: all that a server's connection then is.
import type { Instant } from './bytes/connection.ts';
import type { Http1ServerSettings } from './server-settings.ts';

/** What an idle connection remembers. Instants are rounded up to whole milliseconds, which take no memory of their own. */
export interface ServerRest {
  readonly openedAt: Instant;
  /** When the last byte was accepted; when the connection opened, before the first. */
  readonly idleSince: Instant;
  /** Requests received. */
  readonly requests: number;
  /** Bytes of input received. */
  readonly consumedBytes: number;
}

/** When an idle connection is closed. */
export function idleDeadline(settings: Http1ServerSettings, rest: ServerRest): Instant {
  const { idleMs, idleGraceMs, ageMsMax } = settings.timeouts;
  return Math.min(rest.idleSince + idleMs + idleGraceMs, rest.openedAt + ageMsMax);
}
