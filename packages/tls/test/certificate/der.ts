// Makes DER, right or wrong, for tests.

/** A value with its tag and its length in the shortest form. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(contents);
  return Uint8Array.of(tag, ...lengthOf(body.length), ...body);
}

function lengthOf(bytes: number): number[] {
  if (bytes < 0x80) return [bytes];
  const octets: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return [0x80 | octets.length, ...octets];
}

/** What a certificate may have, beyond what it must. */
export interface CertificateParts {
  /** The contents of [0], or nothing. */
  readonly version?: Uint8Array;
  /** What stands between the key and the end. */
  readonly tail?: readonly Uint8Array[];
}

/** The key of {@link certificateOf}. */
export const TEST_KEY: Uint8Array = der(
  0x30,
  der(0x30, Uint8Array.of(0x06, 1, 1)),
  der(0x03, Uint8Array.of(0, 7)),
);

/** A certificate with the shape of RFC 5280 section 4.1; names and dates are empty. */
export function certificateOf({ version, tail = [] }: CertificateParts): Uint8Array {
  const empty = der(0x30);
  const head = version === undefined ? [] : [der(0xa0, version)];
  const serial = der(0x02, Uint8Array.of(1));
  const toBeSigned = [...head, serial, empty, empty, empty, empty, TEST_KEY, ...tail];
  return der(0x30, der(0x30, ...toBeSigned), empty, der(0x03, Uint8Array.of(0)));
}

/** Version 3. */
export const V3: Uint8Array = der(0x02, Uint8Array.of(2));

/** [3] with extensions. */
export function extensionsOf(...extensions: readonly Uint8Array[]): Uint8Array {
  return der(0xa3, der(0x30, ...extensions));
}

/** An extension with Key Usage's identifier and any value; `critical` as given. */
export function keyUsageOf(value: Uint8Array, critical?: Uint8Array): Uint8Array {
  const name = der(0x06, Uint8Array.of(0x55, 0x1d, 0x0f));
  return der(0x30, name, ...(critical ? [critical] : []), der(0x04, value));
}
