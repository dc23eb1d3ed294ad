// What the RFCs allow a server to do with the bytes of a case: a list of alternatives, each with the
// statuses of its final responses in order, and what becomes of the connection.

/** 2xx, 3xx, 403, 404, 405 and 421: the request was parsed, and something was decided about it. */
export const UNDERSTOOD = 'understood';

/** Any 4xx: the RFC asks for a refusal and leaves its status open. */
export const CLIENT_ERROR = '4xx';

const UNDERSTOOD_ERRORS = new Set([403, 404, 405, 421]);

/**
 * @typedef {object} Alternative
 * @property {(number | string)[][]} statuses one set of statuses for each final response
 * @property {'persist' | 'close' | 'any'} fate what the connection does afterwards
 * @property {boolean} [isEarly] only for a server that answers before it has read the content
 */

/** Whether a status is in a set that may hold `UNDERSTOOD` and `CLIENT_ERROR`. */
export function statusIsIn(set, status) {
  if (set.includes(status)) return true;
  if (set.includes(CLIENT_ERROR) && status >= 400 && status < 500) return true;
  if (!set.includes(UNDERSTOOD)) return false;
  return (status >= 200 && status < 400) || UNDERSTOOD_ERRORS.has(status);
}

/** Responses with these sets of statuses; then the connection serves the next request. */
export const persists = (...statuses) => ({ statuses, fate: 'persist' });

/** Responses with these sets of statuses; then the server ends the connection. */
export const closes = (...statuses) => ({ statuses, fate: 'close' });

/** Responses with these sets of statuses; whether the connection persists is the server's choice. */
export const answers = (...statuses) => ({ statuses, fate: 'any' });

/** So many requests understood, and the connection stays. */
export const accepted = (count = 1) => [persists(...understood(count))];

/** So many requests understood, and the connection is ended after them. */
export const acceptedThenClosed = (count = 1) => [closes(...understood(count))];

/** Refused before the request is understood; the connection is ended, as its framing is in doubt. */
export const refused = (...statuses) => [closes(statuses.length === 0 ? [400] : statuses)];

/** Refused for what the request says; its framing was clear, so the connection may stay. */
export const declined = (...statuses) => [answers(statuses.length === 0 ? [400] : statuses)];

/**
 * Content turned out to be faulty: 400, or the connection ends without another response where the
 * final response was already on its way (RFC 9110 section 7.5 allows responses before that).
 */
export const contentRefused = (...statuses) => [
  ...refused(...statuses),
  { ...closes([UNDERSTOOD]), isEarly: true },
];

/** The sets of so many requests that were understood. */
export function understood(count) {
  return Array.from({ length: count }, () => [UNDERSTOOD]);
}

/** The statuses of responses to a method that the server may not know (RFC 9110 section 9.1). */
export const METHOD_STATUSES = [UNDERSTOOD, 501];

/** An expectation in one line. */
export function describeAlternatives(alternatives) {
  return alternatives.map(describeAlternative).join(' or ');
}

function describeAlternative({ statuses, fate }) {
  const sets = statuses.map((set) => set.join('|'));
  return `[${sets.join(', ')}] ${fate}`;
}
