// What tells one state of a file from every other (RFC 9110 section 8.8).
import { createHash } from 'node:crypto';
import { formatHttpDate, wholeSecond } from './semantics/http-date.ts';
import type { Validators } from './semantics/preconditions.ts';
import type { EntryState } from './served-folder.ts';

/** Two changes within a tick of the system's clock, which is 16 ms or less, leave the same time. */
const CLOCK_TICK_MS = 50;

/** For file systems that keep whole seconds; FAT has only the even ones. */
const COARSE_TICK_MS = 2100;

/**
 * The validators of a file's content in a coding, at the time of the response. The entity tag is weak
 * while the file could be changed once more without its times' saying so: «a representation's
 * modification time […] might be a weak validator if it is possible for the representation to be
 * modified twice during a single second and retrieved between those modifications», 8.8.1.
 */
export function fileValidators(file: EntryState, coding: string, nowMs: number): Validators {
  const opaqueTag = `"${opaqueText(file, coding)}"`;
  const entityTag = isSettled(file, nowMs) ? opaqueTag : `W/${opaqueTag}`;
  return { entityTag, lastModifiedMs: lastModifiedOf(file, nowMs) };
}

/**
 * The modification time alone would not do, as archives and copies set it back; the time of change
 * and the inode are the system's. The hash is there to keep these to ourselves.
 */
function opaqueText(file: EntryState, coding: string): string {
  const { inode, sizeBytes, modifiedNs, changedNs } = file;
  const state = [inode, sizeBytes, modifiedNs, changedNs, coding].join(' ');
  return createHash('sha256').update(state).digest('base64url').slice(0, 22);
}

/**
 * Whether a change from now on would be seen. Its time is that of now: it would have to be the same as
 * the one that is there.
 */
function isSettled({ modifiedNs, changedNs }: EntryState, nowMs: number): boolean {
  const isCoarse = changedNs % 1_000_000_000n === 0n;
  const tickMs = isCoarse ? COARSE_TICK_MS : CLOCK_TICK_MS;
  // The system does not set it ahead; a file server may, whose clock is.
  if (nowMs - milliseconds(changedNs) < tickMs) return false;
  return Math.abs(nowMs - milliseconds(modifiedNs)) >= tickMs;
}

/**
 * «If the last modification time is derived from implementation-specific metadata that evaluates to
 * some time in the future, according to the origin server's clock, then the origin server MUST replace
 * that value with the message origination date», 8.8.2.1.
 */
function lastModifiedOf({ modifiedNs }: EntryState, nowMs: number): number | null {
  const unixMs = Math.min(milliseconds(modifiedNs), nowMs);
  return formatHttpDate(unixMs) === null ? null : wholeSecond(unixMs);
}

/** Rounded down, also before 1970. */
function milliseconds(timeNs: bigint): number {
  const rest = timeNs % 1_000_000n;
  return Number((timeNs - rest) / 1_000_000n) - (rest < 0n ? 1 : 0);
}
