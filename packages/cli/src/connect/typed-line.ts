// What somebody means who types a line: a message, or a command that begins with a slash.

/** A line, understood. */
export type TypedLine =
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'ping'; readonly text: string }
  /** 1000 when no code was given. */
  | { readonly type: 'close'; readonly code: number; readonly reason: string }
  | { readonly type: 'help' }
  /** Nothing is done; `text` says why. */
  | { readonly type: 'mistake'; readonly text: string };

/** What `/help` prints. */
export const COMMANDS_HELP: readonly string[] = [
  '/ping [TEXT]           ask for a pong, and see how long it takes',
  '/close [CODE [REASON]] begin the closing handshake; 1000 is the default',
  '/help                  these lines',
  '//...                  send a line that begins with one slash',
];

/** RFC 6455 section 5.5. */
const PING_BYTES_MAX = 125;

/** RFC 6455 section 5.5.1: a control frame's payload without the code. */
const REASON_BYTES_MAX = 123;

/** Understands a line without its end. */
export function readTypedLine(line: string): TypedLine {
  if (!line.startsWith('/')) return { type: 'message', text: line };
  if (line.startsWith('//')) return { type: 'message', text: line.slice(1) };
  const [, command = '', rest = ''] = /^\/(\S*)\s*(.*)$/s.exec(line) ?? [];
  switch (command) {
    case 'ping':
      return ping(rest);
    case 'close':
      return close(rest);
    case 'help':
      return { type: 'help' };
    default:
      return { type: 'mistake', text: `there is no command /${command}: /help, or // to send it` };
  }
}

function ping(text: string): TypedLine {
  if (Buffer.byteLength(text) <= PING_BYTES_MAX) return { type: 'ping', text };
  return { type: 'mistake', text: `a ping has at most ${PING_BYTES_MAX} bytes` };
}

function close(rest: string): TypedLine {
  const [, digits = '', reason = ''] = /^(\d*)\s*(.*)$/s.exec(rest) ?? [];
  const code = digits === '' ? 1000 : Number(digits);
  if (digits === '' && reason !== '') {
    return { type: 'mistake', text: 'a reason needs a code before it: /close 1000 bye' };
  }
  if (!isSendable(code)) {
    return { type: 'mistake', text: 'codes to close with are 1000-1003, 1007-1014, 3000-4999' };
  }
  if (Buffer.byteLength(reason) > REASON_BYTES_MAX) {
    return { type: 'mistake', text: `a reason has at most ${REASON_BYTES_MAX} bytes` };
  }
  return { type: 'close', code, reason };
}

/** RFC 6455 section 7.4 and its registry. */
function isSendable(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}
