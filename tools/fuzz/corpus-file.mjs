// Inputs on disk: one file for each target, one input a line, in the escapes of case files, the
// shorter ones first, so that a change of a corpus can be read.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEscapes, printEscapes } from '@holdline/testkit';

const fileOf = (folder, name) => join(folder, `${name}.txt`);
/** A space at the end of a line could not be seen. */
const lineOf = (input) => printEscapes(input).replace(/ $/, '\\x20');

/** The inputs stored in a folder for a target; none when there is no such file. */
export function loadInputs(folder, name) {
  const file = fileOf(folder, name);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => parseEscapes(line));
}

/** Makes the file of a target hold these inputs and no others. */
export function storeInputs(folder, name, inputs) {
  mkdirSync(folder, { recursive: true });
  const lines = [...new Set(inputs.map(lineOf))];
  lines.sort((left, right) => left.length - right.length || (left < right ? -1 : 1));
  writeFileSync(fileOf(folder, name), lines.map((line) => `${line}\n`).join(''));
}
