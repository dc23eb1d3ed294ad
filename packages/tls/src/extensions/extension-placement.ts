// Which extension may stand in which message (the table of RFC 9846 section 4.3).
import { PeerFault } from '../peer-fault.ts';
import { EXTENSION_TYPE } from './extension-type.ts';
import type { Extension } from './extension-values.ts';

/** The messages that have extensions, by the RFC's abbreviations: one bit each. */
export const CARRIER = { CH: 1, SH: 2, HRR: 4, EE: 8, CR: 16, CT: 32, NST: 64 } as const;

/** A message that has extensions. */
export type Carrier = (typeof CARRIER)[keyof typeof CARRIER];

const { CH, SH, HRR, EE, CR, CT, NST } = CARRIER;

/**
 * The extensions that are recognized here, as number and messages. Those of TLS 1.2 have no place but the
 * ClientHello, where they are ignored; max_fragment_length and signed_certificate_timestamp have left the
 * table of RFC 9846, which lists what is recommended, without having been forbidden.
 */
const PLACES: ReadonlyMap<number, number> = /* @__PURE__ */ new Map<number, number>([
  [EXTENSION_TYPE.server_name, CH | EE | CR],
  [EXTENSION_TYPE.max_fragment_length, CH | EE],
  [EXTENSION_TYPE.status_request, CH | CR | CT],
  [EXTENSION_TYPE.supported_groups, CH | EE],
  [EXTENSION_TYPE.ec_point_formats, CH],
  [EXTENSION_TYPE.signature_algorithms, CH | CR],
  [EXTENSION_TYPE.heartbeat, CH | EE],
  [EXTENSION_TYPE.application_layer_protocol_negotiation, CH | EE],
  [EXTENSION_TYPE.signed_certificate_timestamp, CH | CR | CT],
  [EXTENSION_TYPE.padding, CH],
  [EXTENSION_TYPE.extended_main_secret, CH],
  [EXTENSION_TYPE.record_size_limit, CH | EE],
  [EXTENSION_TYPE.session_ticket, CH],
  [EXTENSION_TYPE.pre_shared_key, CH | SH],
  [EXTENSION_TYPE.early_data, CH | EE | NST],
  [EXTENSION_TYPE.supported_versions, CH | SH | HRR],
  [EXTENSION_TYPE.cookie, CH | HRR],
  [EXTENSION_TYPE.psk_key_exchange_modes, CH],
  [EXTENSION_TYPE.certificate_authorities, CH | CR],
  [EXTENSION_TYPE.oid_filters, CR],
  [EXTENSION_TYPE.post_handshake_auth, CH],
  [EXTENSION_TYPE.signature_algorithms_cert, CH | CR],
  [EXTENSION_TYPE.key_share, CH | SH | HRR],
  [EXTENSION_TYPE.renegotiation_info, CH],
]);

/**
 * "If an implementation receives an extension which it recognizes and which is not specified for the
 * message in which it appears, it MUST abort the handshake with an 'illegal_parameter' alert" (section 4.3).
 */
export function checkPlaces(extensions: readonly Extension[], carrier: Carrier): void {
  for (const { type } of extensions) {
    const places = PLACES.get(type);
    if (places !== undefined && (places & carrier) === 0) {
      throw new PeerFault('TLS_MISPLACED_EXTENSION', `extension ${type} is not of this message`);
    }
  }
}

/**
 * Responses must have been asked for, "with the exception of the 'cookie' extension in the
 * HelloRetryRequest" (section 4.3): unsupported_extension.
 */
export function checkSolicited(
  extensions: readonly Extension[],
  carrier: Carrier,
  requested: readonly number[],
): void {
  for (const { type } of extensions) {
    if (type === EXTENSION_TYPE.cookie && carrier === HRR) continue;
    if (!requested.includes(type)) {
      throw new PeerFault('TLS_UNSOLICITED_EXTENSION', `extension ${type} was not asked for`);
    }
  }
}
