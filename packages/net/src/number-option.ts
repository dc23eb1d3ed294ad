// Numbers among options.

/** Throws RangeError for what is no number, or less than `minimum`. */
export function requireAtLeast(name: string, value: number, minimum: number): void {
  if (!(typeof value === 'number' && value >= minimum)) {
    throw new RangeError(`${name} must be a number from ${minimum} on`);
  }
}
