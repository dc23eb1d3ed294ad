// What the first bytes of an input mean: what was asked or is taken, and how the stream is cut.
import { Random } from '../../random.mjs';

/** Bytes of an input before the stream. */
export const HEADER_BYTES = 4;
const METHODS = ['GET', 'HEAD', 'POST', 'CONNECT'];

/** The methods that a client has asked with: one to four, CONNECT only as the last. */
function askedBy(flags, methods) {
  const count = 1 + ((flags >> 4) & 3);
  return Array.from({ length: count }, (_, index) => {
    const method = METHODS[(methods >> (2 * index)) & 3];
    return method === 'CONNECT' && index < count - 1 ? 'GET' : method;
  });
}

/** The script of an input for a role. */
export class Script {
  constructor(role, input) {
    const [flags = 0, methods = 0, low = 0, high = 0] = input;
    const isBold = (flags & 1) !== 0;
    /** What `observe` of both parsers wants to know. */
    this.options = { role, switches: isBold };
    if (role === 'client') {
      const asked = askedBy(flags, methods);
      this.options = { role, asked, offers: isBold && asked.at(-1) !== 'CONNECT' };
    }
    this.stream = input.subarray(HEADER_BYTES);
    this.seed = low | (high << 8);
  }

  /** The stream cut into pieces, some or every byte. */
  get pieces() {
    const random = new Random(this.seed);
    const limit = random.pick([1, 4, 16, Math.max(1, this.stream.length)]);
    const pieces = [];
    for (let at = 0; at < this.stream.length; ) {
      const end = at + 1 + random.below(limit);
      pieces.push(this.stream.subarray(at, end));
      at = end;
    }
    return pieces;
  }
}
