// How a connection by TLS ended, as one line and an exit code.
import type { TlsConnection, TlsError } from '@holdline/net/tls';
import { escapePeerText } from '../../escape.ts';
import { describeError } from '../../system-error.ts';
import { type Ending, EXIT_CODE } from '../ending.ts';

type CloseCause = NonNullable<TlsConnection['closed']>['cause'];

const WORDS: Readonly<Record<CloseCause, string>> = {
  finished: 'both sides have said close_notify',
  truncated: 'the end came without close_notify, as it does when somebody cuts',
  reset: 'the connection was reset',
  'transport-failed': 'the connection broke on this machine',
  failed: 'the connection failed',
  canceled: 'the server has canceled',
  'handshake-timeout': 'the handshake took too long',
  'heartbeat-timeout': 'a heartbeat was not answered',
  'closing-timeout': 'the server did not end its side',
  aborted: 'it was cut',
};

/** Of a connection that was secured. Null: it was let go of before anything was known. */
export function tlsEnding({ closed, failure }: Pick<TlsConnection, 'closed' | 'failure'>): Ending {
  if (failure !== null) {
    const line = `${failure.code}: ${escapePeerText(failure.message)}`;
    return { exitCode: EXIT_CODE.otherCode, line };
  }
  const cause = closed?.cause ?? 'transport-failed';
  const exitCode = cause === 'finished' ? EXIT_CODE.clean : EXIT_CODE.abnormal;
  return { exitCode, line: `${cause}: ${WORDS[cause]}` };
}

/** Of a connection that was not. */
export function endingOfHandshake(error: unknown): Ending {
  const { code, cause, message } = error as Partial<TlsError>;
  if (code === 'TLS_CONNECT_FAILED') {
    return { exitCode: EXIT_CODE.notOpened, line: `no connection: ${describeError(cause)}` };
  }
  const named = typeof code === 'string' && code.startsWith('TLS_') ? `${code}: ` : '';
  const line = `not secured: ${named}${escapePeerText(message ?? String(error))}`;
  return { exitCode: EXIT_CODE.notOpened, line };
}
