// What is done to secrets besides computing with them.

/**
 * Whether two runs of bytes are the same, in a time that depends on their lengths alone: for tags,
 * binders and the verify_data of Finished, where the place of the first difference would tell an
 * attacker how far a guess was right.
 */
export function equalInConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index += 1) difference |= left[index]! ^ right[index]!;
  return difference === 0;
}

/** Overwrites a secret that has done its work (RFC 9846 sections 7.1 and F.1). */
export function wipe(secret: Uint8Array): void {
  secret.fill(0);
}
