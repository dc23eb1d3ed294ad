// What both roles' targets have in common.
import { http1Subject } from '../../../../packages/http1/test/subject.mjs';
import { CaseRecorder } from '../../case-recorder.mjs';
import { writeCase } from '../../case-writer.mjs';
import { START } from '../../session.mjs';
import { casesFolder, limitCost, loadHttp1 } from './build.mjs';
import { HEADER_BYTES, Script } from './script.mjs';
import { HTTP_WORDS, seedsFor } from './words.mjs';

/**
 * The target of a role; `run(script, modules, record)` executes one script and throws what is a
 * finding. `record` gets each machine and gives what to use instead.
 */
export function http1Target(role, smokeExecutions, run) {
  return {
    name: `http1-${role}`,
    headerBytes: HEADER_BYTES,
    smokeExecutions,
    async load(instrument) {
      const modules = await loadHttp1(instrument);
      return {
        seeds: seedsFor(casesFolder, role),
        tokens: HTTP_WORDS,
        execute(input) {
          limitCost(input.length);
          run(new Script(input), modules, (machine) => machine);
        },
        describe: (input, what) => describe(role, input, what, run, modules),
      };
    },
  };
}

/** A case file's case: what the first machine of the execution was told. */
function describe(role, input, what, run, modules) {
  const script = new Script(input);
  const recorder = new CaseRecorder(START);
  let isFirst = true;
  const record = (machine) => {
    const recorded = isFirst ? recorder.around(machine) : machine;
    isFirst = false;
    return recorded;
  };
  try {
    run(script, modules, record);
  } catch {
    // That is what the case is about.
  }
  const [title, prose] = [what, script.describe()];
  const options = [`role: ${role}`, ...script.caseOptions(role)];
  return writeCase({
    title,
    prose,
    options,
    steps: recorder.steps,
    subject: http1Subject(modules),
  });
}
