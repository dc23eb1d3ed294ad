// CPU of each server per request, and requests per second, under wrk.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES, wrkScript } from './requests.mjs';
import { ServerProcess } from './server-process.mjs';

/** The load generator, a program of the system. */
export const WRK = 'wrk';
export const CONNECTIONS = 50;

/** Runs wrk with a script, or with a plain request where there is none; resolves with requests per second. */
export async function wrk(port, script, seconds) {
  const url = `http://127.0.0.1:${port}/`;
  const scripted = script === null ? [] : ['-s', script];
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, ...scripted, url];
  const child = spawn(WRK, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (data) => {
    text += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk: ${text}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)[1]);
}

async function measureLoad(server, { request, repeat }, folder, seconds) {
  const bytes = request(server.port);
  const script = join(folder, 'request.lua');
  writeFileSync(script, wrkScript(bytes, repeat));
  const before = await server.ask(`request-bytes ${bytes.length}`);
  const perSecond = await wrk(server.port, script, seconds);
  const after = await server.ask('usage');
  const cpuMicros = (after.cpuMicros - before.cpuMicros) / (after.served - before.served);
  return { cpuMicros, perSecond };
}

/**
 * By case and server the results of each round. Every server has its turn once per round and case, so
 * that what disturbs the machine disturbs them alike.
 */
export async function runLoads(subjects, { rounds, seconds }) {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-bench-'));
  const servers = new Map();
  const results = Object.fromEntries(
    CASES.map((load) => [load.key, Object.fromEntries(subjects.map(({ key }) => [key, []]))]),
  );
  try {
    for (const { key, command } of subjects) {
      servers.set(key, await ServerProcess.start(key, command, []));
    }
    // Round 0 warms up and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const load of CASES) {
        for (const [key, server] of servers) {
          const result = await measureLoad(server, load, folder, seconds);
          if (round > 0) results[load.key][key].push(result);
        }
      }
    }
  } finally {
    for (const server of servers.values()) await server.stop();
    rmSync(folder, { recursive: true });
  }
  return results;
}
