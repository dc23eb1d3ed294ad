// How a connection ended, as one line and an exit code.
import { type ClosedEvent, WebSocketOpenError } from '@holdline/net/websocket';
import { escapeInvisible, escapePeerText } from '../escape.ts';
import { describeError } from '../system-error.ts';

/** What the command ends with; the help and the README have the same table. */
export const EXIT_CODE = {
  /** Both sides have agreed on the end, and nothing was wrong: 1000, 1001, or no code. */
  clean: 0,
  /** There was no WebSocket. */
  notOpened: 1,
  /** Arguments, or a line that cannot be sent. */
  usage: 2,
  /** Both sides have agreed on the end, with another code. */
  otherCode: 3,
  /** It broke. */
  abnormal: 4,
} as const;

/** What is told, and what the process ends with. */
export interface Ending {
  readonly exitCode: number;
  /** One line, without the program's name. */
  readonly line: string;
}

/** 1005 stands for a Close frame without a code (RFC 6455 section 7.1.5). */
const NO_CODE = 1005;
const CLEAN_CODES: ReadonlySet<number> = new Set([1000, 1001, NO_CODE]);

/** Characters of a refusal's content that are shown. */
const CONTENT_LENGTH_MAX = 200;

/** Of a connection that was open; `fault` is what the server did wrong, if anything. */
export function endingOfConnection(event: ClosedEvent, fault: string | null): Ending {
  const { code, reason, observation, evidence, startedBy, likely } = event;
  if (observation !== 'closing-handshake') {
    const what = fault === null ? '' : ` (${escapePeerText(fault)})`;
    const line = `${observation}${what}, likely ${likely.cause}: ${likely.why}`;
    return { exitCode: EXIT_CODE.abnormal, line };
  }
  const by = startedBy === 'us' ? '' : ' by the server';
  const said = code === NO_CODE ? 'without a code' : `with ${code}`;
  const why = reason === '' ? '' : ` "${escapePeerText(reason)}"`;
  const line = `closed${by} ${said}${why} after ${(evidence.openMs / 1000).toFixed(1)} s`;
  return { exitCode: CLEAN_CODES.has(code) ? EXIT_CODE.clean : EXIT_CODE.otherCode, line };
}

/** Of a connection that was not opened. */
export function endingOfOpening(error: unknown): Ending {
  const line = error instanceof WebSocketOpenError ? describeOpening(error) : describeError(error);
  return { exitCode: EXIT_CODE.notOpened, line };
}

function describeOpening(error: WebSocketOpenError): string {
  const { observation, response, cause, code } = error;
  if (response !== null) return `${observation}: the server answered ${describeRefusal(response)}`;
  const what = escapeInvisible(error.message.slice(code.length + 2));
  return cause === undefined
    ? `${observation}: ${what}`
    : `${observation}: ${what}: ${describeError(cause)}`;
}

type Refusal = NonNullable<WebSocketOpenError['response']>;

/** `401 Unauthorized: who are you?`, `302 Found, to http://elsewhere/, which is not followed`. */
function describeRefusal({ status, reason, fields, content }: Refusal): string {
  const words = [`${status} ${escapePeerText(reason)}`.trimEnd()];
  const location = fields.find(({ name }) => name === 'location')?.value;
  if (location !== undefined && status < 400) {
    words.push(`, to ${escapePeerText(location)}, which is not followed`);
  }
  const type = fields.find(({ name }) => name === 'content-type')?.value ?? '';
  const [firstLine = ''] = new TextDecoder().decode(content).trim().split('\n');
  if (type.startsWith('text/plain') && firstLine !== '') {
    words.push(`: ${escapeInvisible(firstLine.trimEnd().slice(0, CONTENT_LENGTH_MAX))}`);
  }
  return words.join('');
}
