// What somebody means who types a line to a server by TLS: bytes, or a command.

/** A line, understood. */
export type TlsTypedLine =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'key-update'; readonly requestsPeer: boolean }
  | { readonly type: 'close' }
  | { readonly type: 'help' }
  /** Nothing is done; `text` says why. */
  | { readonly type: 'mistake'; readonly text: string };

/** What `/help` prints. */
export const TLS_COMMANDS_HELP: readonly string[] = [
  '/heartbeat          ask for a heartbeat, and see how long it takes (--heartbeat offers them)',
  '/keyupdate          update our sending keys',
  '/keyupdate request  and ask the server to update its own',
  '/close              send close_notify: we have nothing more to say',
  '/help               these lines',
  '//...               send a line that begins with one slash',
];

/** Understands a line without its end. */
export function readTlsTypedLine(line: string): TlsTypedLine {
  if (!line.startsWith('/')) return { type: 'text', text: line };
  if (line.startsWith('//')) return { type: 'text', text: line.slice(1) };
  switch (line.slice(1).trimEnd().replace(/\s+/g, ' ')) {
    case 'heartbeat':
      return { type: 'heartbeat' };
    case 'keyupdate':
      return { type: 'key-update', requestsPeer: false };
    case 'keyupdate request':
      return { type: 'key-update', requestsPeer: true };
    case 'close':
      return { type: 'close' };
    case 'help':
      return { type: 'help' };
    default:
      return { type: 'mistake', text: `there is no command ${line}: /help, or // to send it` };
  }
}
