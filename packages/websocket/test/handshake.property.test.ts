// Both ends of the opening handshake against each other, and against heads that are nearly right.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeOpeningRequest, type OpeningOptions } from '../src/client-handshake.ts';
import { checkOpeningResponse } from '../src/client-verdict.ts';
import type { DeflateOffer } from '../src/deflate-offer.ts';
import type { HandshakeField } from '../src/handshake-head.ts';
import { REQUEST_FAULTS } from '../src/request-faults.ts';
import { RESPONSE_FAULTS } from '../src/response-faults.ts';
import { type AcceptOptions, acceptWebSocket } from '../src/server-answer.ts';
import { parseWebSocketUrl } from '../src/websocket-url.ts';
import { SAMPLE_REQUEST } from './support/handshakes.ts';

const token = fc.string({
  unit: fc.constantFrom(..."ab.!#'*+-^_`|~Z9"),
  minLength: 1,
  maxLength: 6,
});
const bits = fc.integer({ min: 8, max: 15 });
const optional = { requiredKeys: [] as [] };
const offer: fc.Arbitrary<DeflateOffer> = fc.record(
  {
    serverNoContextTakeover: fc.boolean(),
    clientNoContextTakeover: fc.boolean(),
    serverMaxWindowBits: bits,
    clientMaxWindowBits: fc.oneof(fc.boolean(), bits),
  },
  optional,
);
const openingOptions: fc.Arbitrary<OpeningOptions> = fc.record(
  {
    subprotocols: fc.uniqueArray(token, { maxLength: 5 }),
    deflate: fc.array(offer, { maxLength: 3 }),
    origin: fc.constantFrom('null', 'http://example.com', 'https://Example.com:8443'),
    fields: fc.constantFrom([], [{ name: 'Cookie', value: 'a=b' }]),
  },
  optional,
);
const acceptOptions: fc.Arbitrary<AcceptOptions> = fc.record(
  {
    subprotocols: fc.uniqueArray(token, { maxLength: 5 }),
    deflate: fc.option(
      fc.record(
        {
          serverNoContextTakeover: fc.boolean(),
          clientNoContextTakeover: fc.constantFrom(false, true, 'unless-limited' as const),
          serverMaxWindowBits: bits,
          clientMaxWindowBits: bits,
        },
        optional,
      ),
    ),
  },
  optional,
);
const nonce = fc.uint8Array({ minLength: 16, maxLength: 16 });
const urls = fc.constantFrom('ws://h', 'wss://[::1]:81/a?b', 'http://example.com:8080/%20?');

test('what a client asks, a server accepts; and both know the same of it', () => {
  fc.assert(
    fc.property(urls, nonce, openingOptions, acceptOptions, (url, random, asked, choice) => {
      const handshake = makeOpeningRequest(parseWebSocketUrl(url), random, asked);
      const accepted = acceptWebSocket(handshake.request, choice);
      if (accepted.type !== 'accepted') throw new Error(accepted.message);
      const verdict = checkOpeningResponse(handshake, accepted.response);
      const { subprotocol, deflate } = accepted;
      // Of several offers with different hints, the client keeps to the most modest.
      const agreed = (asked.deflate ?? []).length > 1 && verdict.type === 'established';
      if (!agreed) {
        expect(verdict).toEqual({ type: 'established', subprotocol, deflate });
        return;
      }
      expect(verdict.subprotocol).toBe(subprotocol);
      expect(verdict.deflate === null).toBe(deflate === null);
      expect(verdict.deflate?.clientMaxWindowBits ?? 0).toBeLessThanOrEqual(
        deflate?.clientMaxWindowBits ?? 0,
      );
      expect(verdict.deflate?.serverMaxWindowBits).toBe(deflate?.serverMaxWindowBits);
      expect(verdict.deflate?.serverNoContextTakeover).toBe(deflate?.serverNoContextTakeover);
      if (deflate?.clientNoContextTakeover) {
        expect(verdict.deflate?.clientNoContextTakeover).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});

const names = fc.constantFrom(
  ...['host', 'upgrade', 'connection', 'origin', 'content-length', 'sec-websocket-key'],
  ...['sec-websocket-version', 'sec-websocket-protocol', 'sec-websocket-extensions'],
  ...['sec-websocket-accept', 'transfer-encoding', 'x'],
);
const values = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abA1389,;= \t"\\/:[]websocket\u00ff\0'), maxLength: 30 }),
  fc.constantFrom('websocket', 'upgrade', '13', 'h', 'permessage-deflate', 'chat', '0'),
  fc.constantFrom('dGhlIHNhbXBsZSBub25jZQ==', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='),
);
const field: fc.Arbitrary<HandshakeField> = fc.record({ name: names, value: values });

interface Mutation {
  readonly at: number;
  readonly removed: number;
  readonly added: HandshakeField[];
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(10),
  removed: fc.nat(2),
  added: fc.array(field, { maxLength: 2 }),
});

function mutated(fields: readonly HandshakeField[], mutations: Mutation[]): HandshakeField[] {
  const changed = [...fields];
  for (const { at, removed, added } of mutations) changed.splice(at, removed, ...added);
  return changed;
}

test('requests that are nearly right end in one of the documented ways', () => {
  const seen = new Set<string>();
  const mutations = fc.array(mutation, { maxLength: 4 });
  fc.assert(
    fc.property(mutations, acceptOptions, (changes, choice) => {
      const fields = mutated(SAMPLE_REQUEST.fields, changes);
      const result = acceptWebSocket({ ...SAMPLE_REQUEST, fields }, choice);
      seen.add(result.type === 'accepted' ? 'accepted' : result.code);
      const { status } = result.response;
      expect(status).toBe(result.type === 'accepted' ? 101 : REQUEST_FAULTS[result.code].status);
    }),
    { numRuns: 10_000 },
  );
  expect(seen.size).toBeGreaterThan(10);
});

test('responses that are nearly right end in one of the documented ways', () => {
  const seen = new Set<string>();
  const random = new TextEncoder().encode('the sample nonce');
  const url = parseWebSocketUrl('ws://h');
  const mutations = fc.array(mutation, { maxLength: 3 });
  fc.assert(
    fc.property(mutations, openingOptions, (changes, asked) => {
      const handshake = makeOpeningRequest(url, random, asked);
      const accepted = acceptWebSocket(handshake.request, { deflate: {}, subprotocols: ['chat'] });
      if (accepted.type !== 'accepted') throw new Error(accepted.message);
      const fields = mutated(accepted.response.fields, changes);
      const verdict = checkOpeningResponse(handshake, { status: 101, fields });
      seen.add(verdict.type === 'failed' ? verdict.code : verdict.type);
      if (verdict.type === 'failed') expect(RESPONSE_FAULTS).toHaveProperty(verdict.code);
      else expect(verdict.type).toBe('established');
    }),
    { numRuns: 10_000 },
  );
  expect(seen.size).toBeGreaterThan(6);
});
