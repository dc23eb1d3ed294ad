// Alert messages (RFC 9846 section 6).
import { ALERT, ALERT_LEVEL, type AlertName } from '../alert.ts';
import { PeerFault } from '../peer-fault.ts';

/** Level and description of an alert that came. */
export interface AlertMessage {
  /** As it came; receivers go by the description. */
  readonly level: number;
  /** The number on the wire. */
  readonly description: number;
  /** Its name; null for a number that is not known, which is fatal all the same. */
  readonly name: AlertName | null;
}

/**
 * Reads the content of an alert record, "exactly one message" (section 5.1). Throws PeerFault
 * TLS_ALERT_LENGTH for anything but two bytes.
 */
export function parseAlert(content: Uint8Array): AlertMessage {
  if (content.length !== 2) {
    throw new PeerFault('TLS_ALERT_LENGTH', `an alert record has ${content.length} bytes, not 2`);
  }
  const description = content[1]!;
  return { level: content[0]!, description, name: alertName(description) };
}

/**
 * An alert as it is sent: close_notify and user_canceled as warnings, all others fatal (section 6.1).
 */
export function serializeAlert(name: AlertName): Uint8Array {
  const isClosure = name === 'close_notify' || name === 'user_canceled';
  return Uint8Array.of(isClosure ? ALERT_LEVEL.warning : ALERT_LEVEL.fatal, ALERT[name]);
}

function alertName(description: number): AlertName | null {
  for (const name in ALERT) {
    if (ALERT[name as AlertName] === description) return name as AlertName;
  }
  return null;
}
