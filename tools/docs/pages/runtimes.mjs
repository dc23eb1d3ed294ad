// What every runtime has shown: the features that the packed packages are tried for, and where a
// runtime is known to differ. The checks of the tarballs fail when either is no longer so.
import { differences as commandDifferences, features } from '../../../packages/cli/test/packed.mjs';
import { differences } from '../../../packages/net/test/runtimes/differences.mjs';
import { featureGroups } from '../../../packages/net/test/runtimes/features.mjs';
import { launchers } from '../../platforms/launchers.mjs';
import { code, pageHead, table } from '../markdown.mjs';

/** When and with which browser, which comes from the system, this was last looked through. */
const READ_ON = '2026-11-23';
const CHROMIUM = 'Chromium 156';

const runtimeNames = launchers.map(({ name }) => name);

const groups = [...featureGroups, { title: 'The command', features }];
const known = [...differences, ...commandDifferences];

const INTRODUCTION = `
Each package is packed as it is published, and its tarball is tried on every runtime by the same tests:
\`npm run check -- packed\`. Nothing is skipped in the continuous integration; where a runtime is missing (its
binaries are installed on Linux on x64 only), the check says so.
`;

const PACKAGES = `
The pure packages run the same on all of them: case files and seeded properties on Node, Bun and Deno, and in a page
of Chromium, where an import map finds the tarball's files. \`tls\` takes its cryptography from the runtime, and in Chromium from
a provider in plain JavaScript; Bun's has no ChaCha20-Poly1305. \`net\` stands on \`node:net\` and \`node:tls\`, which Bun and
Deno bring along; a browser has no sockets. The command runs wherever \`net\` does.
`;

const METHOD = `
In each row the far end of the connection is a process on Node 24, so that what a runtime does is seen from outside,
too, unless it says that both ends are tried. \`+\` is what must be seen; a number leads to what is seen instead.
`;

const WORKED_AROUND = `
- Deno fails a write of no bytes to a TLS socket with EPERM, and the connection with it. \`tlsSocketTransport\` writes
  none.
- Bun emits \`end\` for a socket that was destroyed by its own side. It is reported as \`failed\`, not as \`finished\`.
- On Bun a RST that comes behind the peer's FIN while writes are under way is sometimes never reported (1 to 3 of 40
  tries). \`writeStallMs\` ends such a connection.
- Deno tells when a file was changed in whole seconds. The entity tags of \`holdline serve\` are weak there for two
  seconds behind a change, as they are on file systems that do so.
- On Deno \`net\` needs \`--allow-net\`, the command \`--allow-read\` as well (tried by hand). Only \`--allow-all\` lets it
  ask the kernel where an opened file is; else it compares paths, which leaves a gap for somebody who can write into the
  folder and swaps links while they are followed.
`;

function packageTable() {
  const works = (browser) => [...runtimeNames.map(() => '+'), browser];
  const headings = launchers.map(({ name, version }) => `${name.split(' ')[0]} ${version}`);
  return table(
    ['', ...headings, CHROMIUM],
    [
      ['timer-wheel', ...works('+')],
      ['http1', ...works('+')],
      ['websocket', ...works('+')],
      ['tls', ...works('+')],
      ['net', ...works('')],
      ['the command', ...works('')],
    ],
  );
}

/** The number of a known difference, or that there is none. */
function cell(feature, runtimeName) {
  const at = known.findIndex((one) => one.feature === feature && one.on.includes(runtimeName));
  return at < 0 ? '+' : `[${at + 1}](#differences)`;
}

function groupTable({ title, features: rows }) {
  const body = rows.map(({ name, expected }) => [
    name.replace(/^client: /, ''),
    code(expected),
    ...runtimeNames.map((runtimeName) => cell(name, runtimeName)),
  ]);
  return `### ${title}\n\n${table(['feature', 'what must be seen', ...runtimeNames], body)}\n`;
}

function differenceList() {
  const lines = known.map(({ feature, on, seen, because }, index) => {
    return `${index + 1}. ${feature}, on ${on.join(', ')}: ${code(seen)}, because ${because}.`;
  });
  return `${lines.join('\n')}\n`;
}

/** The page. */
export function runtimes() {
  const sources = ['packages/net/test/runtimes', 'packages/cli/test/packed.mjs', 'tools/platforms'];
  return [
    pageHead('Runtimes', sources),
    INTRODUCTION,
    `Looked through on ${READ_ON}.\n`,
    `${packageTable()}\n${PACKAGES}`,
    `## What is seen\n${METHOD}`,
    ...groups.map(groupTable),
    `## Differences\n\n${differenceList()}`,
    `## Worked around\n${WORKED_AROUND}`,
  ]
    .join('\n')
    .replaceAll('\n\n\n', '\n\n');
}
