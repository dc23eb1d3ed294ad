// What a parser threw.
import { FAULTS, type FaultCode } from '../../src/faults.ts';
import { PeerFault } from '../../src/peer-fault.ts';

/** The code of the PeerFault that the act throws, 'nothing' when it returns; anything else is thrown on. */
export function faultOf(act: () => unknown): FaultCode | 'nothing' {
  try {
    act();
  } catch (error) {
    if (error instanceof PeerFault) return error.code;
    throw error;
  }
  return 'nothing';
}

/** The alert that answers it. */
export function alertOf(act: () => unknown): string | null {
  const code = faultOf(act);
  return code === 'nothing' ? null : FAULTS[code].alert;
}
