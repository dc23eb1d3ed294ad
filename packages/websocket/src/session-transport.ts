// What is below the messages: input, output, time, and the end in stages (RFC 6455 section 7.1.1).
// After the closing handshake the server ends its direction first and the client waits for that, so
// that the waiting of TCP is with the client; bytes that still come are thrown away, so that no
// reset erases the Close frame.
import {
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TransportWish,
} from './bytes/connection.ts';
import { checkInput, ReceiveBuffer } from './bytes/receive-buffer.ts';
import { FrameOutput } from './frame-output.ts';
import type { WebSocketSettings } from './settings.ts';
import { isStall } from './stall.ts';

/** What a deadline is for: our answer to a Close frame, the peer's and the way to the end, or its FIN. */
type Phase = 'none' | 'answer' | 'closing' | 'linger';

/** How long a Close frame of the peer's is left without an answer, which it may not wait for much longer. */
const ANSWER_MS_MAX = 2_000;

const NEVER = Number.POSITIVE_INFINITY;

/** Input, output, time and the end of one connection. */
export class SessionTransport {
  readonly input: ReceiveBuffer = new ReceiveBuffer();
  readonly output: FrameOutput;
  readonly settings: WebSocketSettings;
  /** What to do with the transport once the output is accepted. */
  transport: TransportWish = 'open';
  /** How the peer's direction ended; null while it is open. */
  peerEnd: End | null = null;
  /** Input has come since more was last asked for. */
  unread = false;
  /** Nothing that comes has a meaning any more: it is thrown away. */
  isDeaf = false;
  /** The last instant heard of, for calls that bring none. */
  now: Instant = 0;
  phase: Phase = 'none';
  private phaseDeadline: Instant = NEVER;
  private writeDeadline: Instant = NEVER;
  /** Our last byte is queued, and what is to come then. */
  private wish: TransportWish | null = null;

  constructor(settings: WebSocketSettings) {
    this.settings = settings;
    this.output = new FrameOutput(settings.keys, settings.masker);
  }

  /** Serves another connection from now on; only after all was quiet. */
  begin(consumedBytes: number, now: Instant): void {
    this.input.consumedBytes = consumedBytes;
    this.now = now;
    this.unread = false;
  }

  /** Nothing is stored, queued, awaited or over. */
  get isQuiet(): boolean {
    const isEmpty = this.input.length === 0 && this.output.pendingBytes === 0;
    return isEmpty && this.peerEnd === null && this.phase === 'none' && this.transport === 'open';
  }

  /** Nothing more of ours follows what is queued. */
  get isEnding(): boolean {
    return this.wish !== null || this.transport !== 'open';
  }

  /** The output is out, or nothing of it will be, and the transport is not needed any more. */
  get isOver(): boolean {
    const isSent = this.transport === 'close' && this.output.pendingBytes === 0;
    return isSent || this.transport === 'abort';
  }

  /** Whether to read the transport; at the end only to throw away what comes, while anything still does. */
  get wantsData(): boolean {
    if (this.peerEnd !== null) return false;
    if (this.isDeaf) return this.transport === 'open' || this.transport === 'half-close';
    return !this.unread || this.input.length < this.settings.limits.inputBytesMax;
  }

  /** The earliest deadline; Infinity when there is none. */
  get deadline(): Instant {
    return Math.min(this.phaseDeadline, this.writeDeadline);
  }

  /** Stores bytes, or throws them away; throws TypeError and RangeError as `receive` does. */
  receive(data: Uint8Array, now: Instant): void {
    checkInput(data);
    const { inputBytesMax } = this.settings.limits;
    if (this.unread && this.input.length > inputBytesMax) {
      throw new RangeError(`more than ${inputBytesMax} bytes are unread: heed wantsData`);
    }
    this.now = now;
    if (this.isDeaf) return;
    this.input.append(this.settings.copiesInput ? new Uint8Array(data) : data);
    this.unread = true;
  }

  /** The peer's direction ended; true when that was abrupt. */
  receiveEnd(now: Instant, end: End): boolean {
    this.now = now;
    this.unread = true;
    const isAbrupt = end === 'reset' || end === 'failed';
    if (this.peerEnd === null || isAbrupt) this.peerEnd = end;
    return isAbrupt;
  }

  /** More input is wanted: all there was has been read. */
  needData(): NeedData {
    this.unread = false;
    return NEED_DATA;
  }

  /** What comes from now on is thrown away. */
  goDeaf(): void {
    this.isDeaf = true;
    this.input.clear();
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    const nothingWasOut = this.output.handedOutBytes === 0;
    const chunk = this.output.next();
    if (chunk !== null && nothingWasOut) this.writeMoved();
    return chunk;
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    if (this.transport === 'abort') return;
    if (!this.output.accept(byteCount)) {
      throw new RangeError('outputAccepted: more bytes than nextOutput handed out');
    }
    this.now = now;
    if (byteCount === 0) return;
    this.writeMoved();
    // The Close frame is on its way behind a backlog: the peer's time begins when it has left.
    if (this.phase === 'closing') this.awaitClose();
    if (this.wish !== null) this.settle();
  }

  /** The peer's Close frame has come, and its answer may wait for this long. */
  awaitAnswer(): void {
    this.startPhase('answer', Math.min(ANSWER_MS_MAX, this.settings.timeouts.closingMs));
  }

  /** Our Close frame is queued: the peer's has this long. */
  awaitClose(): void {
    this.startPhase('closing', this.settings.timeouts.closingMs);
  }

  /** The peer cannot be blamed for the time that has gone by: it has the same again. */
  forgive(): void {
    this.startPhase('closing', Math.max(1, this.settings.timeouts.closingMs));
  }

  /** Begins the peer's time anew when this side did not run for a while; false when it did. */
  forgiveAfterStall(now: Instant): boolean {
    const { closingMs, writeStallMs } = this.settings.timeouts;
    const isWriting = isStall(now - this.writeDeadline, writeStallMs);
    if (isWriting) this.writeDeadline = now + Math.max(1, writeStallMs);
    const isClosing = this.phase === 'closing' && isStall(now - this.phaseDeadline, closingMs);
    if (isClosing) this.forgive();
    return isWriting || isClosing;
  }

  /**
   * Nothing follows what is queued, and nothing that comes has a meaning: once that is out, this side
   * ends its direction, unless it is a client's that waits for the server to be first.
   */
  beginEnd(waitsForPeer: boolean): void {
    if (this.isEnding) return;
    this.wish = waitsForPeer ? 'open' : 'half-close';
    this.awaitClose();
    this.settle();
  }

  /** As `beginEnd`, when the peer's direction has ended already. */
  beginClose(): void {
    if (this.transport === 'abort') return;
    this.wish = 'close';
    this.awaitClose();
    this.settle();
  }

  /** The peer's end came, or is waited for no longer. */
  endLinger(): void {
    if (this.transport === 'abort' || this.wish === null) return;
    this.wish = 'close';
    this.settle();
  }

  /** No more patience: what is queued is given up. */
  cut(): void {
    this.output.clear();
    this.stopDeadlines();
    this.transport = 'abort';
  }

  /** The deadline of the phase has come. */
  phaseIsOver(now: Instant): boolean {
    return now >= this.phaseDeadline;
  }

  /** The transport has accepted nothing for too long. */
  writeIsStalled(now: Instant): boolean {
    return now >= this.writeDeadline;
  }

  /** Nothing is due any more. */
  stopDeadlines(): void {
    this.phase = 'none';
    this.phaseDeadline = NEVER;
    this.writeDeadline = NEVER;
  }

  /** Tells the transport the wish; from when all is out, the peer's FIN has its own time. */
  private settle(): void {
    this.transport = this.wish ?? this.transport;
    if (this.output.pendingBytes > 0) return;
    if (this.transport === 'close') this.stopDeadlines();
    else if (this.phase !== 'linger') this.startPhase('linger', this.settings.timeouts.lingerMs);
  }

  private startPhase(phase: Phase, afterMs: number): void {
    this.phase = phase;
    this.phaseDeadline = this.now + afterMs;
  }

  private writeMoved(): void {
    const { writeStallMs } = this.settings.timeouts;
    this.writeDeadline = this.output.handedOutBytes === 0 ? NEVER : this.now + writeStallMs;
  }
}
