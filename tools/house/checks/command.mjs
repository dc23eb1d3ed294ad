// Runs the programs that the checks are made of.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../workspace.mjs';

/** The path of a command that the workspace installed. */
export const workspaceCommand = (name) => join(root, 'node_modules', '.bin', name);

/**
 * Runs a command to its end and resolves to its stdout. Rejects with everything it printed when it
 * fails or takes longer than `timeoutMs`.
 */
export function runCommand(command, args, { cwd = root, timeoutMs = 300_000 } = {}) {
  const options = { cwd, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
        return;
      }
      const why = error.killed ? `killed after ${timeoutMs} ms` : `exit ${error.code}`;
      reject(new Error(`${command} ${args.join(' ')}: ${why}\n${stdout}${stderr}`.trimEnd()));
    });
  });
}
