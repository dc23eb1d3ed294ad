// Packs every public package as it would be published, and unpacks the tarballs into one
// `node_modules`, which is what everything after this looks at.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { packedFolder, publicPackages } from '../workspace.mjs';
import { runCommand, workspaceCommand } from './command.mjs';

/** The folder in which the unpacked packages can be imported by name. */
export const consumerFolder = join(packedFolder, 'consumer');

/**
 * Packs and unpacks all public packages.
 *
 * @returns {Promise<{ name: string, isPure: boolean, manifest: object, tarball: string, folder: string }[]>}
 *   per package: its short name, the packed manifest, the tarball and the folder of its files
 */
export async function packAll() {
  rmSync(packedFolder, { recursive: true, force: true });
  mkdirSync(packedFolder, { recursive: true });
  const packed = [];
  for (const { name, folder: source, manifest: own, isPure } of publicPackages()) {
    const tarball = join(packedFolder, `${name}.tgz`);
    await runCommand(workspaceCommand('pnpm'), ['pack', '--out', tarball], { cwd: source });
    const folder = join(consumerFolder, 'node_modules', own.name);
    await unpack(tarball, folder);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    packed.push({ name, isPure, manifest, tarball, folder });
    linkOthers(manifest, source);
  }
  writeFileSync(join(consumerFolder, 'package.json'), '{ "private": true, "type": "module" }\n');
  // Who imports this imports as the consumer would.
  const load = 'export const load = (specifier) => import(specifier);\n';
  writeFileSync(join(consumerFolder, 'load.mjs'), load);
  return packed;
}

/** What others publish is there as the workspace has installed it. */
function linkOthers({ dependencies = {} }, source) {
  for (const name of Object.keys(dependencies)) {
    const link = join(consumerFolder, 'node_modules', name);
    const installed = join(source, 'node_modules', name);
    if (name.startsWith('@holdline/') || existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(installed, link);
  }
}

async function unpack(tarball, folder) {
  const temporary = `${tarball}.unpacked`;
  mkdirSync(temporary);
  await runCommand('tar', ['-xzf', tarball, '-C', temporary]);
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(join(temporary, 'package'), folder);
  rmSync(temporary, { recursive: true });
}
