// Conditional requests (RFC 9110 section 13): what is done, given the fields of a request and the
// validators of the representation that it selects.
import { isEntityTag, matchesStrongly, matchesWeakly, parseEntityTags } from './entity-tag.ts';
import { type FieldLine, fieldValue } from './field-values.ts';
import { parseHttpDate, wholeSecond } from './http-date.ts';

/** What tells a representation from others of the same resource (RFC 9110 section 8.8). */
export interface Validators {
  /** As in ETag; null for a representation that has none. */
  readonly entityTag: string | null;
  /** As in Last-Modified: a whole second, in Unix milliseconds; null when there is no such date. */
  readonly lastModifiedMs: number | null;
}

/** Of a representation that is made anew each time. */
export const NO_VALIDATORS: Validators = { entityTag: null, lastModifiedMs: null };

/** The part of a request's head that conditions are made of. */
export interface ConditionalRequest {
  readonly method: string;
  readonly fields: readonly FieldLine[];
}

/**
 * Steps 1 to 4 of section 13.2.2: 412 or 304, or 200 when the method is to be performed. To be asked
 * only where the response would be successful without them: «A server MUST ignore all received
 * preconditions if its response to the same request without those conditions […] would have been a
 * status code other than a 2xx (Successful) or 412», section 13.2.1.
 */
export function preconditionStatus(
  { method, fields }: ConditionalRequest,
  validators: Validators,
  nowMs: number,
): 200 | 304 | 412 {
  const isRead = method === 'GET' || method === 'HEAD';
  const ifMatch = fieldValue(fields, 'if-match');
  const ifUnmodifiedSince = fieldValue(fields, 'if-unmodified-since');
  if (ifMatch !== null) {
    if (!someMatches(ifMatch, validators, matchesStrongly)) return 412;
  } else if (ifUnmodifiedSince !== null) {
    if (isModifiedSince(ifUnmodifiedSince, validators, nowMs) === true) return 412;
  }
  const ifNoneMatch = fieldValue(fields, 'if-none-match');
  const ifModifiedSince = fieldValue(fields, 'if-modified-since');
  if (ifNoneMatch !== null) {
    if (someMatches(ifNoneMatch, validators, matchesWeakly)) return isRead ? 304 : 412;
  } else if (isRead && ifModifiedSince !== null) {
    if (isModifiedSince(ifModifiedSince, validators, nowMs) === false) return 304;
  }
  return 200;
}

/**
 * Step 5: whether the value of If-Range lets Range be. «A client MUST NOT generate an If-Range header
 * field in a request that does not contain a Range header field», and without one it is not asked.
 */
export function allowsRange(ifRange: string, validators: Validators, nowMs: number): boolean {
  const { entityTag, lastModifiedMs } = validators;
  if (isEntityTag(ifRange)) return entityTag !== null && matchesStrongly(ifRange, entityTag);
  if (lastModifiedMs === null || parseHttpDate(ifRange, nowMs) !== lastModifiedMs) return false;
  // «If the HTTP-date validator provided is not a strong validator […], the condition is false.»
  // Within the second that it names, the file may be modified once more without the date's saying so.
  return wholeSecond(nowMs) > lastModifiedMs;
}

/** With `*`, any representation will do, and there is one. */
function someMatches(
  value: string,
  { entityTag }: Validators,
  matches: (left: string, right: string) => boolean,
): boolean {
  const tags = parseEntityTags(value);
  if (tags === '*') return true;
  return entityTag !== null && tags.some((tag) => matches(tag, entityTag));
}

/**
 * Null for a condition that has to be ignored: «if the received field value is not a valid HTTP-date,
 * the field value has more than one member», or «if the resource does not have a modification date
 * available».
 */
function isModifiedSince(
  value: string,
  { lastModifiedMs }: Validators,
  nowMs: number,
): boolean | null {
  const sinceMs = parseHttpDate(value, nowMs);
  if (sinceMs === null || lastModifiedMs === null) return null;
  return lastModifiedMs > sinceMs;
}
