// permessage-deflate as a client negotiates it: what it offers, and whether the response is one to
// its offers (RFC 7692 sections 5 and 7.1).
import {
  checkWindowBits,
  type DeflateElement,
  type DeflateParameters,
  parseDeflateElement,
  serializeDeflateElement,
  WINDOW_BITS_MAX,
} from './deflate-parameters.ts';
import type { Extension } from './extension-list.ts';

/** One offer. All is optional; a server that cannot do what an offer asks of it declines. */
export interface DeflateOffer {
  /** The server must start each message with an empty window; else it may take its window over. */
  readonly serverNoContextTakeover?: boolean;
  /** This client will start each message with an empty window, even if the server does not ask for it. */
  readonly clientNoContextTakeover?: boolean;
  /** The server's window must not be larger: 8-15. */
  readonly serverMaxWindowBits?: number;
  /** The server may limit this client's window (true), which will not be larger than this anyway (8-15). */
  readonly clientMaxWindowBits?: boolean | number;
}

/** What browsers offer: no wishes, and the server may limit the client's window. */
export const DEFAULT_DEFLATE_OFFERS: readonly DeflateOffer[] = /* @__PURE__ */ Object.freeze([
  { clientMaxWindowBits: true },
]);

/** Why a response to offers fails the connection. */
export type DeflateMismatch =
  /** A parameter that is not defined, has an invalid value, or comes twice (section 7). */
  | 'invalid-parameters'
  /** It meets the requirements of none of the offers (sections 3 and 7.1). */
  | 'no-such-offer';

/** The offers as elements of the extension list, most preferred first. Throws a RangeError for windows other than 8-15. */
export function serializeDeflateOffers(offers: readonly DeflateOffer[]): Extension[] {
  return offers.map((offer) => serializeDeflateElement(offeredElement(offer)));
}

/**
 * What client and server have agreed on by a response to these offers, or why they have not. What
 * the client has announced of itself binds it even where the server does not repeat it (sections
 * 7.1.1.2 and 7.1.2.2); and since no response says which offer it accepts, that is the most modest
 * of what it may accept.
 */
export function agreeOnDeflate(
  response: Extension,
  offers: readonly DeflateOffer[],
): DeflateParameters | DeflateMismatch {
  const answer = parseDeflateElement(response, 'response');
  if (answer === null) return 'invalid-parameters';
  const accepted = offers.map(offeredElement).filter((offer) => isAnswer(answer, offer));
  if (accepted.length === 0) return 'no-such-offer';
  const clientBits = [answer, ...accepted].map(({ clientMaxWindowBits: bits }) =>
    typeof bits === 'number' ? bits : WINDOW_BITS_MAX,
  );
  return {
    serverNoContextTakeover: answer.serverNoContextTakeover,
    clientNoContextTakeover: [answer, ...accepted].some((each) => each.clientNoContextTakeover),
    serverMaxWindowBits: answer.serverMaxWindowBits ?? WINDOW_BITS_MAX,
    clientMaxWindowBits: Math.min(...clientBits),
  };
}

/** A corresponding response meets «the requirements represented by the offer», section 3. */
function isAnswer(answer: DeflateElement, offer: DeflateElement): boolean {
  // Section 7.1.1.1: an offer with this parameter is accepted «by including» it.
  if (offer.serverNoContextTakeover && !answer.serverNoContextTakeover) return false;
  // Section 7.1.2.1: «with the same or smaller value as the offer».
  const offeredBits = offer.serverMaxWindowBits;
  const answeredBits = answer.serverMaxWindowBits;
  if (offeredBits !== null && (answeredBits === null || answeredBits > offeredBits)) return false;
  // Section 7.1.2.2: without the parameter in the offer, the response «MUST NOT include» it.
  return answer.clientMaxWindowBits === null || offer.clientMaxWindowBits !== null;
}

function offeredElement(offer: DeflateOffer): DeflateElement {
  const { serverMaxWindowBits: serverBits, clientMaxWindowBits: clientBits = false } = offer;
  if (serverBits !== undefined) checkWindowBits(serverBits);
  if (typeof clientBits === 'number') checkWindowBits(clientBits);
  const supported = clientBits === true ? 'supported' : null;
  return {
    serverNoContextTakeover: offer.serverNoContextTakeover === true,
    clientNoContextTakeover: offer.clientNoContextTakeover === true,
    serverMaxWindowBits: serverBits ?? null,
    clientMaxWindowBits: typeof clientBits === 'number' ? clientBits : supported,
  };
}
