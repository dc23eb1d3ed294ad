import { parseSync } from 'oxc-parser';

/** A place where a rule of the style guide is broken. */
export interface Finding {
  /** The file, relative to the workspace. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A node of the syntax tree; what a rule needs of it, it checks itself. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A comment, with its offsets in the text. */
interface Comment {
  readonly type: 'Line' | 'Block';
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** A parsed TypeScript or JavaScript file. */
export interface Source {
  /** Relative to the workspace, with forward slashes. */
  readonly file: string;
  readonly text: string;
  /** The text with comments and the insides of strings blanked; offsets and lines are the same. */
  readonly code: string;
  readonly program: Node;
  readonly comments: readonly Comment[];
}

/** Parses a file, and throws what the parser says when it cannot. */
export function parseSource(file: string, text: string): Source {
  const result = parseSync(file, text);
  const [error] = result.errors;
  if (error !== undefined) throw new SyntaxError(`${file}: ${error.message}`);
  const program = result.program as unknown as Node;
  const comments = result.comments as readonly Comment[];
  return { file, text, code: blank(text, program, comments), program, comments };
}

/** Calls `visit` for a node and everything below it, outermost first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** The nodes directly below a node. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The line, counted from 1, on which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; ) {
    line += 1;
    index = text.indexOf('\n', index + 1);
  }
  return line;
}

/** The number of lines from one offset to another, both ends included. */
export function lineCount(text: string, start: number, end: number): number {
  return lineAt(text, end) - lineAt(text, start) + 1;
}

/** Every string literal and piece of a template, with what it says. */
export function stringsOf(program: Node): { readonly node: Node; readonly value: string }[] {
  const found: { node: Node; value: string }[] = [];
  walk(program, (node) => {
    if (node.type === 'Literal' && typeof node['value'] === 'string') {
      found.push({ node, value: node['value'] });
    } else if (node.type === 'TemplateElement') {
      const { cooked } = node['value'] as { cooked: string | null };
      found.push({ node, value: cooked ?? '' });
    }
  });
  return found;
}

function blank(text: string, program: Node, comments: readonly Comment[]): string {
  const ranges: { readonly start: number; readonly end: number }[] = [...comments];
  walk(program, (node) => {
    const isText = node.type === 'Literal' && typeof node['value'] === 'string';
    const isPattern = node.type === 'Literal' && node['regex'] !== undefined;
    if (isText || isPattern || node.type === 'TemplateElement') ranges.push(node);
  });
  let blanked = '';
  let position = 0;
  for (const { start, end } of ranges.sort((left, right) => left.start - right.start)) {
    blanked += text.slice(position, start) + text.slice(start, end).replace(/[^\n]/g, ' ');
    position = end;
  }
  return blanked + text.slice(position);
}
