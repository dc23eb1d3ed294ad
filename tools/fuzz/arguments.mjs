// The command line of the fuzzer.
import { parseArgs } from 'node:util';

const SECONDS = 60;
const SEED = 9112;

/** What the command line asks for; throws an Error with one line to show for what it does not know. */
export function parseArguments(args, targetNames) {
  const { values } = parseArgs({
    args,
    options: {
      smoke: { type: 'boolean', default: false },
      target: { type: 'string' },
      seconds: { type: 'string' },
      seed: { type: 'string' },
      executions: { type: 'string' },
      corpus: { type: 'string' },
      minimise: { type: 'boolean', default: false },
      input: { type: 'string' },
    },
  });
  const { smoke, target, minimise } = values;
  if (target !== undefined && !targetNames.includes(target)) {
    throw new Error(`--target ${target}: one of ${targetNames.join(', ')}`);
  }
  const executionsMax = number(values, 'executions', 1, null);
  const seconds = number(values, 'seconds', 0, smoke || executionsMax !== null ? null : SECONDS);
  if (smoke && (seconds !== null || executionsMax !== null)) {
    throw new Error('--smoke has its own number of executions: no --seconds, no --executions');
  }
  if (smoke && minimise) throw new Error('--smoke changes no corpus: no --minimise');
  return {
    isSmoke: smoke,
    isMinimising: minimise,
    input: bytes(values.input, target),
    names: target === undefined ? targetNames : [target],
    executionsMax: executionsMax ?? Number.POSITIVE_INFINITY,
    seconds: seconds ?? Number.POSITIVE_INFINITY,
    seed: number(values, 'seed', 0, SEED),
    corpus: values.corpus ?? null,
  };
}

function bytes(text, target) {
  if (text === undefined) return null;
  if (target === undefined) throw new Error('--input is for one target: --target NAME');
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw new Error('--input is bytes in hexadecimal');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function number(values, name, least, otherwise) {
  const text = values[name];
  if (text === undefined) return otherwise;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= Number.MAX_SAFE_INTEGER)) {
    throw new Error(`--${name} ${text}: a whole number, ${least} at least`);
  }
  return value;
}
