// The whole corpus.
import { chunkByteCases } from './bytes-of-chunks.mjs';
import { fieldByteCases } from './bytes-of-fields.mjs';
import { requestLineByteCases } from './bytes-of-request-line.mjs';
import { framingCases } from './framing.mjs';
import { handCodingCases } from './hand-codings.mjs';
import { handConditionCases } from './hand-conditions.mjs';
import { handConnectionCases } from './hand-connection.mjs';
import { handContentCases } from './hand-content.mjs';
import { handFieldCases } from './hand-fields.mjs';
import { handMessageCases } from './hand-messages.mjs';
import { handRangeCases } from './hand-ranges.mjs';
import { handRoutingCases } from './hand-routing.mjs';
import { hostCases } from './hosts.mjs';
import { limitCases } from './limits.mjs';
import { lineEndingCases } from './line-endings.mjs';
import { pipelineCases } from './pipelines.mjs';
import { afterAnother, halfClosed, inBytes } from './variations.mjs';
import { versionCases } from './versions.mjs';

/** The cases made by hand, each for one sentence of an RFC. */
export function handMadeCases() {
  return [
    ...handMessageCases(),
    ...handFieldCases(),
    ...handRoutingCases(),
    ...handContentCases(),
    ...handConnectionCases(),
  ];
}

/** Every case, in the order of the report. Throws when two have the same id. */
export function allCases() {
  const handMade = handMadeCases();
  const cases = [
    ...handMade,
    ...inBytes(handMade),
    ...afterAnother(handMade),
    ...halfClosed(handMade),
    ...requestLineByteCases(),
    ...fieldByteCases(),
    ...chunkByteCases(),
    ...framingCases(),
    ...lineEndingCases(),
    ...hostCases(),
    ...versionCases(),
    ...pipelineCases(),
    ...limitCases(),
    ...handRangeCases(),
    ...handConditionCases(),
    ...handCodingCases(),
  ];
  const ids = new Set();
  for (const { id } of cases) {
    if (ids.has(id)) throw new Error(`two cases are called ${id}`);
    ids.add(id);
  }
  return cases;
}
