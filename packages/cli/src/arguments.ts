// The command line: which command, and what it was told.
import { type ConnectArguments, connectArguments } from './connect/connect-arguments.ts';
import type { TlsConnectArguments } from './connect/tls/tls-connect-arguments.ts';
import { quote, UsageError } from './option-parser.ts';
import { type ServeArguments, serveArguments } from './serve-arguments.ts';

/** What the command was asked to do. */
export type Arguments =
  | ServeArguments
  | ConnectArguments
  | TlsConnectArguments
  | { readonly command: 'help'; readonly topic: 'holdline' | 'serve' | 'connect' }
  | { readonly command: 'version' };

/** Understands the arguments behind the program's name. Throws {@link UsageError}. */
export function parseArguments(args: readonly string[]): Arguments {
  const [command, ...rest] = args;
  switch (command) {
    case 'serve':
      return serveArguments(rest);
    case 'connect':
      return connectArguments(rest);
    case '--help':
    case '-h':
      return { command: 'help', topic: 'holdline' };
    case '--version':
      return { command: 'version' };
    case undefined:
      throw new UsageError("which command? 'holdline --help' names them");
    default:
      throw new UsageError(`there is no command ${quote(command)}; 'holdline --help' names them`);
  }
}
