// A provider that remembers every secret which it has handed out or been handed, so that a test can ask
// what has become of them.
import { nodeCrypto } from '../../src/node/index.ts';
import type { AeadKey, CryptoProvider, KeyExchange } from '../../src/provider.ts';

interface Recorded {
  readonly what: string;
  /** The very array, which is to be overwritten. */
  readonly bytes: Uint8Array;
  /** What it held. */
  readonly held: Uint8Array;
}

/** Enough of a secret to be recognized by; an iv has no more. */
const NEEDLE_BYTES = 12;

/** One connection's cryptography. */
export class RecordingCrypto {
  readonly provider: CryptoProvider;
  private readonly secrets: Recorded[] = [];
  private readonly finishedKeys = new Set<string>();
  private readonly publicKeys = new Set<string>();
  private readonly undestroyed = new Map<object, string>();

  constructor() {
    this.provider = {
      ...nodeCrypto,
      groups: ['x25519', 'secp256r1'],
      schemes: nodeCrypto.schemes,
      hmac: (name, key, data) => this.hmac(nodeCrypto.hmac(name, key, data), key, data),
      aeadKey: (name, key) => {
        this.record('key of records', key);
        return this.watch('key of records', nodeCrypto.aeadKey(name, key));
      },
      startKeyExchange: (group) => {
        const exchange = nodeCrypto.startKeyExchange(group);
        const finish = exchange.finish.bind(exchange);
        exchange.finish = (share) => this.recorded('shared secret', finish(share));
        return this.watch('key exchange', exchange);
      },
      answerKeyExchange: (group, share) => {
        const answer = nodeCrypto.answerKeyExchange(group, share);
        this.recorded('shared secret', answer?.secret ?? null);
        return answer;
      },
    };
  }

  /** How many secrets there have been. */
  get count(): number {
    return this.secrets.length;
  }

  /** What is left of them: arrays that still hold one, keys that were not destroyed. */
  get left(): readonly string[] {
    const whole = this.secrets.filter(({ bytes }) => bytes.some((byte) => byte !== 0));
    return [...whole.map(({ what }) => what), ...this.undestroyed.values()];
  }

  /** Secrets that some bytes have in them. */
  within(bytes: Uint8Array): readonly string[] {
    const text = latin1(bytes);
    const found = this.secrets.filter(({ held }) => text.includes(needle(held)));
    return found.map(({ what }) => what);
  }

  /** Secrets that a text gives away in hexadecimal, base64, or as lists of numbers. */
  withinText(text: string): readonly string[] {
    const found = this.secrets.filter(({ held }) => {
      const start = Buffer.from(held.subarray(0, 6));
      const forms = [start.toString('hex'), start.toString('base64'), [...start].join(',')];
      return forms.some((form) => text.includes(form));
    });
    return found.map(({ what }) => what);
  }

  private hmac(output: Uint8Array, key: Uint8Array, data: Uint8Array): Uint8Array {
    // verify_data and binders are sent, and no secrets.
    if (this.finishedKeys.has(latin1(key))) return output;
    const text = latin1(data);
    const label = /tls13 [ -~]*/.exec(text)?.[0] ?? 'extracted secret';
    // Without a pre-shared key the schedule begins with what everybody knows.
    const isPublic = this.publicKeys.has(latin1(key)) && text.includes('tls13 derived');
    if (isPublic || (isZero(key) && isZero(data))) {
      this.publicKeys.add(latin1(output));
      return output;
    }
    if (text.includes('tls13 finished')) this.finishedKeys.add(latin1(output));
    this.record(label, output);
    return output;
  }

  private recorded(what: string, bytes: Uint8Array | null): Uint8Array | null {
    if (bytes !== null) this.record(what, bytes);
    return bytes;
  }

  private record(what: string, bytes: Uint8Array): void {
    this.secrets.push({ what, bytes, held: bytes.slice() });
  }

  private watch<Key extends AeadKey | KeyExchange>(what: string, key: Key): Key {
    this.undestroyed.set(key, `${what}, not destroyed`);
    const destroy = key.destroy.bind(key);
    key.destroy = () => {
      this.undestroyed.delete(key);
      destroy();
    };
    return key;
  }
}

/** All bytes that can be reached from an object by its properties, but for settings, which are the caller's. */
export function reachableBytes(root: object): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const seen = new Set<unknown>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof Uint8Array) found.push(new Uint8Array(value.buffer));
    else if (value instanceof Map || value instanceof Set) waiting.push(...value.entries());
    else
      for (const [name, inner] of Object.entries(value)) {
        if (name !== 'settings' && name !== 'crypto') waiting.push(inner);
      }
  }
  return found;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function needle(held: Uint8Array): string {
  return latin1(held.subarray(0, NEEDLE_BYTES));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
