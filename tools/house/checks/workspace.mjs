// The checks of the sources: format and lint, types, what is unused, what is to be released.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages, root } from '../workspace.mjs';
import { runCommand, workspaceCommand } from './command.mjs';

/** What a changeset is about, and what is wrong with it. */
export function readChangeset(text, knownNames) {
  const [, frontMatter = '', prose = ''] = /^---\n(.*?)^---\n(.*)$/ms.exec(text) ?? [];
  const names = [];
  const faults = [];
  for (const line of frontMatter.split('\n').filter((line) => line.trim() !== '')) {
    const [, name] = /^['"]?([@\w/-]+)['"]?: (?:major|minor|patch)$/.exec(line) ?? [];
    if (name === undefined) faults.push(`cannot read '${line}'`);
    else if (!knownNames.includes(name)) faults.push(`names ${name}, which is not published here`);
    else names.push(name);
  }
  if (names.length === 0) faults.push('names no package');
  if (prose.trim() === '') faults.push('says nothing to users');
  return { names, faults };
}

/** A package that was never released needs a changeset; every changeset has to be valid. */
async function checkChangesets() {
  const folder = join(root, '.changeset');
  const files = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const published = publicPackages().map(({ manifest }) => manifest);
  const knownNames = published.map(({ name }) => name);
  const named = new Set();
  const faults = [];
  for (const file of files) {
    const changeset = readChangeset(readFileSync(join(folder, file), 'utf8'), knownNames);
    for (const name of changeset.names) named.add(name);
    faults.push(...changeset.faults.map((fault) => `.changeset/${file}: ${fault}`));
  }
  for (const { name, version } of published) {
    if (version === '0.0.0' && !named.has(name)) faults.push(`no changeset names ${name}`);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const hasBaseBranch = await runCommand('git', ['rev-parse', '--verify', '--quiet', 'main']).then(
    () => true,
    () => false,
  );
  // The program compares with the base branch, which not every clone has.
  if (hasBaseBranch) await runCommand(workspaceCommand('changeset'), ['status']);
  return `${files.length} read${hasBaseBranch ? ', status asked' : ', no branch main to compare with'}`;
}

/** The checks that need no tarball. */
export function workspaceChecks() {
  const turbo = (task) =>
    runCommand(workspaceCommand('turbo'), ['run', task, '--output-logs=errors-only', '--continue']);
  return [
    {
      name: 'biome',
      run: async () => {
        await runCommand(workspaceCommand('biome'), [
          'ci',
          '--colors=off',
          '--error-on-warnings',
          '.',
        ]);
      },
    },
    {
      name: 'types',
      run: async () => {
        await turbo('types');
      },
    },
    {
      name: 'knip',
      run: async () => {
        await runCommand(workspaceCommand('knip'), ['--no-config-hints']);
      },
    },
    { name: 'changesets', run: checkChangesets },
  ];
}
