// One side of a conversation: messages in all the ways in which they can be sent, each of which tells
// its number, pings, and ends.
import { attempt } from '../http1/attempt.mjs';

const SIZE_UNIT = 15;
/** Characters of one to four bytes. Messages resemble the third before them, which is worth a compressor's while. */
const WORDS = ['a€', 'é😀b', '{"c":'];
const CLOSE_CODE = 4000;
const FIRST_FRAGMENT = 7;
const encoder = new TextEncoder();

/** Content that says whose it is. */
function contentOf(id, kind, size) {
  const word = WORDS[id % WORDS.length];
  const parts = Array.from({ length: size }, (_, index) => `${word}${index}`);
  const text = `${id}: ${parts.join('')}`;
  if (kind === 'text') return { text, bytes: encoder.encode(text) };
  const bytes = new Uint8Array(size * SIZE_UNIT).map((_, index) => id * 31 + (index >> 2));
  return { text, bytes };
}

/** One machine, and what it was told to say. */
export class Talking {
  /** Every message so far: its kind, the bytes of it that were sent, and whether it is whole. */
  said = [];
  /** Somebody on this side has cut the connection. */
  hasCut = false;
  #machine;
  #prepare;
  /** What is to come of the message under way. */
  #rest = null;

  /** `prepare(kind, content)` makes a message for many; null for a client. */
  constructor(machine, prepare) {
    this.#machine = machine;
    this.#prepare = prepare;
  }

  /** Does what a move says, if the machine lets it. */
  act(kind, size, now) {
    const machine = this.#machine;
    const id = this.said.length;
    const ways = [
      () => this.#whole('text', size, now),
      () => this.#whole('binary', size, now),
      () => this.#begin(size % 2 === 0 ? 'text' : 'binary', size, now),
      () => this.#continue(size, now),
      () => this.#declare(size, now),
      () => this.#broadcast(size, now),
      () => attempt(machine, () => machine.ping(new Uint8Array(size % 126).fill(id), now)),
      () => attempt(machine, () => machine.pong(Uint8Array.of(id), now)),
      () => this.close(size, now),
      () => this.cut(now),
    ];
    // Most say something.
    ways[kind < 200 ? kind % 8 : kind < 250 ? kind % 4 : 8 + (kind % 2)]();
  }

  /** Begins to close, in one of the ways. */
  close(size, now) {
    const machine = this.#machine;
    if (size === 0) attempt(machine, () => machine.close(now));
    else if (size === 1) attempt(machine, () => machine.close(now, 1005));
    else attempt(machine, () => machine.close(now, CLOSE_CODE + size, 'enough'));
  }

  /** Says the rest of what was begun, without which no Close frame may follow, and closes. */
  finish(now) {
    this.#continue(0, now);
    this.close(0, now);
  }

  cut(now) {
    this.hasCut = true;
    attempt(this.#machine, () => this.#machine.abort(now));
  }

  #whole(kind, size, now) {
    const machine = this.#machine;
    const { text, bytes } = contentOf(this.said.length, kind, size);
    const isAccepted = attempt(machine, () => {
      if (kind === 'binary') machine.sendBinary(bytes, now);
      else machine.sendText(size % 2 === 0 ? text : bytes, now, { compress: size % 3 > 0 });
    });
    if (isAccepted) this.said.push({ kind, bytes, isWhole: true });
  }

  /** A message in pieces, the next of which come with later moves. */
  #begin(kind, size, now) {
    const machine = this.#machine;
    if (!attempt(machine, () => machine.beginMessage(kind, now))) return;
    const { bytes } = contentOf(this.said.length, kind, size);
    const message = { kind, bytes, isWhole: false };
    this.said.push(message);
    const send = (piece, isLast, at) => machine.sendPiece(piece, isLast, at);
    this.#rest = { message, left: bytes, send };
    this.#continue(FIRST_FRAGMENT, now);
  }

  /** As much of it as asked for, or all when that is nothing. */
  #continue(size, now) {
    if (this.#rest === null) return;
    const { left, send, message } = this.#rest;
    const byteCount = size % 5 === 0 ? left.length : size;
    const isLast = byteCount >= left.length;
    const piece = left.subarray(0, byteCount);
    this.#rest = isLast ? null : { ...this.#rest, left: left.subarray(byteCount) };
    message.isWhole = attempt(this.#machine, () => send(piece, isLast, now)) && isLast;
  }

  /** A frame of declared length, which only servers have. */
  #declare(size, now) {
    const machine = this.#machine;
    if (this.#prepare === null) return;
    const { bytes } = contentOf(this.said.length, 'binary', size);
    const { length } = bytes;
    if (!attempt(machine, () => machine.declareMessage('binary', length, now))) return;
    const message = { kind: 'binary', bytes, isWhole: length === 0 };
    this.said.push(message);
    if (length === 0) return;
    const send = (piece, _isLast, at) => machine.sendDeclared(piece, at);
    this.#rest = { message, left: bytes, send };
    this.#continue(FIRST_FRAGMENT, now);
  }

  /** A message that was made for many. */
  #broadcast(size, now) {
    const machine = this.#machine;
    if (this.#prepare === null) return;
    const { text, bytes } = contentOf(this.said.length, 'text', size);
    const isAccepted = attempt(machine, () => {
      machine.sendPrepared(this.#prepare('text', text), now);
    });
    if (isAccepted) this.said.push({ kind: 'text', bytes, isWhole: true });
  }
}
