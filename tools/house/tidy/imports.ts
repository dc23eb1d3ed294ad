import { posix } from 'node:path';
import { type Finding, lineAt, type Source, walk } from './source.ts';

/** What a file imports. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Every static and dynamic import, type import and re-export of a file. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  walk(source.program, (node) => {
    const target = node['source'] as { readonly value?: unknown } | null | undefined;
    const isImport = /^(Import|Export|TSImport)/.test(node.type);
    if (!isImport || typeof target?.value !== 'string') return;
    found.push({ specifier: target.value, line: lineAt(source.text, node.start) });
  });
  return found;
}

/** Where a relative import leads, relative to the workspace. */
export function resolveImport(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

/**
 * Imports that point the wrong way: out of the package's own `src`, or to something that is
 * neither `node:` nor among `allowed` (the names in the manifest's `dependencies`).
 */
export function importDirectionFindings(
  source: Source,
  rules: { readonly isPure: boolean; readonly allowed: readonly string[] },
): Finding[] {
  const sourceFolder = source.file.split('/').slice(0, 3).join('/');
  const findings: Finding[] = [];
  for (const { specifier, line } of importsOf(source)) {
    const message = directionFault(source.file, sourceFolder, specifier, rules);
    if (message !== null) findings.push({ file: source.file, line, message });
  }
  return findings;
}

function directionFault(
  file: string,
  sourceFolder: string,
  specifier: string,
  rules: { readonly isPure: boolean; readonly allowed: readonly string[] },
): string | null {
  if (specifier.startsWith('.')) {
    if (!specifier.endsWith('.ts')) return `import '${specifier}' without its .ts suffix`;
    if (resolveImport(file, specifier).startsWith(`${sourceFolder}/`)) return null;
    return `import '${specifier}' leaves the package's sources`;
  }
  if (specifier.startsWith('node:')) return rules.isPure ? `import '${specifier}'` : null;
  if (rules.isPure) return `import '${specifier}': below net a package depends on nothing`;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  return rules.allowed.includes(name) ? null : `import '${specifier}', which is no dependency`;
}
