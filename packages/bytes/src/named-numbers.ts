// Limits and timeouts: numbers by name, of which a caller gives some.

/** The defaults, with what is given over them; throws RangeError for a name that is unknown or a number that is not >= 0. */
export function completeNumbers<Numbers extends object>(
  what: string,
  defaults: Numbers,
  given: Partial<Numbers> | undefined,
): Numbers {
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!(name in defaults)) throw new RangeError(`${what}.${name} is unknown`);
    if (!(typeof value === 'number' && value >= 0)) {
      throw new RangeError(`${what}.${name} must be a number of 0 or more`);
    }
  }
  return Object.freeze({ ...defaults, ...given });
}
