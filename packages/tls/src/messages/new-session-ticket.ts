// NewSessionTicket (RFC 9846 section 4.7.1).
import type { Extension, NewSessionTicketExtensions } from '../extensions/extension-values.ts';

/** A ticket with which a client may resume. */
export interface NewSessionTicket {
  /** Seconds, as sent: a client uses no ticket for more than 604 800 whatever it says. */
  readonly lifetime: number;
  /** 0 to 2^32-1. */
  readonly ageAdd: number;
  /** 0 to 255 bytes. */
  readonly nonce: Uint8Array;
  readonly ticket: Uint8Array;
  readonly extensions: NewSessionTicketExtensions;
}

/** Reads the whole message, header included; extensions that are unknown are ignored. Throws PeerFault. */
export declare function parseNewSessionTicket(message: Uint8Array): NewSessionTicket;

/** The message, with header. `otherExtensions` is for GREASE. */
export declare function serializeNewSessionTicket(
  ticket: NewSessionTicket,
  otherExtensions?: readonly Extension[],
): Uint8Array;
