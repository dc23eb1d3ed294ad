// Heartbeats of a connection (RFC 6520): those that come, and those that are due.
import type { Instant } from './bytes/connection.ts';
import type { Engine } from './engine.ts';
import type { Traffic } from './traffic.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** A heartbeat record came. Throws PeerFault for a flood of them. */
export function receiveHeartbeat(engine: Engine, content: Uint8Array): void {
  const { traffic, now } = engine;
  // "If such a message is received during a handshake, it SHOULD be dropped silently" (section 3).
  if (traffic === null || traffic.heartbeat === null) return;
  traffic.countHeartbeat(now);
  const outcome = traffic.heartbeat.receive(content, now);
  if (outcome.type === 'response') {
    engine.report({ type: 'heartbeat', roundTripMs: outcome.roundTripMs });
  } else if (outcome.type === 'request') {
    traffic.heartbeat.held = outcome.response;
    answerHeartbeat(engine);
    engine.report({ type: 'heartbeat-request', payloadBytes: outcome.payloadBytes });
  }
}

/**
 * Sends the response that is held, as soon as there is room. "There MUST NOT be more than one
 * HeartbeatRequest message in flight" (section 3), so that of a peer which reads nothing one is enough.
 */
export function answerHeartbeat({ traffic, channel, closure, settings }: Engine): void {
  const heartbeat = traffic?.heartbeat ?? null;
  if (heartbeat === null || heartbeat.held === null) return;
  // Nothing follows a fatal alert, or close_notify; in front of that there may be data, and who waits for it.
  const isSilent = closure.isDeaf || (closure.isSent && !channel.output.awaitsLast);
  const hasRoom = channel.outputBytes < settings.limits.outputBytesMax;
  if (!isSilent && !hasRoom) return;
  if (!isSilent) channel.sendHeartbeat(heartbeat.held);
  heartbeat.held = null;
}

/** When a request is due, or the answer to one; Infinity for never. */
export function heartbeatDeadline({ isUnread, closure }: Engine, { heartbeat }: Traffic): Instant {
  // No deadline that blames the peer runs while its bytes are unread here.
  if (heartbeat === null || isUnread || closure.isSent) return NEVER;
  return heartbeat.deadline();
}

/** Does what is due; only when something is. */
export function beat(engine: Engine, { heartbeat }: Traffic): void {
  if (heartbeat === null) return;
  if (heartbeat.due(engine.now) === 'unanswered') engine.cut('heartbeat-timeout');
  else engine.channel.sendHeartbeat(heartbeat.request(engine.now));
}
