// How much padding a record gets (RFC 9846 section 5.4, which leaves the policy to us).

/**
 * Bytes of padding for a record of `contentBytes`, of which no more than `paddingBytesMax` fit; more
 * than that, less than 0 and fractions are cut.
 */
export type PaddingPolicy = (contentBytes: number, paddingBytesMax: number) => number;

/** Records of `stepBytes`, 2 `stepBytes` and so on; throws RangeError for a step that is not a whole number above 0. */
export function padToMultiple(stepBytes: number): PaddingPolicy {
  if (!(Number.isInteger(stepBytes) && stepBytes > 0)) {
    throw new RangeError('stepBytes must be a whole number above 0');
  }
  return (contentBytes) => {
    const over = contentBytes % stepBytes;
    return over === 0 && contentBytes > 0 ? 0 : stepBytes - over;
  };
}

/** All records of the largest size that the peer takes. */
export const padToFull: PaddingPolicy = (_contentBytes, paddingBytesMax) => paddingBytesMax;
