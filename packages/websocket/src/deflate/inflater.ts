// Decompression of messages (RFC 7692 section 7.2.2, RFC 1951), from input in any pieces.
import { assert } from '../bytes/assert.ts';
import type { DeflateContext, MessageInflater } from '../compression.ts';
import { checkWindowBits } from './alphabet.ts';
import { BitInput } from './bit-input.ts';
import { acquireCodes, type BlockCodes, fixedCodes, releaseCodes } from './block-codes.ts';
import { BlockHeader, HEADER_COMPLETE, HEADER_INVALID } from './block-header.ts';
import { OUTPUT_BYTES_MAX, type OutputBlock, outputBlock } from './output-block.ts';
import { SlidingWindow } from './sliding-window.ts';
import {
  BLOCK_ENDED,
  INVALID,
  NEEDS_INPUT,
  NEEDS_OUTPUT,
  SymbolDecoder,
} from './symbol-decoder.ts';

const HEADER = 0;
const STORED_LENGTH = 1;
const STORED_CHECK = 2;
const STORED = 3;
const DYNAMIC_CODES = 4;
const SYMBOLS = 5;
const FAULT = 6;

/** Besides what the decoder of symbols says: there is more to do. */
const GOES_ON = -1;

const STORED_BLOCK = 0;
const FIXED_BLOCK = 1;
const DYNAMIC_BLOCK = 2;

/** Block by block. Between messages it holds nothing but the window. */
export class Inflater implements MessageInflater {
  private state = HEADER;
  /** The block under way, or the last one if none is, says that it is the last of a stream. */
  private isFinal = false;
  private storedLength = 0;
  private codes: BlockCodes | null = null;
  private isStarted = false;
  private isPending = false;
  private isLast = false;
  private readonly input = new BitInput();
  private readonly header = new BlockHeader();
  private readonly decoder = new SymbolDecoder();
  private readonly window: SlidingWindow;
  private readonly windowBytesMax: number;
  private readonly contextTakeover: boolean;

  constructor(context: DeflateContext) {
    checkWindowBits(context.windowBits);
    this.window = new SlidingWindow(context.windowBits);
    this.windowBytesMax = 1 << context.windowBits;
    this.contextTakeover = context.contextTakeover;
  }

  get contextBytes(): number {
    const isShared = this.codes === null || this.codes === fixedCodes();
    return this.window.capacity + (isShared ? 0 : this.codes!.byteCount);
  }

  /** Nothing of a message has come yet. */
  get isBetweenMessages(): boolean {
    return !this.isStarted;
  }

  /** How far back a message may refer. */
  get windowLength(): number {
    return this.window.length;
  }

  /** A copy of as much as a message may refer to. */
  copyWindow(): Uint8Array {
    return this.window.copy();
  }

  /** Takes note of a whole message that was decompressed elsewhere. */
  remember(output: Uint8Array): void {
    if (this.contextTakeover) this.window.append(output, output.length);
  }

  push(data: Uint8Array, isLast: boolean): void {
    assert(!this.isPending, 'all that was pushed before has been taken');
    this.input.supply(data);
    this.isStarted = true;
    this.isPending = true;
    this.isLast = isLast;
  }

  next(outputBytesMax: number = OUTPUT_BYTES_MAX): Uint8Array | 'invalid' | null {
    if (this.state === FAULT) return 'invalid';
    if (!this.isPending) return null;
    const output = outputBlock();
    output.begin(this.window, this.windowBytesMax, outputBytesMax);
    const result = this.decode(output);
    if (result === INVALID) this.fail();
    else if (result === NEEDS_INPUT) this.endInput(output);
    else this.window.append(output.bytes, output.length);
    if (output.length > 0) return output.bytes.slice(0, output.length);
    // What has just failed says so now, unless there was output before the fault.
    return this.isFaulty() ? 'invalid' : null;
  }

  private isFaulty(): boolean {
    return this.state === FAULT;
  }

  /** Block after block, until input or room is used up. */
  private decode(output: OutputBlock): number {
    const { input } = this;
    for (;;) {
      let result = NEEDS_INPUT;
      switch (this.state) {
        case HEADER:
          if (!input.need(3)) return NEEDS_INPUT;
          result = this.beginBlock(input.take(1), input.take(2));
          break;
        case STORED_LENGTH:
        case STORED_CHECK:
          if (!input.need(16)) return NEEDS_INPUT;
          result = this.takeStoredLength(input.take(16));
          break;
        case STORED:
          result = this.copyStored(output);
          break;
        case DYNAMIC_CODES:
          result = this.readCodes();
          break;
        default:
          result = this.decoder.decode(input, output, this.codes!);
      }
      if (result === BLOCK_ENDED) this.endBlock();
      else if (result !== GOES_ON) return result;
    }
  }

  private beginBlock(finalBit: number, type: number): number {
    this.isFinal = finalBit === 1;
    switch (type) {
      case STORED_BLOCK:
        this.input.align();
        this.state = STORED_LENGTH;
        return GOES_ON;
      case FIXED_BLOCK:
        this.codes = fixedCodes();
        this.decoder.begin();
        this.state = SYMBOLS;
        return GOES_ON;
      case DYNAMIC_BLOCK:
        this.codes = acquireCodes();
        this.header.begin();
        this.state = DYNAMIC_CODES;
        return GOES_ON;
      default:
        return INVALID;
    }
  }

  /** LEN, then NLEN, "the one's complement of LEN" (RFC 1951 section 3.2.4). */
  private takeStoredLength(value: number): number {
    if (this.state === STORED_LENGTH) {
      this.storedLength = value;
      this.state = STORED_CHECK;
      return GOES_ON;
    }
    if (value !== (this.storedLength ^ 0xffff)) return INVALID;
    this.state = STORED;
    return GOES_ON;
  }

  /** Both lengths together are 32 bits, more than is ever held: what follows them is not held. */
  private copyStored(output: OutputBlock): number {
    const { input } = this;
    const room = output.lengthMax - output.length;
    const count = Math.min(this.storedLength, room, input.bytes.length - input.at);
    output.bytes.set(input.bytes.subarray(input.at, input.at + count), output.length);
    output.length += count;
    input.at += count;
    this.storedLength -= count;
    if (this.storedLength === 0) return BLOCK_ENDED;
    return count === room ? NEEDS_OUTPUT : NEEDS_INPUT;
  }

  private readCodes(): number {
    const result = this.header.read(this.input, this.codes!);
    if (result === HEADER_INVALID) return INVALID;
    if (result !== HEADER_COMPLETE) return NEEDS_INPUT;
    this.decoder.begin();
    this.state = SYMBOLS;
    return GOES_ON;
  }

  /**
   * "When any DEFLATE block with the BFINAL bit set to 1 doesn't end at a byte boundary, an endpoint
   * MUST add minimal padding bits" (RFC 7692 section 7.2.1); the next block may refer to before it.
   */
  private endBlock(): void {
    this.releaseCodes();
    if (this.isFinal) this.input.align();
    this.state = HEADER;
  }

  private releaseCodes(): void {
    if (this.codes !== null) releaseCodes(this.codes);
    this.codes = null;
  }

  /**
   * Where the input may end with a message: in the header of the empty stored block whose other four
   * octets the sender took off, or behind a block that says it is the last.
   */
  private endInput(output: OutputBlock): void {
    const { input, isLast } = this;
    input.release();
    this.isPending = false;
    if (!isLast || this.contextTakeover) this.window.append(output.bytes, output.length);
    if (!isLast) return;
    const isComplete = this.state === STORED_LENGTH || (this.state === HEADER && this.isFinal);
    if (!isComplete || input.heldBits > 0) this.fail();
    else this.endMessage();
  }

  private endMessage(): void {
    this.state = HEADER;
    this.isFinal = false;
    this.isStarted = false;
    if (!this.contextTakeover) this.window.clear();
  }

  /** Nothing can be made of what follows. */
  private fail(): void {
    this.state = FAULT;
    this.isPending = false;
    this.input.release();
    this.releaseCodes();
    this.window.clear();
  }
}
