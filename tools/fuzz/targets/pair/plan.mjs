// What an input of the pair means: how both directions behave, what goes wrong there, and who does
// what when.
import { Random } from '../../random.mjs';

/** Bytes of an input before its moves: a seed, how the links are, how the machines are. */
export const HEADER_BYTES = 6;
const MOVES_MAX = 40;
const MOVE_BYTES = 3;
const FAULTS = ['truncate', 'reset', 'corrupt', 'delay', 'stall'];
const BYTES_MAX = 8_000;
const DURATION_MS_MAX = 150_000;

/** A client's or a server's step: `kind` says which, `size` how much, `afterMs` when. */
export function movesOf(input) {
  const moves = [];
  for (let at = HEADER_BYTES; at < input.length && moves.length < MOVES_MAX; at += MOVE_BYTES) {
    const [kind, size = 0, pause = 0] = input.subarray(at, at + MOVE_BYTES);
    moves.push({ kind, size, afterMs: pause < 128 ? pause >> 3 : (pause - 127) * 500 });
  }
  return moves;
}

/** What goes wrong on the way in one direction. */
export function faultsOf(random, count) {
  return Array.from({ length: count }, () => {
    const isForever = random.oneIn(8);
    return {
      kind: random.pick(FAULTS),
      atByte: random.oneIn(2) ? random.below(600) : random.below(BYTES_MAX),
      mask: 1 + random.below(255),
      durationMs: isForever ? Number.POSITIVE_INFINITY : random.below(DURATION_MS_MAX),
    };
  });
}

/** How one direction behaves. */
export function linkOf(random, faults) {
  const segmentBytes = random.pick([1, 9, 100, 100, 1460, 1460]);
  const isRagged = random.oneIn(2);
  return {
    latencyMs: random.pick([0, 1, 40]),
    bytesPerMs: random.pick([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 100]),
    // Sizes follow from the number of the segment, so that both runs of one input are the same.
    segmentBytes: (index) => (isRagged ? 1 + ((index * 37) % segmentBytes) : segmentBytes),
    highWaterBytes: random.pick([1, 1_000, 16_384]),
    windowBytes: random.pick([100, 5_000, 65_536]),
    faults,
  };
}

/** The plan of an input. */
export class Plan {
  constructor(input) {
    const [low = 0, high = 0, toServer = 0, toClient = 0, flags = 0, limits = 0] = input;
    const random = new Random(low | (high << 8));
    const faults = [toServer, toClient].map((byte) => (byte < 128 ? 0 : byte & 3));
    this.faults = faults.map((count) => faultsOf(random, count));
    [this.toServer, this.toClient] = this.faults.map((list) => linkOf(random, list));
    this.moves = movesOf(input);
    /** How the server answers, one request after the other. */
    this.answerSeed = low ^ limits;
    this.clientOptions = {
      requestsMax: (flags & 1) === 0 ? Number.POSITIVE_INFINITY : 3,
      timeouts: (flags & 2) === 0 ? {} : { idleMs: 900, headMs: 5_000 },
    };
    this.serverOptions = {
      requestsMax: (flags & 4) === 0 ? Number.POSITIVE_INFINITY : 2,
      timeouts: (flags & 8) === 0 ? {} : { idleMs: 700, idleGraceMs: 100, headMs: 3_000 },
      limits: (limits & 1) === 0 ? {} : { inputBytesMax: 200, discardBytesMax: 50 },
    };
  }

  /** Nothing goes wrong, and nobody is in a hurry: the client's patience ends before the server's. */
  get isSound() {
    const { clientOptions, serverOptions } = this;
    const hasHurry = [clientOptions, serverOptions].some(({ timeouts }) => 'idleMs' in timeouts);
    return this.faults.flat().length === 0 && !hasHurry;
  }

  /** No byte is changed on the way. */
  get isHonest() {
    return this.faults.flat().every(({ kind }) => kind !== 'corrupt');
  }
}
