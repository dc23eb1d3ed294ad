// Both ends of the negotiation, against each other and against the sentences of RFC 7692 section 7.1.
import { expect, test } from 'vitest';
import { answerDeflateOffers, type DeflateChoice } from '../src/deflate-answer.ts';
import {
  agreeOnDeflate,
  DEFAULT_DEFLATE_OFFERS,
  type DeflateOffer,
  serializeDeflateOffers,
} from '../src/deflate-offer.ts';
import {
  type Extension,
  parseExtensionList,
  serializeExtensionList,
} from '../src/extension-list.ts';

function extensionsOf(text: string): readonly Extension[] {
  const list = parseExtensionList([text]);
  if (list.type === 'malformed') throw new Error(list.reason);
  return list.extensions;
}

/** The response to offers, as text; null when all are declined. */
function answer(offers: string, choice: DeflateChoice = {}): string | null {
  const accepted = answerDeflateOffers(extensionsOf(offers), choice);
  return accepted === null ? null : serializeExtensionList([accepted.response]);
}

/** What a client makes of a response. */
function agree(response: string, ...offers: DeflateOffer[]): unknown {
  return agreeOnDeflate(extensionsOf(response)[0]!, offers);
}

const PLAIN = 'permessage-deflate';
const FULL: DeflateChoice = { clientNoContextTakeover: false };

test('RFC 7692 section 7.1.3: the examples', () => {
  expect(answer(PLAIN, FULL)).toBe(PLAIN);
  const small = `${PLAIN}; client_max_window_bits; server_max_window_bits=10`;
  expect(answer(small, FULL)).toBe(`${PLAIN}; server_max_window_bits=10`);
  const fallback: DeflateOffer[] = [
    { clientMaxWindowBits: true, serverMaxWindowBits: 10 },
    { clientMaxWindowBits: true },
  ];
  expect(serializeExtensionList(serializeDeflateOffers(fallback))).toBe(
    `${PLAIN}; server_max_window_bits=10; client_max_window_bits, ${PLAIN}; client_max_window_bits`,
  );
  expect(agree(`${PLAIN}; server_max_window_bits=10`, ...fallback)).toMatchObject({
    serverMaxWindowBits: 10,
  });
  expect(agree(PLAIN, ...fallback)).toMatchObject({ serverMaxWindowBits: 15 });
});

test('by default, a client offers what browsers do, and a server holds no window for it', () => {
  const offers = serializeExtensionList(serializeDeflateOffers(DEFAULT_DEFLATE_OFFERS));
  expect(offers).toBe(`${PLAIN}; client_max_window_bits`);
  expect(answer(offers)).toBe(`${PLAIN}; client_no_context_takeover`);
});

test('a server can ask for a small window where one is offered, and for none elsewhere', () => {
  const choice: DeflateChoice = {
    clientNoContextTakeover: 'unless-limited',
    clientMaxWindowBits: 10,
  };
  expect(answer(PLAIN, choice)).toBe(`${PLAIN}; client_no_context_takeover`);
  const limited = `${PLAIN}; client_max_window_bits=10`;
  expect(answer(`${PLAIN}; client_max_window_bits`, choice)).toBe(limited);
  expect(answer(`${PLAIN}; client_max_window_bits=12`, choice)).toBe(limited);
  expect(answer(`${PLAIN}; client_max_window_bits=8`, choice)).toBe(
    `${PLAIN}; client_max_window_bits=8`,
  );
  // A window of 15 bits is no limit.
  const whole: DeflateChoice = { clientNoContextTakeover: 'unless-limited' };
  expect(answer(`${PLAIN}; client_max_window_bits`, whole)).toBe(
    `${PLAIN}; client_no_context_takeover`,
  );
});

test('RFC 7692 section 7: an invalid offer is declined, the next may be accepted', () => {
  const invalid = [
    `${PLAIN}; unknown`,
    `${PLAIN}; server_max_window_bits`,
    `${PLAIN}; server_max_window_bits=16`,
    `${PLAIN}; client_max_window_bits=7`,
    `${PLAIN}; server_no_context_takeover; server_no_context_takeover`,
    'x-webkit-deflate-frame',
    'Permessage-Deflate',
  ];
  for (const offer of invalid) {
    expect(answer(offer, FULL), offer).toBe(null);
    expect(answer(`${offer}, ${PLAIN}; server_max_window_bits=9`, FULL)).toBe(
      `${PLAIN}; server_max_window_bits=9`,
    );
  }
  expect(answer(`foo, ${PLAIN}; server_max_window_bits=9, ${PLAIN}`, FULL)).toBe(
    `${PLAIN}; server_max_window_bits=9`,
  );
});

test('RFC 7692 section 7: responses that fail the connection', () => {
  const invalid = ['unknown', 'server_max_window_bits', 'client_max_window_bits', 'x=1'];
  for (const parameter of invalid) {
    expect(agree(`${PLAIN}; ${parameter}`, { clientMaxWindowBits: true })).toBe(
      'invalid-parameters',
    );
  }
});

test('RFC 7692 sections 7.1.1.1, 7.1.2.1 and 7.1.2.2: responses to no offer that was made', () => {
  const none = 'no-such-offer';
  expect(agree(PLAIN, { serverNoContextTakeover: true })).toBe(none);
  expect(agree(PLAIN, { serverMaxWindowBits: 15 })).toBe(none);
  expect(agree(`${PLAIN}; server_max_window_bits=11`, { serverMaxWindowBits: 10 })).toBe(none);
  expect(agree(`${PLAIN}; client_max_window_bits=15`, {})).toBe(none);
  expect(agree(PLAIN)).toBe(none);
  // Each is right for one of two offers, but not both for the same.
  const two: DeflateOffer[] = [{ serverNoContextTakeover: true }, { serverMaxWindowBits: 10 }];
  expect(agree(`${PLAIN}; server_no_context_takeover`, ...two)).not.toBe(none);
  expect(agree(PLAIN, ...two)).toBe(none);
});

test('what a server MAY add without having been asked', () => {
  const response = `${PLAIN}; server_no_context_takeover; server_max_window_bits=9`;
  expect(agree(response, {})).toEqual({
    serverNoContextTakeover: true,
    clientNoContextTakeover: false,
    serverMaxWindowBits: 9,
    clientMaxWindowBits: 15,
  });
  // «A client MUST support the "client_no_context_takeover" extension parameter», section 7.1.1.2.
  expect(agree(`${PLAIN}; client_no_context_takeover`, {})).toMatchObject({
    clientNoContextTakeover: true,
  });
});

test('RFC 7692 sections 7.1.1.2 and 7.1.2.2: what a client announced of itself, it does', () => {
  const announced: DeflateOffer = { clientNoContextTakeover: true, clientMaxWindowBits: 10 };
  const modest = { clientNoContextTakeover: true, clientMaxWindowBits: 10 };
  expect(agree(PLAIN, announced)).toMatchObject(modest);
  expect(agree(`${PLAIN}; client_max_window_bits=12`, announced)).toMatchObject(modest);
  expect(agree(`${PLAIN}; client_max_window_bits=9`, announced)).toMatchObject({
    clientMaxWindowBits: 9,
  });
  // Nobody says which of the offers was accepted.
  expect(agree(PLAIN, { clientMaxWindowBits: true }, announced)).toMatchObject(modest);
});

test('windows that nobody can have', () => {
  for (const bits of [7, 16, 10.5]) {
    expect(() => serializeDeflateOffers([{ serverMaxWindowBits: bits }])).toThrow(RangeError);
    expect(() => serializeDeflateOffers([{ clientMaxWindowBits: bits }])).toThrow(RangeError);
    expect(() => answerDeflateOffers([], { serverMaxWindowBits: bits })).toThrow(RangeError);
    expect(() => answerDeflateOffers([], { clientMaxWindowBits: bits })).toThrow(RangeError);
  }
});

const FLAGS = [false, true];
const BITS = [8, 9, 12, 14, 15];

function everyOffer(): DeflateOffer[] {
  return FLAGS.flatMap((serverNoContextTakeover) =>
    FLAGS.flatMap((clientNoContextTakeover) =>
      [undefined, ...BITS].flatMap((serverMaxWindowBits) =>
        [false, true, ...BITS].map((clientMaxWindowBits) => ({
          serverNoContextTakeover,
          clientNoContextTakeover,
          ...(serverMaxWindowBits === undefined ? {} : { serverMaxWindowBits }),
          clientMaxWindowBits,
        })),
      ),
    ),
  );
}

function everyChoice(): DeflateChoice[] {
  return FLAGS.flatMap((serverNoContextTakeover) =>
    [false, true, 'unless-limited' as const].flatMap((clientNoContextTakeover) =>
      BITS.flatMap((serverMaxWindowBits) =>
        BITS.map((clientMaxWindowBits) => ({
          serverNoContextTakeover,
          clientNoContextTakeover,
          serverMaxWindowBits,
          clientMaxWindowBits,
        })),
      ),
    ),
  );
}

test('every offer with every choice: accepted, understood alike, and within what either end can do', () => {
  const choices = everyChoice();
  for (const offer of everyOffer()) {
    const [element] = serializeDeflateOffers([offer]);
    for (const choice of choices) {
      const accepted = answerDeflateOffers([element!], choice);
      const parameters = accepted?.parameters;
      const broken =
        parameters === undefined ||
        (offer.serverNoContextTakeover && !parameters.serverNoContextTakeover) ||
        (offer.clientNoContextTakeover && !parameters.clientNoContextTakeover) ||
        (choice.serverNoContextTakeover && !parameters.serverNoContextTakeover) ||
        (choice.clientNoContextTakeover === true && !parameters.clientNoContextTakeover) ||
        parameters.serverMaxWindowBits > (offer.serverMaxWindowBits ?? 15) ||
        parameters.serverMaxWindowBits > choice.serverMaxWindowBits! ||
        (offer.clientMaxWindowBits !== false &&
          parameters.clientMaxWindowBits > choice.clientMaxWindowBits!);
      if (broken) expect({ offer, choice, parameters }).toBe('within what either end can do');
      const understood = agreeOnDeflate(accepted!.response, [offer]);
      if (JSON.stringify(understood) !== JSON.stringify(parameters)) {
        expect({ offer, choice, understood }).toEqual(parameters);
      }
    }
  }
});
