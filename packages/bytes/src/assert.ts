/** Thrown when this library contradicts itself. Please report it. */
export class InvariantViolation extends Error {
  override readonly name: string = 'InvariantViolation';
}

/** Our own fault when false; never reachable by anything a peer or a caller does. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition)
    throw new InvariantViolation(`${what}: this is a bug in holdline, please report it`);
}
