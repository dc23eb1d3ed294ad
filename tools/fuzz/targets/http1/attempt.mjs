// Calls that may not be allowed at their moment: then they throw what is documented, and nothing
// that can be seen has changed.

const DOCUMENTED = new Set(['LocalProtocolError', 'TypeError', 'RangeError']);
/** How the engine words its own errors of these types: never what we documented. */
const OF_THE_ENGINE =
  /Cannot read|Cannot set|is not a function|not iterable|offset is out of bounds|Invalid/;

function visible(machine) {
  const { wantsData, outputBytes, transport, responseState } = machine;
  const deadline = String(machine.deadline());
  return JSON.stringify([wantsData, outputBytes, transport, responseState, deadline]);
}

/** Makes the call; whether it was allowed. */
export function attempt(machine, call) {
  const before = visible(machine);
  try {
    call();
    return true;
  } catch (error) {
    if (!DOCUMENTED.has(error?.name) || OF_THE_ENGINE.test(error.message)) throw error;
    const after = visible(machine);
    if (after === before) return false;
    throw new Error(`a call that was refused changed ${before} to ${after}: ${error.message}`);
  }
}
