// A decoder that is as plain as can be: all the bytes at once, no limits, in the words of RFC 6455
// sections 5 and 6. What it makes of a stream is what the machine must make of it.
import { inflated } from './compression.ts';

/** What a reader of a stream reports. */
export interface Read {
  readonly type: 'text' | 'binary' | 'ping' | 'pong' | 'close' | 'failed';
  /** Payload or content; of a close its code, of a fault the code to close with, as a number. */
  readonly what: string | number;
}

interface Message {
  readonly opcode: number;
  readonly isCompressed: boolean;
  readonly parts: Uint8Array[];
}

/** Hexadecimal digits. */
export function digits(data: Uint8Array): string {
  return Buffer.from(data).toString('hex');
}

/** Reads what came from the peer; `masked` is what its frames must be. Without context takeover. */
export function readNaively(stream: Uint8Array, masked: boolean, mayCompress: boolean): Read[] {
  const found: Read[] = [];
  const fail = (code: number): Read[] => [...found, { type: 'failed', what: code }];
  let message: Message | null = null;
  let at = 0;
  while (at < stream.length) {
    const first = stream[at]!;
    const opcode = first & 15;
    const rsv = (first >> 4) & 7;
    const isStart = opcode === 1 || opcode === 2;
    if (rsv !== 0 && !(rsv === 4 && isStart && mayCompress)) return fail(1002);
    if (![0, 1, 2, 8, 9, 10].includes(opcode)) return fail(1002);
    const isFinal = first >= 128;
    if (opcode >= 8 && !isFinal) return fail(1002);
    if (opcode === 0 && message === null) return fail(1002);
    if (isStart && message !== null) return fail(1002);
    if (at + 1 >= stream.length) return found;
    const second = stream[at + 1]!;
    if (second >= 128 !== masked) return fail(1002);
    let length = second & 127;
    if (opcode >= 8 && length > 125) return fail(1002);
    let cursor = at + 2;
    const wide = length === 126 ? 2 : length === 127 ? 8 : 0;
    if (wide > 0) {
      if (cursor + wide > stream.length) return found;
      let value = 0n;
      for (let index = 0; index < wide; index++) value = value * 256n + BigInt(stream[cursor++]!);
      if (value > 9_007_199_254_740_991n) return fail(1009);
      length = Number(value);
      if (length < (wide === 2 ? 126 : 65_536)) return fail(1002);
    }
    const key = masked ? stream.subarray(cursor, cursor + 4) : null;
    if (masked && cursor + 4 > stream.length) return found;
    if (masked) cursor += 4;
    const here = stream.subarray(cursor, cursor + length);
    const isWhole = here.length === length;
    const payload = key === null ? here : here.map((byte, index) => byte ^ key[index % 4]!);
    at = cursor + length;
    if (opcode >= 8) {
      if (!isWhole) return found;
      const read = control(opcode, payload);
      found.push(read);
      if (read.type === 'close' || read.type === 'failed') return found;
      continue;
    }
    message ??= { opcode, isCompressed: rsv === 4, parts: [] };
    message.parts.push(payload);
    const isEnd = isFinal && isWhole;
    if (message.opcode === 1 && !message.isCompressed && !isText(message.parts, isEnd)) {
      return fail(1007);
    }
    if (!isWhole) return found;
    if (!isEnd) continue;
    const read = whole(message);
    found.push(read);
    if (read.type === 'failed') return found;
    message = null;
  }
  return found;
}

function control(opcode: number, payload: Uint8Array): Read {
  if (opcode === 9) return { type: 'ping', what: digits(payload) };
  if (opcode === 10) return { type: 'pong', what: digits(payload) };
  if (payload.length === 0) return { type: 'close', what: 1005 };
  if (payload.length === 1) return { type: 'failed', what: 1002 };
  const code = payload[0]! * 256 + payload[1]!;
  const isGood =
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) ||
    (code >= 3000 && code < 5000);
  if (!isGood) return { type: 'failed', what: 1002 };
  if (!isText([payload.subarray(2)], true)) return { type: 'failed', what: 1007 };
  return { type: 'close', what: code };
}

function whole({ opcode, isCompressed, parts }: Message): Read {
  let data: Uint8Array = Buffer.concat(parts);
  if (isCompressed) {
    try {
      data = inflated(data);
    } catch {
      return { type: 'failed', what: 1007 };
    }
  }
  if (opcode === 2) return { type: 'binary', what: digits(data) };
  return isText([data], true)
    ? { type: 'text', what: digits(data) }
    : { type: 'failed', what: 1007 };
}

/** The platform's decoder: what it takes as the beginning of a text may go on. */
function isText(parts: readonly Uint8Array[], isEnd: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts), { stream: !isEnd });
    return true;
  } catch {
    return false;
  }
}
