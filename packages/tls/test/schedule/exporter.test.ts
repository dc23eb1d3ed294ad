import { expect, test } from 'vitest';
import { nodeCrypto } from '../../src/node/index.ts';
import { exportKeyingMaterial, resumptionPsk } from '../../src/schedule/exporter.ts';
import { hashOf, NO_CONTEXT } from '../../src/schedule/hkdf-label.ts';
import { Trace, toHex } from '../rfc8448/trace.ts';

const secret = new Trace('simple-1-rtt').value('derive secret "tls13 exp master"', 'expanded');

const material = (label: string, context: Uint8Array, lengthBytes: number) =>
  exportKeyingMaterial(nodeCrypto, 'sha256', secret, label, context, lengthBytes);

test('the two steps of TLS-Exporter, done by hand', () => {
  const expand = (key: Uint8Array, label: string, context: Uint8Array, lengthBytes: number) => {
    const name = Buffer.from(`tls13 ${label}`);
    const head = Buffer.of(0, lengthBytes, name.length, ...name, context.length, ...context, 1);
    return nodeCrypto.hmac('sha256', key, head);
  };
  const empty = hashOf(nodeCrypto, 'sha256', NO_CONTEXT);
  const context = Uint8Array.of(1, 2, 3);
  const derived = expand(secret, 'EXPORTER-Channel-Binding', empty, 32);
  const expected = expand(derived, 'exporter', hashOf(nodeCrypto, 'sha256', context), 32);
  expect(material('EXPORTER-Channel-Binding', context, 32)).toEqual(expected);
});

test('length, label and context all make another value', () => {
  const label = 'EXPERIMENTAL x';
  const values = [
    material(label, NO_CONTEXT, 32),
    material('EXPERIMENTAL y', NO_CONTEXT, 32),
    material(label, Uint8Array.of(0), 32),
    material(label, NO_CONTEXT, 33).subarray(0, 32),
  ];
  expect(new Set(values.map(toHex)).size).toBe(4);
  // A context of any length is hashed.
  expect(material(label, new Uint8Array(100_000), 100)).toHaveLength(100);
});

test('what cannot be exported is a RangeError', () => {
  expect(() => material('', NO_CONTEXT, 32)).toThrow(RangeError);
  expect(() => material('x', NO_CONTEXT, 255 * 32 + 1)).toThrow(RangeError);
  expect(() => material('x', NO_CONTEXT, -1)).toThrow(RangeError);
});

test('the key of the ticket of RFC 8448', () => {
  const trace = new Trace('simple-1-rtt');
  const step = 'generate resumption secret';
  const key = resumptionPsk(
    nodeCrypto,
    'sha256',
    trace.value(step, 'PRK'),
    trace.value(step, 'hash'),
  );
  expect(toHex(key)).toBe(toHex(trace.value(step, 'expanded')));
});
