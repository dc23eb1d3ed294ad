// One line of a case file: a name, words, `key=value` pairs and, indented below it, fields.
import type { AnyEvent } from '../drain.ts';
import { dataOf } from '../drain.ts';
import { equalBytes } from '../guard-bytes.ts';
import { bytesOf, parseEscapes, printEscapes, textOf } from './escapes.ts';

/** A name and a value, as in an HTTP field line. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** A command to give, or an event to expect. */
export interface Sentence {
  /** Command or event type. */
  readonly name: string;
  /** Words without `=`, in order; escapes of quoted ones are resolved. */
  readonly words: readonly string[];
  /** `key=value` words. */
  readonly pairs: readonly NamedValue[];
  /** The indented lines `name: value`; null when there are none, empty for the line `(none)`. */
  readonly fields: readonly NamedValue[] | null;
}

/** Parses the lines of a block. Throws SyntaxError on what is not in the notation. */
export function parseSentences(lines: readonly string[]): Sentence[] {
  const sentences: Sentence[] = [];
  let fields: NamedValue[] | null = null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    if (/^\s/.test(line)) {
      if (fields === null) {
        fields = [];
        const last = sentences.pop();
        if (last === undefined) throw new SyntaxError(`nothing above "${line}"`);
        sentences.push({ ...last, fields });
      }
      if (line.trim() !== '(none)') fields.push(parseField(line.trim()));
    } else {
      fields = null;
      sentences.push(parseSentence(line));
    }
  }
  return sentences;
}

function parseField(line: string): NamedValue {
  const colon = line.indexOf(':');
  if (colon < 1) throw new SyntaxError(`"${line}" is not "name: value"`);
  return {
    name: textOf(parseEscapes(line.slice(0, colon))),
    value: textOf(parseEscapes(line.slice(colon + 1).trim())),
  };
}

/** Parses one line without fields. */
export function parseSentence(line: string): Sentence {
  const words: string[] = [];
  const pairs: NamedValue[] = [];
  const pattern = /\s*(?:([A-Za-z][\w.-]*)=)?("(?:[^"\\]|\\.)*"|[^\s"]+)/y;
  for (pattern.lastIndex = 0; pattern.lastIndex < line.trimEnd().length; ) {
    const at = pattern.lastIndex;
    const match = pattern.exec(line);
    if (match === null) throw new SyntaxError(`cannot read "${line.slice(at)}"`);
    const raw = match[2] as string;
    const value = raw.startsWith('"') ? textOf(parseEscapes(raw.slice(1, -1))) : raw;
    if (match[1] === undefined) words.push(value);
    else pairs.push({ name: match[1], value });
  }
  const [name, ...rest] = words;
  if (name === undefined) throw new SyntaxError(`no name in "${line}"`);
  return { name, words: rest, pairs, fields: null };
}

/** Null when `event` is as `expected` says; else what differs. Keys that are not listed are not compared. */
export function differenceOf(expected: Sentence, event: AnyEvent): string | null {
  if (event.type !== expected.name) return `expected ${expected.name}`;
  const [payload] = expected.words;
  if (payload !== undefined) {
    const data = dataOf(event);
    if (data === null || !equalBytes(data, bytesOf(payload))) return `expected data "${payload}"`;
  }
  for (const { name, value } of expected.pairs) {
    const actual = printValue(
      name.startsWith('field.')
        ? combined(event, name.slice(6))
        : (event as unknown as Record<string, unknown>)[name],
    );
    if (actual !== value) return `expected ${name}=${value}`;
  }
  if (expected.fields === null) return null;
  const actual = fieldsOf(event);
  const same =
    actual !== null &&
    actual.length === expected.fields.length &&
    expected.fields.every((field, index) => {
      const other = actual[index];
      return other?.name === field.name && other.value === field.value;
    });
  return same
    ? null
    : `expected fields ${expected.fields.map((f) => `${f.name}: ${f.value}`).join(' | ') || '(none)'}`;
}

/** Prints an event on one line, in the notation. */
export function printEvent(event: AnyEvent): string {
  const parts: string[] = [event.type];
  for (const [key, value] of Object.entries(event)) {
    if (key === 'type' || key === 'fields' || key === 'trailers' || key === 'rawHead') continue;
    if (value instanceof Uint8Array) parts.push(`"${printEscapes(value)}"`);
    else {
      const printed = printValue(value);
      parts.push(`${key}=${/^[^\s"]+$/.test(printed) ? printed : JSON.stringify(printed)}`);
    }
  }
  const fields = fieldsOf(event) ?? [];
  return `${parts.join(' ')}${fields.map(({ name, value }) => ` {${name}: ${value}}`).join('')}`;
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(printValue).join(',');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([key, part]) => `${key}:${printValue(part)}`)
      .join(',');
  }
  return String(value);
}

function fieldsOf(event: AnyEvent): readonly NamedValue[] | null {
  const { fields, trailers } = event as {
    readonly fields?: readonly NamedValue[];
    readonly trailers?: readonly NamedValue[];
  };
  return fields ?? trailers ?? null;
}

function combined(event: AnyEvent, name: string): string | null {
  const values = (fieldsOf(event) ?? []).filter((field) => field.name === name);
  return values.length === 0 ? null : values.map((field) => field.value).join(', ');
}
