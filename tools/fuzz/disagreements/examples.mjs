// What three parsers make of the examples of the list, on the Node that runs this: as a script, it
// prints the outcomes and the rules that explain them as JSON. `node examples.mjs HTTP1_DIST`.
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseEscapes } from '@holdline/testkit';
import { CallbackParser, nodeParser, scriptParser } from './callback-parser.mjs';
import { differencesOf, outcomeOf } from './differences.mjs';
import { RULES, ruleFor, shownAspect } from './list.mjs';
import { MachineParser } from './machine.mjs';
import { latin1 } from './observation.mjs';

/** The stream of a rule's example, and the options that both parsers get. */
export function exampleOf({ roles, example, options = {} }) {
  return { stream: parseEscapes(example), options: { role: roles[0], ...options } };
}

/**
 * For each rule the names of the rules that explain what differs in its example, and the outcome of
 * what it is about: of holdline, of node's parser, and of http-parser-js.
 */
function observeExamples(modules) {
  const machine = new MachineParser(modules);
  const node = new CallbackParser(nodeParser());
  const script = new CallbackParser(scriptParser());
  return RULES.map((rule) => {
    const { stream, options } = exampleOf(rule);
    const [ours, theirs] = [machine, node].map((parser) => parser.observe([stream], options));
    const observed = { text: latin1(stream), options, ours, theirs };
    const differences = differencesOf(ours, theirs);
    const names = differences.map((difference) => ruleFor(difference, observed)?.name ?? null);
    const difference = differences.find(
      ({ what }, at) => what === shownAspect(rule) && names[at] === rule.name,
    );
    if (difference === undefined) return { name: rule.name, names, outcome: null };
    const third = outcomeOf(script.observe([stream], options), difference);
    return { name: rule.name, names, outcome: [difference.ours, difference.theirs, third] };
  });
}

if (process.argv[1] === import.meta.filename) {
  const load = (name) => import(pathToFileURL(join(process.argv[2], name)));
  const modules = { server: await load('server.js'), client: await load('client.js') };
  process.stdout.write(JSON.stringify(observeExamples(modules)));
}
