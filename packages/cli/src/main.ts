#!/usr/bin/env node
// The command `holdline`: arguments in, an exit code out, and never a stack trace in between.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArguments } from './arguments.ts';
import { connect } from './connect/connect.ts';
import { connectByTls } from './connect/tls/tls-connect.ts';
import { CONNECT_HELP, HOLDLINE_HELP, SERVE_HELP } from './help.ts';
import { LineOutput } from './line-output.ts';
import { UsageError } from './option-parser.ts';
import { serve } from './serve.ts';
import { describeError } from './system-error.ts';

/** How long the end waits for a pipe that nobody reads. */
const FLUSH_MS_MAX = 1000;

const HELP = { holdline: HOLDLINE_HELP, serve: SERVE_HELP, connect: CONNECT_HELP } as const;

const stdout = new LineOutput(process.stdout);
const stderr = new LineOutput(process.stderr);

async function run(args: readonly string[]): Promise<number> {
  const parsed = parseArguments(args);
  switch (parsed.command) {
    case 'serve':
      return serve(parsed, { stdout, stderr });
    case 'connect':
      return connect(parsed);
    case 'connect-tls':
      return connectByTls(parsed);
    case 'help':
      stdout.line(HELP[parsed.topic].trimEnd());
      return 0;
    case 'version':
      stdout.line(`holdline ${version()}`);
      return 0;
  }
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

async function main(): Promise<void> {
  let exitCode: number;
  try {
    exitCode = await run(process.argv.slice(2));
  } catch (error) {
    stderr.line(`holdline: ${describeError(error)}`);
    exitCode = error instanceof UsageError ? 2 : 1;
  }
  const flushed = Promise.all([stdout.flush(), stderr.flush()]);
  await Promise.race([flushed, setTimeout(FLUSH_MS_MAX)]);
  process.exit(exitCode);
}

await main();
