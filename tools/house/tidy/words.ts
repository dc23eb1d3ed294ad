import { type Finding, lineAt, type Node, type Source, stringsOf, walk } from './source.ts';

/** What protocol code may not say, because it is pure, and what it says instead. */
const forbiddenWords: Readonly<Record<string, string>> = {
  Date: 'time is an argument: an Instant',
  Promise: 'what has to wait is an event that the caller answers',
  performance: 'time is an argument: an Instant',
  setTimeout: 'deadline() tells the caller when to call',
  setInterval: 'deadline() tells the caller when to call',
  setImmediate: 'the caller drains when it likes',
  queueMicrotask: 'the caller drains when it likes',
  Buffer: 'a Uint8Array',
  process: 'options tell what the platform would',
  console: 'events tell what a logger would',
  async: 'what has to wait is an event that the caller answers',
  await: 'what has to wait is an event that the caller answers',
  enum: 'a frozen object, as const',
  globalThis: 'the platform is the caller’s',
};

const pattern = new RegExp(
  `(?<![\\w$.#])(${Object.keys(forbiddenWords).join('|')})(?![\\w$])`,
  'g',
);

/** Words that would make a protocol package impure. Comments and strings may use them. */
export function forbiddenWordFindings(source: Source): Finding[] {
  const findings: Finding[] = [];
  for (const match of source.code.matchAll(pattern)) {
    const [word] = match;
    const line = lineAt(source.text, match.index);
    const message = `'${word}' in pure code; instead: ${forbiddenWords[word]}`;
    findings.push({ file: source.file, line, message });
  }
  for (const { node, value } of stringsOf(source.program)) {
    if (!value.startsWith('node:')) continue;
    const line = lineAt(source.text, node.start);
    findings.push({ file: source.file, line, message: `'${value}' in pure code` });
  }
  return findings;
}

/** The label latin1 means windows-1252, and runtimes disagree about its bytes 0x80-0x9F. */
export function textDecoderFindings(source: Source): Finding[] {
  const findings: Finding[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'NewExpression') return;
    const { name } = node['callee'] as Node;
    const [label] = node['arguments'] as Node[];
    const encoding = String(label?.['value'] ?? 'utf-8').toLowerCase();
    if (name !== 'TextDecoder' || encoding === 'utf-8' || encoding === 'utf8') return;
    const line = lineAt(source.text, node.start);
    findings.push({ file: source.file, line, message: `a TextDecoder for '${encoding}'` });
  });
  return findings;
}
