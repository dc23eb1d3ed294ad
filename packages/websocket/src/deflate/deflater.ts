// Compression of messages (RFC 7692 section 7.2.1, RFC 1951), made for small ones.
import type { DeflateContext, MessageDeflater } from '../compression.ts';
import { checkWindowBits } from './alphabet.ts';
import { BlockWriter } from './block-writer.ts';
import { MatchWindow } from './match-window.ts';
import { BLOCK_BYTES_MAX, TokenList } from './token-list.ts';

/** What a block takes more than its content at most: bits of the one before, a head, two lengths. */
const BLOCK_EXTRA_BYTES = 6;
/** An empty stored block, and a byte that its head may begin in. */
const FLUSH_BYTES = 6;
/** Memory for output that is kept. */
const OUTPUT_BYTES = 65_536;
/**
 * It looks no further back than this, whatever was agreed: what other connections have put into the
 * tables in the meantime must be replaced by this much for each message.
 */
const HISTORY_BYTES_MAX = 4_096;

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What all connections share: some 330 KiB, from the first message on. */
class Workshop {
  readonly writer: BlockWriter = new BlockWriter(OUTPUT_BYTES);
  readonly list: TokenList = new TokenList();
  readonly window: MatchWindow = new MatchWindow();
  /** Whose past is in the window. */
  owner: Deflater | null = null;
}

let shared: Workshop | null = null;

/** Literals and matches, in the type of block that is the shortest. */
export class Deflater implements MessageDeflater {
  private readonly historyMax: number;
  private readonly contextTakeover: boolean;
  private kept: Uint8Array = NO_BYTES;
  private keptLength = 0;

  constructor(context: DeflateContext) {
    checkWindowBits(context.windowBits);
    this.historyMax = Math.min(HISTORY_BYTES_MAX, 1 << context.windowBits);
    this.contextTakeover = context.contextTakeover;
  }

  get contextBytes(): number {
    return this.kept.length;
  }

  /** What the next piece may refer to, as far as it looks back. It is borrowed until that piece. */
  get history(): Uint8Array {
    return this.keptLength === 0 ? NO_BYTES : this.kept.subarray(0, this.keptLength);
  }

  reset(): void {
    this.kept = NO_BYTES;
    this.keptLength = 0;
    if (shared?.owner === this) shared.owner = null;
  }

  deflate(data: Uint8Array, isLast: boolean): Uint8Array {
    shared ??= new Workshop();
    const { writer, window } = shared;
    const { output } = writer;
    const blocks = Math.ceil(data.length / BLOCK_BYTES_MAX);
    output.begin(data.length + blocks * BLOCK_EXTRA_BYTES + FLUSH_BYTES);
    if (blocks > 0) this.enterPast(shared);
    for (let start = 0; start < data.length; start += BLOCK_BYTES_MAX) {
      this.writeBlock(shared, data, start);
    }
    writer.flush(isLast);
    if (isLast && !this.contextTakeover) this.reset();
    else if (blocks > 0) this.keep(window.bytes, window.end);
    return output.take();
  }

  /** Takes note of a piece that was compressed elsewhere. */
  remember(data: Uint8Array, isLast: boolean): void {
    if (shared?.owner === this) shared.owner = null;
    if (isLast && !this.contextTakeover) {
      this.reset();
      return;
    }
    const missing = Math.max(0, this.historyMax - data.length);
    const older = this.history.subarray(Math.max(0, this.keptLength - missing));
    const all = new Uint8Array(older.length + data.length);
    all.set(older);
    all.set(data, older.length);
    this.keep(all, all.length);
  }

  /** Puts into the shared window what this connection said last, unless that is still there. */
  private enterPast(workshop: Workshop): void {
    if (workshop.owner === this) return;
    workshop.owner = this;
    workshop.window.clear();
    workshop.window.append(this.kept, 0, this.keptLength, 0);
    workshop.window.enterAll();
  }

  private writeBlock(workshop: Workshop, data: Uint8Array, start: number): void {
    const { writer, list, window } = workshop;
    const end = Math.min(start + BLOCK_BYTES_MAX, data.length);
    window.append(data, start, end, this.historyMax);
    const at = window.end - (end - start);
    list.begin();
    window.findMatches(at, this.historyMax, list);
    writer.write(list, window.bytes, at, window.end);
  }

  /** Keeps a copy of the last of `bytes[0..end)`. */
  private keep(bytes: Uint8Array, end: number): void {
    const length = Math.min(end, this.historyMax);
    if (this.kept.length < length) this.kept = new Uint8Array(this.historyMax);
    this.kept.set(bytes.subarray(end - length, end));
    this.keptLength = length;
  }
}
