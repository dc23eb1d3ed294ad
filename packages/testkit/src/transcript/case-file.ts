// Case files: Markdown in which each `##` heading is a case. Prose is for people; what counts are
// fenced blocks, in order, and tables with the columns `input` and `events`.
//
//   options   `key: value` lines; above the first `##` they hold for the whole file
//   input     bytes to receive: each line and CRLF, without CRLF when it ends with a backslash
//   do        commands to the machine, one a line, with fields indented below
//   events    what is reported since the last `events` block, one event a line
//   output    what is written since the last `output` block; compared if a case has one
//   state     `property: value` lines; `deadline: +5000` is relative to now, `deadline: none`
//
// A table row is a case of its own: the cell's bytes between the options `before` and `after`, and
// its events separated by `; `. A backquoted `|` is written `\x7c`.
import { parseBlock, parseEscapes } from './escapes.ts';
import { type NamedValue, parseSentence, parseSentences, type Sentence } from './notation.ts';

/** One block of a case. */
export type Step =
  | { readonly kind: 'input'; readonly data: Uint8Array }
  | { readonly kind: 'do'; readonly commands: readonly Sentence[] }
  | { readonly kind: 'events'; readonly events: readonly Sentence[] }
  | { readonly kind: 'output'; readonly data: Uint8Array }
  | { readonly kind: 'state'; readonly entries: readonly NamedValue[] };

/** Options of a case, by name. */
export type CaseOptions = ReadonlyMap<string, string>;

/** One case. */
export interface Case {
  /** `FILE:LINE title`. */
  readonly title: string;
  readonly options: CaseOptions;
  readonly steps: readonly Step[];
}

interface Block {
  readonly kind: string;
  readonly lines: readonly string[];
}

interface Section {
  readonly title: string;
  readonly line: number;
  readonly blocks: Block[];
  readonly rows: { readonly line: number; readonly cells: readonly string[] }[];
}

/** Parses a case file. Throws SyntaxError, with file and line, on anything it does not understand. */
export function parseCaseFile(fileName: string, text: string): Case[] {
  const [preamble, ...sections] = sectionsOf(fileName, text);
  const shared = new Map<string, string>();
  for (const block of preamble?.blocks ?? []) readOptions(block, shared);
  return sections.flatMap((section) => {
    try {
      return casesOf(fileName, section, shared);
    } catch (error) {
      throw new SyntaxError(`${fileName}:${section.line} ${(error as Error).message}`);
    }
  });
}

function casesOf(fileName: string, section: Section, shared: CaseOptions): Case[] {
  const options = new Map(shared);
  const steps: Step[] = [];
  for (const block of section.blocks) {
    if (block.kind === 'options') readOptions(block, options);
    else steps.push(stepOf(block));
  }
  const title = `${fileName}:${section.line} ${section.title}`;
  const cases = section.rows.map((row) =>
    rowCase(`${fileName}:${row.line} ${section.title}`, row.cells, options),
  );
  if (steps.length > 0) cases.unshift({ title, options, steps });
  if (cases.length === 0) throw new SyntaxError('a case without a block');
  return cases;
}

function rowCase(title: string, cells: readonly string[], options: CaseOptions): Case {
  const [input = '', events = ''] = cells;
  const bytes = `${options.get('before') ?? ''}${input}${options.get('after') ?? ''}`;
  return {
    title: `${title}: ${input}`,
    options,
    steps: [
      { kind: 'input', data: parseEscapes(bytes) },
      { kind: 'events', events: events.split('; ').map((line) => parseSentence(line.trim())) },
    ],
  };
}

function stepOf({ kind, lines }: Block): Step {
  if (kind === 'input' || kind === 'output') return { kind, data: parseBlock(lines) };
  if (kind === 'do') return { kind, commands: parseSentences(lines) };
  if (kind === 'events') {
    const silent = lines.length === 1 && lines[0] === '(none)';
    return { kind, events: silent ? [] : parseSentences(lines) };
  }
  if (kind === 'state') return { kind, entries: lines.map(parseEntry) };
  throw new SyntaxError(`unknown block "${kind}"`);
}

function readOptions(block: Block, options: Map<string, string>): void {
  if (block.kind !== 'options')
    throw new SyntaxError('only options may stand above the first case');
  for (const line of block.lines) {
    const { name, value } = parseEntry(line);
    options.set(name, value);
  }
}

function parseEntry(line: string): NamedValue {
  const match = /^([\w-]+): ?(.*)$/.exec(line);
  if (match === null) throw new SyntaxError(`"${line}" is not "key: value"`);
  return { name: match[1] as string, value: match[2] as string };
}

function sectionsOf(fileName: string, text: string): Section[] {
  const sections: Section[] = [{ title: fileName, line: 1, blocks: [], rows: [] }];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as string;
    const section = sections.at(-1) as Section;
    if (line.startsWith('## ')) {
      sections.push({ title: line.slice(3).trim(), line: index + 1, blocks: [], rows: [] });
    } else if (line.startsWith('```')) {
      const end = lines.indexOf('```', index + 1);
      if (end < 0) throw new SyntaxError(`${fileName}:${index + 1} the block does not end`);
      section.blocks.push({ kind: line.slice(3).trim(), lines: lines.slice(index + 1, end) });
      index = end;
    } else if (/^\| *`/.test(line)) {
      section.rows.push({ line: index + 1, cells: cellsOf(line) });
    }
  }
  return sections;
}

function cellsOf(line: string): string[] {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  return cells.map((cell) => /^`(.*)`$/.exec(cell)?.[1] ?? '');
}
