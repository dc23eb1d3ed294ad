// Everything a peer can do wrong: the code, the alert that answers it and the section of the RFC. Each
// layer has its own part, so that the record layer alone carries no more than its own.

import { ENGINE_FAULTS, type EngineFaultCode } from './engine-faults.ts';
import type { Fault } from './fault.ts';
import { HANDSHAKE_FAULTS, type HandshakeFaultCode } from './handshake-faults.ts';
import { RECORD_FAULTS, type RecordFaultCode } from './record/record-faults.ts';

/** The codes of `failed` events. */
export type FaultCode = RecordFaultCode | HandshakeFaultCode | EngineFaultCode;

/** What each code means to the wire. */
export const FAULTS: Readonly<Record<FaultCode, Fault>> = {
  ...RECORD_FAULTS,
  ...HANDSHAKE_FAULTS,
  ...ENGINE_FAULTS,
};

/** The text of a `failed` event: what, where, and which section; `detail` has no bytes of the peer's. */
export function faultMessage(code: FaultCode, detail: string, offset: number): string {
  const words = code.slice('TLS_'.length).toLowerCase().replaceAll('_', ' ');
  return `${words}: ${detail}, at byte ${offset} of the input (${FAULTS[code].section})`;
}
