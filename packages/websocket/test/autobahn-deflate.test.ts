// Sections 12 and 13 of the Autobahn test suite: compressed echoes of all sizes, in fragments, with
// every combination of parameters. The peer is node:zlib, message by message, with the window that
// the parameters leave it.
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { joinBytes } from '@holdline/testkit';
import { describe, expect, test } from 'vitest';
import type { Compression } from '../src/compression.ts';
import type { DeflateParameters } from '../src/deflate-parameters.ts';
import { nodeCompression } from '../src/node/index.ts';
import { pureDeflate } from './support/compression.ts';
import { framesOf, frameTo } from './support/frames.ts';
import { benchOf, ROLES, type Role } from './support/machines.ts';

/** Of the suite's thousand. */
const MESSAGES = 5;
/** Bytes of a message, and of a frame. */
const SIZES: readonly (readonly [number, number])[] = [
  ...[16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072].map(
    (size) => [size, 0] as const,
  ),
  ...[8192, 16_384, 32_768, 65_536, 131_072].map((size) => [size, 256] as const),
  [131_072, 1024],
  [131_072, 4096],
  [131_072, 32_768],
];

/** Whether a context is given up, and the window, of both directions. */
const PARAMETERS: readonly (readonly [boolean, number])[] = [
  [false, 15],
  [true, 15],
  [false, 8],
  [false, 9],
  [true, 8],
  [true, 9],
  [false, 12],
];

const KINDS: Readonly<Record<string, (index: number) => number>> = {
  json: (index) => '{"id":17,"name":"Ada","tags":["x","y"]},'.charCodeAt(index % 40),
  noise: (index) => (Math.imul(index + 1, 2_654_435_761) >>> 13) & 0xff,
  prose: (index) => ' etaoinshrdlu.'.charCodeAt((Math.imul(index, index + 7) >>> 3) % 14),
};

/** The peer's two directions. */
class ZlibPeer {
  private readonly windowBits: number;
  private readonly takesOver: boolean;
  private heard: Uint8Array = new Uint8Array(0);

  constructor([noContextTakeover, windowBits]: readonly [boolean, number]) {
    this.windowBits = windowBits;
    this.takesOver = !noContextTakeover;
  }

  /** zlib has no window of 2^8: without references none is needed. */
  deflate(data: Uint8Array): Uint8Array {
    const isTiny = this.windowBits === 8;
    const output = deflateRawSync(data, {
      finishFlush: constants.Z_SYNC_FLUSH,
      windowBits: Math.max(9, this.windowBits),
      strategy: isTiny ? constants.Z_HUFFMAN_ONLY : constants.Z_DEFAULT_STRATEGY,
    });
    return new Uint8Array(output.subarray(0, output.length - 4));
  }

  inflate(payload: Uint8Array): Uint8Array {
    const data = joinBytes([payload, Uint8Array.of(0, 0, 0xff, 0xff)]);
    const output = inflateRawSync(data, {
      finishFlush: constants.Z_SYNC_FLUSH,
      windowBits: this.windowBits,
      ...(this.takesOver && this.heard.length > 0 ? { dictionary: this.heard } : {}),
    });
    this.heard = joinBytes([this.heard, output]).slice(-(2 ** this.windowBits));
    return new Uint8Array(output);
  }
}

function echoAll(
  role: Role,
  compression: Compression,
  parameters: readonly [boolean, number],
  kind: string,
  [size, frameBytes]: readonly [number, number],
): string | null {
  const [noContextTakeover, windowBits] = parameters;
  const deflate: DeflateParameters = {
    serverNoContextTakeover: noContextTakeover,
    clientNoContextTakeover: noContextTakeover,
    serverMaxWindowBits: windowBits,
    clientMaxWindowBits: windowBits,
  };
  const { machine, now } = benchOf(role, { deflate, compression, compressBytesMin: 0 });
  const peer = new ZlibPeer(parameters);
  for (let count = 0; count < MESSAGES; count++) {
    const data = Uint8Array.from({ length: size }, (_, index) => KINDS[kind]!(index + count * 31));
    const payload = peer.deflate(data);
    const step = frameBytes === 0 ? payload.length : frameBytes;
    for (let at = 0; at < payload.length; at += step) {
      const isFinal = at + step >= payload.length;
      const options = { isFinal, rsv: at === 0 ? 0x40 : 0 };
      machine.receive(
        frameTo(role, at === 0 ? 2 : 0, payload.subarray(at, at + step), options),
        now,
      );
      let event = machine.nextEvent(now);
      for (; event.type !== 'need-data'; event = machine.nextEvent(now)) {
        if (event.type !== 'binary') return JSON.stringify(event);
        machine.sendBinary(event.data, now);
      }
    }
    const output: Uint8Array[] = [];
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      output.push(new Uint8Array(chunk));
      machine.outputAccepted(chunk.length, now);
    }
    const [frame, more] = framesOf(joinBytes(output));
    if (frame === undefined || more !== undefined || frame.rsv !== 0x40)
      return 'no compressed echo';
    if (Buffer.compare(peer.inflate(frame.payload), data) !== 0) return `message ${count} differs`;
  }
  return null;
}

describe.each(ROLES)('a %s echoes what is compressed', (role) => {
  for (const [name, compression] of Object.entries({ pureDeflate, nodeCompression })) {
    test.each(Object.keys(KINDS))(`12: %s, in all sizes, by ${name}`, (kind) => {
      for (const size of SIZES) {
        expect([size, echoAll(role, compression, [false, 15], kind, size)]).toEqual([size, null]);
      }
    });

    test.each(PARAMETERS)(
      `13: no context takeover %s, window of 2^%i, by ${name}`,
      (...parameters) => {
        for (const size of SIZES) {
          expect([size, echoAll(role, compression, parameters, 'json', size)]).toEqual([
            size,
            null,
          ]);
        }
      },
    );
  }
});
