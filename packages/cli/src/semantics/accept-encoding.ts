// Which content codings a client takes (RFC 9110 sections 12.4.2 and 12.5.3).
import { listMembers } from './field-values.ts';

/** The coding of what is not encoded. */
export const IDENTITY = 'identity';

/** codings [ weight ], where weight = OWS ";" OWS "q=" qvalue, and `q` may be a capital. */
const MEMBER =
  /^(?<coding>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:[ \t]*;[ \t]*[Qq]=(?<weight>0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?$/;

/** Less than any weight but 0, which «means "not acceptable"». */
const LEAST_WEIGHT = 0.0001;

/**
 * Those of `offered` that are acceptable, the most preferred first; equally preferred ones stay in
 * the order in which they were offered. `acceptEncoding` is the field's value, null when it is absent.
 */
export function acceptableCodings(
  acceptEncoding: string | null,
  offered: readonly string[],
): string[] {
  // «any content coding is considered acceptable», but whoever decodes something says so.
  if (acceptEncoding === null) return offered.filter((coding) => coding === IDENTITY);
  const weights = parseWeights(acceptEncoding);
  return offered
    .map((coding) => ({ coding, weight: weightOf(coding, weights) }))
    .filter(({ weight }) => weight > 0)
    .sort((left, right) => right.weight - left.weight)
    .map(({ coding }) => coding);
}

/**
 * «If the representation has no content coding, then it is acceptable by default unless specifically
 * excluded by the Accept-Encoding header field stating either "identity;q=0" or "*;q=0" without a
 * more specific entry for "identity".»
 */
function weightOf(coding: string, weights: ReadonlyMap<string, number>): number {
  const unlisted = coding === IDENTITY ? LEAST_WEIGHT : 0;
  return weights.get(coding) ?? weights.get('*') ?? unlisted;
}

/** By lower-case coding. What is malformed is as good as not listed; of several weights the highest. */
function parseWeights(value: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const member of listMembers(value)) {
    const parts = MEMBER.exec(member)?.groups;
    if (parts === undefined) continue;
    const coding = registeredName(parts['coding'] as string);
    const weight = Number(parts['weight'] ?? 1);
    weights.set(coding, Math.max(weight, weights.get(coding) ?? 0));
  }
  return weights;
}

/** «A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"», section 8.4.1.3. */
function registeredName(coding: string): string {
  const name = coding.toLowerCase();
  return name === 'x-gzip' || name === 'x-compress' ? name.slice(2) : name;
}
