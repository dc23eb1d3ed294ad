// The transcript runner: pure, without a test framework, so that packed tarballs can be run by it.
export { type Case, type CaseOptions, parseCaseFile, type Step } from './case-file.ts';
export { bytesOf, parseBlock, parseEscapes, printBlock, printEscapes, textOf } from './escapes.ts';
export {
  differenceOf,
  type NamedValue,
  parseSentence,
  parseSentences,
  printEvent,
  type Sentence,
} from './notation.ts';
export { type CaseResult, runCase, runCaseFile, type Subject } from './run.ts';
