// What all commands have in common in how they are told: options, and what is wrong with them.
import { parseArgs } from 'node:util';
import { escapeInvisible } from './escape.ts';

/** The user's fault: one line on stderr, and exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** Options by name, as Node's parser takes them. */
export type OptionTable = Readonly<
  Record<
    string,
    {
      readonly type: 'string' | 'boolean';
      readonly short?: string;
      readonly multiple?: boolean;
    }
  >
>;

/** What was said, by the names of options; those that were not are absent. */
export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]?: Options[Name] extends { readonly type: 'boolean' }
    ? boolean
    : Options[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string;
};

/** Options, and what is none. */
export interface ParsedOptions<Options extends OptionTable> {
  readonly values: OptionValues<Options>;
  readonly positionals: readonly string[];
}

/** Node's parser, with messages of one line. Throws {@link UsageError}. */
export function parseOptions<Options extends OptionTable>(
  args: readonly string[],
  options: Options,
): ParsedOptions<Options> {
  const config = { args: [...args], options, allowPositionals: true, tokens: true } as const;
  // Not strict, so that what is wrong can be said in our words; the tokens say what was there.
  const { values, positionals, tokens } = parseArgs({ ...config, strict: false });
  for (const token of tokens ?? []) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) throw new UsageError(`there is no option ${quote(rawName)}`);
    const wantsValue = options[name]?.type === 'string';
    if (!wantsValue && value !== undefined) throw new UsageError(`${rawName} takes no value`);
    // `--port --quiet` is a forgotten value rather than a strange one; `--port=--quiet` says so.
    const isForgotten = value === undefined || (inlineValue === false && value.startsWith('-'));
    if (wantsValue && isForgotten) throw new UsageError(`${rawName} needs a value`);
  }
  return { values: values as OptionValues<Options>, positionals };
}

/** A whole number in a range; undefined when it was not said. Throws {@link UsageError}. */
export function integerOption(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not ${quote(text)}`);
}

/**
 * Seconds, with a fraction if need be, as milliseconds; undefined when they were not said. Throws
 * {@link UsageError}.
 */
export function secondsOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0) return Math.round(seconds * 1000);
  throw new UsageError(`--${name} takes seconds above 0, such as 2.5, not ${quote(text)}`);
}

/** The user's own words, on one line however they were. */
export function quote(text: string): string {
  return `'${escapeInvisible(text)}'`;
}
