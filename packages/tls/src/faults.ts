// Everything a peer can do wrong: the code, the alert that answers it and the section of the RFC. Each
// layer has its own part, so that the record layer alone carries no more than its own.

import type { Fault } from './fault.ts';
import { HANDSHAKE_FAULTS, type HandshakeFaultCode } from './handshake-faults.ts';
import { RECORD_FAULTS, type RecordFaultCode } from './record/record-faults.ts';

/** The codes of `failed` events. */
export type FaultCode = RecordFaultCode | HandshakeFaultCode;

/** What each code means to the wire. */
export const FAULTS: Readonly<Record<FaultCode, Fault>> = { ...RECORD_FAULTS, ...HANDSHAKE_FAULTS };
