/** A fenced block of TypeScript or JavaScript in a page of the documentation. */
export interface Snippet {
  /** The page, relative to the workspace. */
  readonly file: string;
  /** The line of the opening fence, counted from 1. */
  readonly line: number;
  readonly language: 'ts' | 'js';
  /** False for a block tagged `no-run`: its types are checked, but it is not executed. */
  readonly runs: boolean;
  readonly code: string;
}

/**
 * The snippets of a Markdown page, in order. A block tagged `continued` is joined to the one
 * before it, so that a page can tell a program in pieces.
 */
export function snippetsOf(file: string, markdown: string): Snippet[] {
  const found: Snippet[] = [];
  for (const match of markdown.matchAll(/^```(ts|js)([^\n]*)\n(.*?)^```$/gms)) {
    const [, language = '', tagText = '', code = ''] = match;
    const tags = tagText.split(/\s+/).filter((tag) => tag !== '');
    const line = markdown.slice(0, match.index).split('\n').length;
    const unknown = tags.find((tag) => tag !== 'no-run' && tag !== 'continued');
    if (unknown !== undefined) throw new SyntaxError(`${file}:${line}: unknown tag '${unknown}'`);
    const runs = !tags.includes('no-run');
    if (tags.includes('continued')) {
      const before = found.pop();
      if (before === undefined) throw new SyntaxError(`${file}:${line}: continues nothing`);
      found.push({ ...before, runs: before.runs && runs, code: `${before.code}\n${code}` });
    } else {
      found.push({ file, line, language: language as 'ts' | 'js', runs, code });
    }
  }
  return found;
}
