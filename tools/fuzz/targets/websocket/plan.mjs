// What an input of the pair means: how both directions behave, what was agreed on, how patient both
// sides are, and who says what when.
import { Random } from '../../random.mjs';
import { faultsOf, linkOf, movesOf } from '../pair/plan.mjs';

const LONG_MS = 1e9;
/** Nobody gives up, somebody does after a while, or soon. */
const TIMEOUTS = [
  { pongMs: LONG_MS, closingMs: LONG_MS, lingerMs: LONG_MS, writeStallMs: LONG_MS },
  {},
  { pingMs: 900, pongMs: 500, closingMs: 800, lingerMs: 300, writeStallMs: 2_000 },
];
const SMALL_LIMITS = [
  { messageBytesMax: 900 },
  { fragmentsMax: 3 },
  { outputBytesMax: 2_000 },
  { controlFramesPerSecondMax: 3 },
];
const bit = (byte, index) => ((byte >> index) & 1) === 1;

/** The plan of an input. */
export class Plan {
  constructor(input) {
    const [low = 0, high = 0, toServer = 0, toClient = 0, flags = 0, limits = 0] = input;
    const random = new Random(low | (high << 8));
    const counts = [toServer, toClient].map((byte) => (byte < 128 ? 0 : byte & 3));
    this.faults = counts.map((count) => faultsOf(random, count));
    [this.toServer, this.toClient] = this.faults.map((list) => linkOf(random, list));
    this.moves = movesOf(input);
    /** What the handshake agreed on; null for no compression. */
    this.deflate = bit(flags, 0)
      ? {
          serverNoContextTakeover: bit(flags, 1),
          clientNoContextTakeover: bit(flags, 2),
          serverMaxWindowBits: bit(flags, 3) ? 8 : 15,
          clientMaxWindowBits: bit(flags, 3) ? 9 : 15,
        }
      : null;
    this.patience = Math.max(0, ((flags >> 4) % 4) - 1);
    this.limits = Object.assign({}, ...SMALL_LIMITS.filter((_, index) => bit(limits, index)));
    const common = { timeouts: TIMEOUTS[this.patience], limits: this.limits, compressBytesMin: 30 };
    const inputBytesMax = bit(limits, 4) ? 200 : 65_536;
    common.limits = { inputBytesMax, ...this.limits };
    const delivery = (index) => (bit(flags, index) ? 'pieces' : 'whole');
    const ownership = bit(limits, 5) ? 'borrowed' : 'owned';
    this.clientOptions = { ...common, delivery: delivery(6), input: ownership };
    this.serverOptions = { ...common, delivery: delivery(7), input: ownership };
  }

  /** Nothing goes wrong, nobody is in a hurry, and nothing is too much. */
  get isSound() {
    return this.faults.flat().length === 0 && this.patience === 0 && this.isGenerous;
  }

  /** Nothing that is said is too much. */
  get isGenerous() {
    return Object.keys(this.limits).length === 0;
  }

  /** No byte is changed on the way. */
  get isHonest() {
    return this.faults.flat().every(({ kind }) => kind !== 'corrupt');
  }
}
