// What an end probably means. Observations are facts; this is what an engineer would make of them,
// each with the reason. Causes that look the same from here share a name that says so.
import type { Evidence, Observation } from './closed-event.ts';

/** What probably ended a connection. */
export type LikelyCause =
  /** The two endpoints agreed to end. */
  | 'agreed'
  /** This side ended it: the caller, a limit, or a fault of the peer's that was noticed here. */
  | 'this-side'
  /** A proxy, load balancer or firewall on the way has an idle timeout of about this length. */
  | 'idle-timeout-on-path'
  /** The peer's process ended, or something on the way closed the line; not to be told apart from here. */
  | 'peer-or-path'
  /** Bytes no longer get through, or the peer's machine is gone, or its program hangs; not to be told apart from here. */
  | 'path-lost-or-peer-hung'
  /** The peer's machine answers, and its program does not read. */
  | 'peer-not-reading'
  /** The peer's program runs, and does not follow the closing handshake. */
  | 'peer-stubborn'
  /** This machine slept or was too busy, and the line was lost meanwhile. */
  | 'this-side-slept'
  /** This machine's network failed. */
  | 'local-network';

/** A guess, and why. */
export interface Diagnosis {
  readonly cause: LikelyCause;
  /** One sentence for a person. */
  readonly why: string;
}

/** Idle timeouts that proxies, load balancers and firewalls are known for, in milliseconds. */
const KNOWN_IDLE_TIMEOUTS_MS: readonly number[] = [
  10_000, 15_000, 30_000, 50_000, 55_000, 60_000, 65_000, 75_000, 90_000, 100_000, 120_000, 180_000,
  240_000, 300_000, 350_000, 400_000, 600_000, 900_000, 1_800_000, 3_600_000,
];
/** A timeout is noticed late by its timer and the way here. */
const EARLY_MS = 250;
const LATE_MS = 1_500;
/** Something came so recently that the peer's program was running. */
const LIVELY_MS = 5_000;

/** What an observation and its evidence probably mean; a pure function. */
export function diagnose(observation: Observation, evidence: Evidence): Diagnosis {
  switch (observation) {
    case 'closing-handshake':
      return { cause: 'agreed', why: 'Both sides sent a Close frame.' };
    case 'protocol-error':
    case 'limit':
      return { cause: 'this-side', why: 'This side refused what the peer sent.' };
    case 'aborted':
      return { cause: 'this-side', why: 'The program on this side cut the connection.' };
    case 'local-error':
      return { cause: 'local-network', why: "This machine's transport reported an error." };
    case 'local-stall':
      return slept(evidence);
    case 'ping-unanswered':
      return unanswered(evidence);
    case 'write-stall':
      return stalled(evidence);
    case 'close-unanswered':
      return unclosed(evidence);
    default:
      return ended(observation, evidence);
  }
}

/** FIN, RST or a truncated stream without a Close frame. */
function ended(observation: Observation, evidence: Evidence): Diagnosis {
  const { idleMs, withinMessage } = evidence;
  const sign = observation === 'reset' ? 'an RST' : 'the end of the stream';
  const limit = KNOWN_IDLE_TIMEOUTS_MS.find(
    (each) => idleMs >= each - EARLY_MS && idleMs <= each + LATE_MS,
  );
  if (limit !== undefined && !withinMessage) {
    const why = `There was ${sign} after ${seconds(idleMs)} s of silence, as a proxy with an idle timeout of ${seconds(limit)} s would send it.`;
    return { cause: 'idle-timeout-on-path', why };
  }
  const where = withinMessage ? 'within a message' : `after ${seconds(idleMs)} s of silence`;
  const why = `There was ${sign} ${where} and no Close frame: the peer's process ended, or something on the way closed.`;
  return { cause: 'peer-or-path', why };
}

function unanswered({ idleMs, unacceptedBytes }: Evidence): Diagnosis {
  const queued = unacceptedBytes > 0 ? `, and ${unacceptedBytes} bytes are not accepted` : '';
  const why = `Nothing came for ${seconds(idleMs)} s, a ping was not answered${queued}.`;
  return { cause: 'path-lost-or-peer-hung', why };
}

function stalled({ idleMs, unacceptedBytes }: Evidence): Diagnosis {
  if (idleMs <= LIVELY_MS) {
    const why = `The peer still sent ${seconds(idleMs)} s ago, and ${unacceptedBytes} bytes for it are not accepted.`;
    return { cause: 'peer-not-reading', why };
  }
  const why = `Nothing came for ${seconds(idleMs)} s, and ${unacceptedBytes} bytes are not accepted.`;
  return { cause: 'path-lost-or-peer-hung', why };
}

function unclosed(evidence: Evidence): Diagnosis {
  const { idleMs, unacceptedBytes } = evidence;
  if (idleMs <= LIVELY_MS && unacceptedBytes > 0) return stalled(evidence);
  if (idleMs <= LIVELY_MS) {
    const why = `The peer still sent ${seconds(idleMs)} s ago, and no Close frame.`;
    return { cause: 'peer-stubborn', why };
  }
  const why = `Nothing came for ${seconds(idleMs)} s, not even an answer to the Close frame.`;
  return { cause: 'path-lost-or-peer-hung', why };
}

function slept({ stallMs }: Evidence): Diagnosis {
  const why = `A deadline was noticed ${seconds(stallMs)} s late: this side was suspended or too busy.`;
  return { cause: 'this-side-slept', why };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
