// The servers under test. Each is started on a free port of 127.0.0.1 with the same site.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import {
  apacheConfiguration,
  haproxyConfiguration,
  nginxConfiguration,
} from './configurations.mjs';
import { findProgram, freePort, ServerProcess } from './server-process.mjs';
import { Folder } from './site.mjs';

const echoFile = fileURLToPath(new URL('./echo-server.mjs', import.meta.url));
const packageFile = import.meta.resolve('holdline/package.json');
const mainFile = fileURLToPath(new URL('./dist/main.js', packageFile));

/**
 * @typedef {object} Peer
 * @property {string} label as the tables have it
 * @property {boolean} isHouse judged by what holdline has decided, too
 * @property {boolean} isEchoing it answers POST with what it received
 * @property {string | null} program that has to be installed
 * @property {string} packageName Debian's, which has it
 * @property {(folder: Folder, port: number, file: string) => Promise<ServerProcess[]>} start
 */

/** @type {Record<string, Peer>} */
export const PEERS = {
  holdline: ours('holdline serve', false, (folder, port) => {
    const args = [mainFile, 'serve', folder.site, '--port', String(port), '--host', 'example.org'];
    return ServerProcess.start(process.execPath, [...args, '--quiet'], port);
  }),
  net: ours('holdline serveHttp', true, (_folder, port) => startEcho('holdline', port)),
  node: {
    label: `node:http ${process.versions.node}`,
    isHouse: false,
    isEchoing: true,
    program: null,
    start: async (_folder, port) => [await startEcho('node', port)],
  },
  nginx: program('nginx', 'nginx-light', ['-v'], async (folder, port, file) => {
    const configuration = folder.write('nginx.conf', nginxConfiguration(folder, port));
    return [await ServerProcess.start(file, ['-c', configuration, '-p', folder.path], port)];
  }),
  haproxy: program('haproxy', 'haproxy', ['-v'], async (folder, port, file) => {
    const backendPort = await freePort();
    const backend = await startEcho('node', backendPort);
    const configuration = folder.write('haproxy.cfg', haproxyConfiguration(port, backendPort));
    return [backend, await ServerProcess.start(file, ['-f', configuration, '-db'], port)];
  }),
  apache: program('apache2', 'apache2', ['-v'], async (folder, port, file) => {
    const configuration = folder.write('apache.conf', apacheConfiguration(folder, port));
    return [await ServerProcess.start(file, ['-f', configuration, '-DFOREGROUND'], port)];
  }),
};

function ours(label, isEchoing, start) {
  const startAll = async (folder, port) => [await start(folder, port)];
  return { label, isHouse: true, isEchoing, program: null, start: startAll };
}

function program(name, packageName, versionFlags, start) {
  const file = findProgram(name);
  return {
    label: file === null ? name : `${name} ${versionOf(file, versionFlags)}`,
    isHouse: false,
    isEchoing: name === 'haproxy',
    program: name,
    packageName,
    start,
  };
}

function versionOf(file, flags) {
  const { stdout, stderr } = spawnSync(file, flags, { encoding: 'utf8' });
  return /(\d+\.[\d.]*\d)/.exec(`${stdout}${stderr}`)?.[1] ?? '';
}

function startEcho(kind, port) {
  return ServerProcess.start(process.execPath, [echoFile, kind, String(port)], port);
}

/** Why a peer cannot be started here; null when it can. */
export function whyMissing({ program: name, packageName }) {
  if (name === null || findProgram(name) !== null) return null;
  return `${name} is not installed (Debian: ${packageName})`;
}

/** Starts a peer, calls `use` with its port and stops it, whatever happens. */
export async function withPeer(peer, use) {
  const folder = new Folder();
  const port = await freePort();
  let processes = [];
  try {
    processes = await peer.start(folder, port, peer.program && findProgram(peer.program));
    return await use(port);
  } finally {
    await Promise.all(processes.map((server) => server.stop()));
    folder.remove();
  }
}
