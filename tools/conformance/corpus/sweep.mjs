// Families of 256: one position of a request, with every byte in it.
import { defineCase } from '../src/case.mjs';

/**
 * A case for each byte. `make` gets it as a character and returns the parts of a case: `send`,
 * `expect` and whatever differs from `shared`.
 */
export function sweep(name, shared, make) {
  return Array.from({ length: 256 }, (_, code) => {
    const hex = code.toString(16).padStart(2, '0');
    const { gist, ...parts } = { ...shared, ...make(String.fromCharCode(code)) };
    return defineCase({ id: `${name}/0x${hex}`, gist: `byte 0x${hex} ${gist}`, ...parts });
  });
}
