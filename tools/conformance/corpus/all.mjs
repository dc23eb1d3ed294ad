// The whole corpus.
import { chunkByteCases } from './bytes-of-chunks.mjs';
import { fieldByteCases } from './bytes-of-fields.mjs';
import { requestLineByteCases } from './bytes-of-request-line.mjs';
import { framingCases } from './framing.mjs';
import { hostCases } from './hosts.mjs';
import { limitCases } from './limits.mjs';
import { lineEndingCases } from './line-endings.mjs';
import { pipelineCases } from './pipelines.mjs';
import { versionCases } from './versions.mjs';

/** Every case, in the order of the report. Throws when two have the same id. */
export function allCases() {
  const cases = [
    ...requestLineByteCases(),
    ...fieldByteCases(),
    ...chunkByteCases(),
    ...framingCases(),
    ...lineEndingCases(),
    ...hostCases(),
    ...versionCases(),
    ...pipelineCases(),
    ...limitCases(),
  ];
  const ids = new Set();
  for (const { id } of cases) {
    if (ids.has(id)) throw new Error(`two cases are called ${id}`);
    ids.add(id);
  }
  return cases;
}
