import { expect, test } from 'vitest';
import { DEFAULT_HANDSHAKE_LIMITS } from '../src/handshake-limits.ts';
import { checkSubprotocols, parseSubprotocols, selectSubprotocol } from '../src/subprotocol.ts';

test('RFC 6455 section 1.9: names with all characters of a token', () => {
  const result = parseSubprotocols(['chat.example.com,v2.bookings.example.net', ' soap ,\twamp']);
  expect(result).toEqual({
    type: 'subprotocols',
    subprotocols: ['chat.example.com', 'v2.bookings.example.net', 'soap', 'wamp'],
  });
  expect(parseSubprotocols([])).toEqual({ type: 'subprotocols', subprotocols: [] });
});

test('RFC 6455 section 4.1: 1#token, all unique', () => {
  const faults: [string[], string, number][] = [
    [[''], 'empty-list', 0],
    [[', '], 'empty-list', 2],
    [['a b'], 'expected-separator', 2],
    [['a; b'], 'expected-separator', 1],
    [['a, "b"'], 'expected-token', 3],
    [['a, b, a'], 'duplicate', 6],
    [['a', 'a'], 'duplicate', 3],
    [['\u00e9'], 'expected-token', 0],
  ];
  for (const [lines, reason, offset] of faults) {
    expect(parseSubprotocols(lines)).toEqual({ type: 'malformed', reason, offset });
  }
  // They are compared as they are.
  expect(parseSubprotocols(['chat, Chat']).type).toBe('subprotocols');
  const { listElementsMax } = DEFAULT_HANDSHAKE_LIMITS;
  const names = Array.from({ length: listElementsMax + 1 }, (_, index) => `p${index}`);
  expect(parseSubprotocols(names.slice(1)).type).toBe('subprotocols');
  expect(parseSubprotocols(names)).toMatchObject({ type: 'malformed', reason: 'too-large' });
});

test('a server prefers in its own order, and chooses nothing else than what is offered', () => {
  expect(selectSubprotocol(['a', 'b', 'c'], ['x', 'c', 'b'])).toBe('c');
  expect(selectSubprotocol(['a'], ['b'])).toBe(null);
  expect(selectSubprotocol([], ['b'])).toBe(null);
  expect(selectSubprotocol(['chat'], ['Chat'])).toBe(null);
});

test('a function chooses, or does not', () => {
  const seen: (readonly string[])[] = [];
  const last = (offered: readonly string[]): string | null => {
    seen.push(offered);
    return offered.at(-1) ?? null;
  };
  expect(selectSubprotocol(['a', 'b'], last)).toBe('b');
  expect(selectSubprotocol([], last)).toBe(null);
  expect(seen).toEqual([['a', 'b'], []]);
  expect(() => selectSubprotocol(['a'], () => 'b')).toThrow(TypeError);
  expect(() => selectSubprotocol(['a'], () => '')).toThrow(TypeError);
});

test('what a caller offers must be unique tokens', () => {
  expect(() => checkSubprotocols([])).not.toThrow();
  expect(() => checkSubprotocols(['a', 'A'])).not.toThrow();
  for (const bad of [[''], ['a b'], ['a,b'], ['a', 'a'], ['\u00e9']]) {
    expect(() => checkSubprotocols(bad)).toThrow(TypeError);
    expect(() => selectSubprotocol([], bad)).toThrow(TypeError);
  }
});
