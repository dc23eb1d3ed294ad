// Time in a connection: until the handshake is complete, a heartbeat answered, a key old, an end come.
import type { Instant } from './bytes/connection.ts';
import type { Engine } from './engine.ts';
import { beat, heartbeatDeadline } from './engine-heartbeat.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** When something is due; Infinity for never. */
export function nextDeadline(engine: Engine): Instant {
  const { closure, traffic, handshakeDeadline } = engine;
  if (closure.isReported) return NEVER;
  if (closure.isDeaf || closure.transport === 'close') return closure.deadline;
  if (traffic === null) return Math.min(handshakeDeadline, closure.deadline);
  const keyDeadline = closure.isSent ? NEVER : traffic.keys.deadline;
  return Math.min(closure.deadline, keyDeadline, heartbeatDeadline(engine, traffic));
}

/** What is due is done; only when something is. */
export function meetDeadline(engine: Engine): void {
  const { closure, traffic, channel, now } = engine;
  if (now >= closure.deadline) {
    if (channel.outputBytes > 0) engine.cut('closing-timeout');
    else closure.close('closing-timeout');
  } else if (traffic === null) {
    engine.cut('handshake-timeout');
  } else if (now >= heartbeatDeadline(engine, traffic)) {
    beat(engine, traffic);
  } else {
    engine.report(traffic.keys.send(channel, false, 'age', now));
  }
}
