// The traces of RFC 8448 as its text has them, a file for each section from 3 to 7: who does what, and
// every value by its name there, in hexadecimal.
import { readFileSync } from 'node:fs';

/** Something that a side does, and the values that go in and come out. */
export interface TraceStep {
  readonly by: 'client' | 'server';
  readonly does: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The five traces. */
export const TRACES = [
  'simple-1-rtt',
  'resumed-0-rtt',
  'hello-retry-request',
  'client-authentication',
  'compatibility-mode',
] as const;

/** The name of a trace. */
export type TraceName = (typeof TRACES)[number];

/** One of them. */
export class Trace {
  readonly steps: readonly TraceStep[];

  constructor(name: TraceName) {
    this.steps = JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
  }

  /** The steps that do this; what they do begins with the words. */
  all(does: string, by?: 'client' | 'server'): readonly TraceStep[] {
    return this.steps.filter(
      (step) => step.does.startsWith(does) && (by === undefined || by === step.by),
    );
  }

  /** A value of the first step that does this; throws where there is none. */
  value(does: string, name: string, by?: 'client' | 'server'): Uint8Array {
    const hex = this.all(does, by)[0]?.values[name];
    if (hex === undefined) throw new Error(`The trace has no ${name} of ${does}`);
    return fromHex(hex);
  }

  /** All messages of the main handshake in their order, ClientHello with its binders. */
  get messages(): readonly Uint8Array[] {
    const messages: Uint8Array[] = [];
    for (const { does, values } of this.steps) {
      const [name, hex] = Object.entries(values)[0]!;
      const isHello = does === 'send handshake record' && hex.startsWith('01');
      const isOther = does.startsWith('construct') && !/ClientHello|NewSessionTicket/.test(name);
      if (isHello || isOther) messages.push(fromHex(hex));
    }
    return messages;
  }
}

/** Bytes of hexadecimal digits. */
export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

/** Hexadecimal digits of bytes. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
