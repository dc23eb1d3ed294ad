// What the first bytes of an input mean: settings, the application's behaviour, splits and times.
import { Random } from '../../random.mjs';

/** Bytes of an input before the stream. */
export const HEADER_BYTES = 8;
const ENDS = ['finished', 'truncated', 'reset', 'failed'];
const FREE = 0x80;

/** Small limits are reached by short inputs. */
const SMALL_LIMITS = {
  startLineBytesMax: 100,
  methodBytesMax: 12,
  headBytesMax: 300,
  fieldsMax: 8,
  emptyLinesMax: 2,
  contentBytesMax: 500,
  discardBytesMax: 8,
  chunkExtensionBytesMax: 64,
  trailerBytesMax: 200,
  informationalMax: 3,
  inputBytesMax: 64,
};

/** The script of an input. */
export class Script {
  constructor(input) {
    const at = (index) => input[index] ?? 0;
    /** No comparison, but calls of all kinds at all times. */
    this.isFree = (at(0) & FREE) !== 0;
    this.hasSmallLimits = (at(0) & 1) !== 0;
    /** Two options of the role. */
    this.options = [(at(0) & 2) !== 0, (at(0) & 4) !== 0];
    this.requestsMax = (at(0) & 8) !== 0 ? 2 : Number.POSITIVE_INFINITY;
    this.end = ENDS[at(1) & 3];
    /** What the application does, one after the other, then from the first again. */
    this.actions = [at(2), at(3), at(4)];
    this.stream = input.subarray(HEADER_BYTES);
    this.seed = at(5) | (at(6) << 8) | (at(7) << 16);
  }

  get limits() {
    if (!this.hasSmallLimits) return {};
    // What comes in one piece with the last request is not counted as lingering: that is a difference.
    return this.isFree ? { ...SMALL_LIMITS, lingerBytesMax: 50 } : SMALL_LIMITS;
  }

  /** An age that is reached only where time goes by. */
  get timeouts() {
    return this.hasSmallLimits ? { ageMsMax: 40_000 } : {};
  }

  /** The action for the n-th occasion. */
  action(index) {
    return this.actions[index % this.actions.length];
  }

  /** How the stream is cut: some pieces, or every byte. */
  pieces() {
    const random = new Random(this.seed);
    if (random.oneIn(4)) return Array.from(this.stream, () => 1);
    const limit = random.oneIn(2) ? 12 : Math.max(1, this.stream.length);
    const pieces = [];
    for (let left = this.stream.length; left > 0; left -= pieces.at(-1)) {
      pieces.push(Math.min(left, 1 + random.below(limit)));
    }
    return pieces;
  }

  /** The lines that tell a case file's runner of limits, times and options. */
  caseOptions(role) {
    const lines = [];
    const numbers = (object) => Object.entries(object).map(([name, value]) => `${name}=${value}`);
    const [limits, timeouts] = [numbers(this.limits), numbers(this.timeouts)];
    if (limits.length > 0) lines.push(`limits: ${limits.join(' ')}`);
    if (timeouts.length > 0) lines.push(`timeouts: ${timeouts.join(' ')}`);
    if (this.requestsMax < Number.POSITIVE_INFINITY) lines.push(`requestsMax: ${this.requestsMax}`);
    const [first, second] = this.options;
    if (first) lines.push(role === 'server' ? 'acceptUrlTargets: true' : 'refuseObsFold: true');
    if (second)
      lines.push(role === 'server' ? 'announceKeepAlive: false' : 'allowUrlTargets: true');
    return lines;
  }

  /** The same for a reader. */
  describe() {
    const { isFree, hasSmallLimits, options, requestsMax, end, actions, seed } = this;
    const kind = isFree ? 'calls at all times' : 'whole against split';
    return [
      `${kind}; limits ${hasSmallLimits ? 'small' : 'default'}; options ${options}; ` +
        `requestsMax ${requestsMax}; end ${end}; actions ${actions}; seed ${seed}`,
    ];
  }
}
