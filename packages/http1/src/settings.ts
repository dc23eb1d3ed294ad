// Options given over defaults, for both roles.

/** The defaults with what was given, each value a number of 0 or more. */
export function complete<Numbers extends object>(
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
