// GREASE: values that mean nothing and must be ignored (RFC 8701).

const GREASE_STEP = 0x1010;
const FIRST_GREASE = 0x0a0a;

/** Whether a cipher suite, group, extension, signature scheme or version is one of the sixteen. */
export function isGrease(code: number): boolean {
  return (code & 0x0f0f) === FIRST_GREASE && code >> 8 === (code & 0xff);
}

/** One of the sixteen, by four bits of `random`. */
export function greaseCode(random: number): number {
  return FIRST_GREASE + (random & 0x0f) * GREASE_STEP;
}
