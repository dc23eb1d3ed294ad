// An echoing endpoint, fed with a case's bytes in chops of some size.
import { equalBytes, joinBytes } from '@holdline/testkit';
import { closePayload, framesOf, frameTo, type ReadFrame } from '../support/frames.ts';
import { type BenchOptions, benchOf, type Role } from '../support/machines.ts';
import type { AutobahnCase, Heard, SentFrame } from './case.ts';

/** How the bytes come: at once, a frame at a time, or in chops of so many bytes. */
export type Chops = 'whole' | 'frames' | number;

/** What differs from what a strict endpoint does; null for OK. */
export function judge(
  one: AutobahnCase,
  role: Role,
  chops: Chops,
  options: BenchOptions = {},
): string | null {
  const bench = benchOf(role, options);
  const { machine, now } = bench;
  const echo = () => {
    for (
      let event = machine.nextEvent(now);
      event.type !== 'need-data';
      event = machine.nextEvent(now)
    ) {
      if (event.type === 'text') machine.sendText(event.text, now);
      else if (event.type === 'binary') machine.sendBinary(event.data, now);
    }
  };
  const output: Uint8Array[] = [];
  const feed = (data: Uint8Array) => {
    if (!machine.wantsData) return;
    machine.receive(data, now);
    echo();
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      output.push(new Uint8Array(chunk));
      machine.outputAccepted(chunk.length, now);
    }
  };
  for (const chunk of cut(
    one.frames.map((each) => onWire(role, each)),
    chops,
  ))
    feed(chunk);
  if (one.closeCode === null) feed(frameTo(role, 8, closePayload(1000)));
  machine.receiveEnd(now, 'finished');
  const event = machine.nextEvent(now);
  if (event.type !== 'closed') return `${event.type} instead of closed`;
  const failure = differenceOf(one, framesOf(joinBytes(output)), role);
  if (failure !== null) return failure;
  const isClean = one.closeCode === null || one.frames.some(({ opcode }) => opcode === 8);
  return isClean &&
    event.observation !== 'closing-handshake' &&
    event.observation !== 'protocol-error'
    ? `not clean: ${event.observation}`
    : null;
}

function onWire(role: Role, { opcode, payload, isFinal, rsv }: SentFrame): Uint8Array {
  return frameTo(role, opcode, payload, { isFinal, rsv: rsv << 4 });
}

function cut(frames: readonly Uint8Array[], chops: Chops): Uint8Array[] {
  if (chops === 'frames') return [...frames];
  const all = joinBytes([...frames]);
  if (chops === 'whole') return [all];
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < all.length; at += chops) {
    chunks.push(new Uint8Array(all.subarray(at, at + chops)));
  }
  return chunks;
}

function differenceOf(one: AutobahnCase, frames: readonly ReadFrame[], role: Role): string | null {
  const wrong = frames.find(({ isMasked, rsv }) => isMasked !== (role === 'client') || rsv !== 0);
  if (wrong !== undefined) return 'a frame with the wrong mask or reserved bits';
  const close = frames.findIndex(({ opcode }) => opcode === 8);
  if (close !== frames.length - 1) return 'no Close frame, or something behind it';
  const { payload } = frames[close]!;
  const code = payload.length === 0 ? 0 : (payload[0]! << 8) | payload[1]!;
  if (code !== (one.closeCode ?? 1000)) return `closed with ${code}`;
  const heard = frames.slice(0, -1).map(heardOf);
  const isSame =
    heard.length === one.heard.length &&
    heard.every((each, index) => equals(each, one.heard[index]!));
  return isSame
    ? null
    : `heard ${heard.map(([what, data]) => `${what} of ${data.length}`).join(', ')}`;
}

/** Echoes are in one frame each, since that is how this endpoint sends them. */
function heardOf({ opcode, payload, isFinal }: ReadFrame): Heard {
  if (!isFinal) throw new Error('an echo in fragments');
  if (opcode === 10) return ['pong', payload];
  return ['message', payload, opcode === 1 ? 'text' : 'binary'];
}

function equals(one: Heard, other: Heard): boolean {
  return one[0] === other[0] && equalBytes(one[1], other[1]) && one[2] === other[2];
}
