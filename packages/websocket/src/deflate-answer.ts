// permessage-deflate as a server negotiates it (RFC 7692 sections 5 and 7.1): the first offer that
// can be accepted, and how.
import {
  checkWindowBits,
  DEFLATE_NAME,
  type DeflateElement,
  type DeflateParameters,
  parseDeflateElement,
  serializeDeflateElement,
  WINDOW_BITS_MAX,
} from './deflate-parameters.ts';
import type { Extension } from './extension-list.ts';

/** What a server wants of permessage-deflate; what a client's offer demands goes before it. */
export interface DeflateChoice {
  /** Start each message with an empty window, even if the client does not demand it. Default: false. */
  readonly serverNoContextTakeover?: boolean;
  /**
   * Ask the client to start each message with an empty window, so that none is held for it between
   * messages. `unless-limited`: only of clients whose window could not be limited to
   * `clientMaxWindowBits`. Default: true.
   */
  readonly clientNoContextTakeover?: boolean | 'unless-limited';
  /** This server's window at most: 8-15, by default 15. */
  readonly serverMaxWindowBits?: number;
  /** The client's window at most, asked for where the offer lets it be limited: 8-15, by default 15. */
  readonly clientMaxWindowBits?: number;
}

/** An accepted offer. */
export interface DeflateAnswer {
  /** The element for the response's extension list. */
  readonly response: Extension;
  readonly parameters: DeflateParameters;
}

/**
 * Accepts the first valid offer of permessage-deflate among the elements of a request's list, in
 * the order of the client's preference (section 5); null when there is none. Throws a RangeError
 * for windows other than 8-15.
 */
export function answerDeflateOffers(
  extensions: readonly Extension[],
  choice: DeflateChoice,
): DeflateAnswer | null {
  checkWindowBits(choice.serverMaxWindowBits ?? WINDOW_BITS_MAX);
  checkWindowBits(choice.clientMaxWindowBits ?? WINDOW_BITS_MAX);
  for (const extension of extensions) {
    const offer = extension.name === DEFLATE_NAME ? parseDeflateElement(extension, 'offer') : null;
    if (offer !== null) return answer(offer, choice);
  }
  return null;
}

function answer(offer: DeflateElement, choice: DeflateChoice): DeflateAnswer {
  const serverMaxWindowBits = Math.min(
    offer.serverMaxWindowBits ?? WINDOW_BITS_MAX,
    choice.serverMaxWindowBits ?? WINDOW_BITS_MAX,
  );
  const clientMaxWindowBits = clientWindowBits(offer, choice);
  const { clientNoContextTakeover: wanted = true } = choice;
  const isLimited = clientMaxWindowBits < WINDOW_BITS_MAX;
  const parameters: DeflateParameters = {
    serverNoContextTakeover:
      offer.serverNoContextTakeover || choice.serverNoContextTakeover === true,
    clientNoContextTakeover:
      offer.clientNoContextTakeover || (wanted === 'unless-limited' ? !isLimited : wanted),
    serverMaxWindowBits,
    clientMaxWindowBits,
  };
  // An offer with this parameter is accepted by repeating it (section 7.1.2.1), with 15, too.
  const tellsServerBits =
    offer.serverMaxWindowBits !== null || serverMaxWindowBits < WINDOW_BITS_MAX;
  const response = serializeDeflateElement({
    ...parameters,
    serverMaxWindowBits: tellsServerBits ? serverMaxWindowBits : null,
    clientMaxWindowBits: isLimited ? clientMaxWindowBits : null,
  });
  return { response, parameters };
}

/** What the client's window is to be: its own hint or our wish, the smaller; 15 when it cannot be limited. */
function clientWindowBits(offer: DeflateElement, choice: DeflateChoice): number {
  const { clientMaxWindowBits: offered } = offer;
  // «MUST NOT include the "client_max_window_bits" extension parameter», section 7.1.2.2.
  if (offered === null) return WINDOW_BITS_MAX;
  const wanted = choice.clientMaxWindowBits ?? WINDOW_BITS_MAX;
  return typeof offered === 'number' ? Math.min(offered, wanted) : wanted;
}
