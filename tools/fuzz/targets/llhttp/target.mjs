// http1 against node's own parser, on the same bytes in the same pieces. Both have to see the same
// messages, or disagree in a way that is on the list.
import { http1Subject } from '../../../../packages/http1/test/subject.mjs';
import { CaseRecorder } from '../../case-recorder.mjs';
import { writeCase } from '../../case-writer.mjs';
import { coverage, placeOf } from '../../coverage.mjs';
import { checkAccepted } from '../../disagreements/accepted.mjs';
import { CallbackParser, nodeParser } from '../../disagreements/callback-parser.mjs';
import { differencesOf } from '../../disagreements/differences.mjs';
import { ruleFor } from '../../disagreements/list.mjs';
import { MachineParser, NOW } from '../../disagreements/machine.mjs';
import { latin1 } from '../../disagreements/observation.mjs';
import { casesFolder, limitCost, loadHttp1 } from '../http1/build.mjs';
import { makeStream } from '../http1/messages.mjs';
import { HTTP_WORDS, streamsOfCases } from '../http1/words.mjs';
import { HEADER_BYTES, Script } from './script.mjs';

/** A number for a text, so that an outcome can be counted like an edge. */
function placeOfText(text) {
  let hash = 17;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return placeOf(hash);
}

/** Throws what no rule explains; what was explained counts as a way. Gives what node's parser says. */
function compare(machine, node, pieces, { options, stream }) {
  const ours = machine.observe(pieces, options);
  checkAccepted(ours, options.role);
  const theirs = node.observe(pieces, options);
  const observed = { text: latin1(stream), options, ours, theirs };
  coverage.hit(placeOfText(`${ours.code} ${theirs.code}`));
  for (const difference of differencesOf(ours, theirs)) {
    const rule = ruleFor(difference, observed);
    if (rule === null) throw new Error(unexplained(difference));
    coverage.hit(placeOfText(rule.name));
  }
  return theirs;
}

function unexplained({ what, index, ours, theirs }) {
  const [left, right] = [ours, theirs].map((value) => JSON.stringify(value));
  if (what === 'verdict') return `nothing explains ${ours} and ${theirs}: message ${index}`;
  return `nothing explains another ${what}: ${left} and ${right} of message ${index}`;
}

/** The target of a role. */
export function llhttpTarget(role, smokeExecutions) {
  return {
    name: role === 'server' ? 'llhttp-requests' : 'llhttp-responses',
    headerBytes: HEADER_BYTES,
    smokeExecutions,
    async load(instrument) {
      const modules = await loadHttp1(instrument);
      const machine = new MachineParser(modules);
      const node = new CallbackParser(nodeParser());
      const header = new Array(HEADER_BYTES).fill(0);
      return {
        seeds: streamsOfCases(casesFolder, role).map((stream) =>
          Uint8Array.from([...header, ...stream]),
        ),
        tokens: HTTP_WORDS,
        make: (random) => {
          const script = Array.from(header, () => random.next() & 255);
          return Uint8Array.from([...script, ...makeStream(random, role)]);
        },
        execute(input) {
          limitCost(input.length);
          const script = new Script(role, input);
          const theirs = compare(machine, node, [script.stream], script);
          // Behind a fault that it hides, what it says of further pieces is left to chance.
          if (theirs.code !== 'hidden') compare(machine, node, script.pieces, script);
        },
        describe: (input, what) => describe(new Script(role, input), what, modules),
      };
    },
  };
}

/** A case file's case: what our machine is told. What node's parser says is in its prose. */
function describe({ options, stream, seed }, what, modules) {
  const recorder = new CaseRecorder(NOW);
  new MachineParser(modules, (machine) => recorder.around(machine)).observe([stream], options);
  const theirs = new CallbackParser(nodeParser()).observe([stream], options);
  const said = JSON.stringify([theirs.end, theirs.code, ...theirs.messages]);
  return writeCase({
    title: what,
    prose: [`${JSON.stringify(options)}; split by ${seed}; node's parser says ${said}`],
    options: [`role: ${options.role}`],
    steps: recorder.steps,
    subject: http1Subject(modules),
  });
}
