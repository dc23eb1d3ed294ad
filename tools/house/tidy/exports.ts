import { resolveImport } from './imports.ts';
import { childrenOf, type Finding, lineAt, type Node, type Source } from './source.ts';

/** Finds the source of a file by its path relative to the workspace; null when there is none. */
export type FindSource = (file: string) => Source | null;

/** Everything that an entry exports, its own and what it passes on, without a docstring. */
export function undocumentedExportFindings(entry: Source, findSource: FindSource): Finding[] {
  const findings: Finding[] = [];
  for (const { source, statement, declaration } of exportsOf(entry, null, findSource)) {
    const name = nameOf(declaration);
    if (!hasDocstring(source, statement)) {
      findings.push(findingAt(source, statement, `export '${name}' without a docstring`));
    }
    const inherited = inheritedMembers(source, declaration, findSource);
    for (const member of publicMembers(declaration)) {
      if (inherited.has(nameOf(member))) continue;
      if (hasDocstring(source, member)) continue;
      const message = `'${name}.${nameOf(member)}' without a docstring`;
      findings.push(findingAt(source, member, message));
    }
  }
  return findings;
}

interface Exported {
  readonly source: Source;
  /** What the comment stands before. */
  readonly statement: Node;
  readonly declaration: Node;
}

/** The exported declarations of a file, or only those in `wanted`, found through re-exports. */
function exportsOf(source: Source, wanted: Set<string> | null, find: FindSource): Exported[] {
  const found: Exported[] = [];
  for (const statement of source.program['body'] as Node[]) {
    if (!/^Export(Named|All|Default)Declaration$/.test(statement.type)) continue;
    const target = statement['source'] as { value: string } | null | undefined;
    const declaration = statement['declaration'] as Node | null | undefined;
    // What comes from another package has its docstring there.
    if (target && !target.value.startsWith('.')) continue;
    if (target) {
      const file = resolveImport(source.file, target.value);
      const next = find(file);
      if (next === null) throw new Error(`${source.file} exports from ${file}, which is not there`);
      found.push(...exportsOf(next, namesPassedOn(statement, wanted), find));
    } else if (declaration) {
      const isWanted =
        wanted === null || declaredNames(declaration).some((name) => wanted.has(name));
      if (isWanted) found.push({ source, statement, declaration });
    } else {
      found.push(...localExports(source, statement, wanted));
    }
  }
  return found;
}

/** `export { a, b as c }` of things that the file itself declares. */
function localExports(
  source: Source,
  exportStatement: Node,
  wanted: Set<string> | null,
): Exported[] {
  const specifiers = exportStatement['specifiers'] as Node[];
  const names = specifiers
    .filter((specifier) => wanted === null || wanted.has(identifier(specifier['exported'])))
    .map((specifier) => identifier(specifier['local']));
  return (source.program['body'] as Node[])
    .filter((statement) => declaredNames(statement).some((name) => names.includes(name)))
    .map((statement) => ({ source, statement, declaration: statement }));
}

function namesPassedOn(statement: Node, wanted: Set<string> | null): Set<string> | null {
  if (statement.type === 'ExportAllDeclaration') return wanted;
  const specifiers = (statement['specifiers'] as Node[]).filter(
    (specifier) => wanted === null || wanted.has(identifier(specifier['exported'])),
  );
  return new Set(specifiers.map((specifier) => identifier(specifier['local'])));
}

function declaredNames(declaration: Node): string[] {
  const declarators = declaration['declarations'] as Node[] | undefined;
  if (declarators !== undefined) return declarators.map((node) => identifier(node['id']));
  return declaration['id'] ? [identifier(declaration['id'])] : [];
}

function nameOf(node: Node): string {
  return node['key'] ? identifier(node['key']) : declaredNames(node).join(', ');
}

function identifier(node: unknown): string {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? value ?? '';
}

/** What a reader of the reference has to know: a class's public members, and every option. */
function publicMembers(declaration: Node): Node[] {
  const body = childrenOf(declaration).find((child) => child.type === 'ClassBody');
  if (body !== undefined) return (body['body'] as Node[]).filter(isPublicMember);
  const isOptions = /(Options|Limits|Timeouts)$/.test(nameOf(declaration));
  const shape = childrenOf(declaration).find((child) => child.type === 'TSInterfaceBody');
  return isOptions && shape !== undefined ? (shape['body'] as Node[]) : [];
}

function isPublicMember(member: Node): boolean {
  const key = member['key'] as Node | undefined;
  if (key === undefined || key.type === 'PrivateIdentifier') return false;
  const { accessibility, kind } = member;
  if (accessibility === 'private' || accessibility === 'protected') return false;
  // A setter is documented with its getter, a constructor with its class; `name` is every Error's.
  if (kind === 'constructor' || kind === 'set' || member['override'] === true) return false;
  return true;
}

/** The members that an interface documents for the class that implements it. */
function inheritedMembers(source: Source, declaration: Node, find: FindSource): Set<string> {
  const interfaces = (declaration['implements'] as Node[] | undefined) ?? [];
  const bodies = interfaces
    .flatMap((node) => declarationsNamed(source, identifier(node['expression']), find))
    .flatMap(childrenOf)
    .filter((child) => child.type === 'TSInterfaceBody');
  return new Set(bodies.flatMap((body) => body['body'] as Node[]).map(nameOf));
}

/** The declarations of a name in a file, or in the file that it imports the name from. */
function declarationsNamed(source: Source, name: string, find: FindSource): Node[] {
  for (const statement of source.program['body'] as Node[]) {
    const declaration = (statement['declaration'] as Node | null | undefined) ?? statement;
    if (declaredNames(declaration).includes(name)) return [declaration];
    if (statement.type !== 'ImportDeclaration') continue;
    const specifiers = statement['specifiers'] as Node[];
    const specifier = specifiers.find((node) => identifier(node['local']) === name);
    if (specifier === undefined) continue;
    const { value } = statement['source'] as { value: string };
    const next = find(resolveImport(source.file, value));
    const wanted = new Set([identifier(specifier['imported'] ?? specifier['local'])]);
    return next === null ? [] : exportsOf(next, wanted, find).map((found) => found.declaration);
  }
  return [];
}

/** A docstring ends where the statement begins, but for blanks (and decorators never occur). */
function hasDocstring(source: Source, node: Node): boolean {
  return source.comments.some(
    (comment) =>
      comment.type === 'Block' &&
      comment.value.startsWith('*') &&
      comment.end <= node.start &&
      source.text.slice(comment.end, node.start).trim() === '',
  );
}

function findingAt(source: Source, node: Node, message: string): Finding {
  return { file: source.file, line: lineAt(source.text, node.start), message };
}
