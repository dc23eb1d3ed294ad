// TLS under `holdline serve`: what it shows, and by whose engine.
import type { ServerSecurity } from '@holdline/net';
import type { AnyTlsEvent, TlsConnection } from '@holdline/net/tls';
import { escapeInvisible } from '../escape.ts';
import { UsageError } from '../option-parser.ts';
import { describeError } from '../system-error.ts';
import { developmentCertificate, settingsFolder } from './development-certificate.ts';
import { certificateFromFiles, type ServerCertificate } from './server-certificate.ts';
import type { TlsEngine } from './tls-engine.ts';

/** What `holdline serve` was told of TLS. */
export interface ServerTlsArguments {
  /** The files of a certificate and its key; null for the development certificate. */
  readonly files: { readonly cert: string; readonly key: string } | null;
  readonly engine: TlsEngine;
  /** Silence after which a client that has agreed gets a heartbeat request; undefined: not agreed to. */
  readonly heartbeatMs: number | undefined;
}

/** Who is told of what happens on connections of holdline's engine. */
export type TlsListener = (event: AnyTlsEvent, connection: TlsConnection) => void;

/** TLS of a server. */
export interface ServerTls {
  readonly security: ServerSecurity;
  /** A line for who has started it. */
  readonly line: string;
}

/**
 * `names` are those that a development certificate has to have. Rejects with {@link UsageError} for
 * files that cannot be used.
 */
export async function serverTls(
  { files, engine, heartbeatMs }: ServerTlsArguments,
  names: readonly string[],
  onEvent: TlsListener,
): Promise<ServerTls> {
  const own =
    files === null
      ? await developmentCertificate(settingsFolder(), Date.now(), names)
      : await certificateFromFiles(files.cert, files.key);
  // Loaded only where there is TLS.
  const { nodeTlsServer, tlsServer } = await import('@holdline/net/tls');
  const { cert, key } = own;
  try {
    const security =
      engine === 'node'
        ? nodeTlsServer({ cert, key })
        : tlsServer({
            cert,
            key,
            onEvent,
            ...(heartbeatMs !== undefined && {
              heartbeat: 'peer-allowed-to-send',
              timeouts: { heartbeatMs },
            }),
          });
    return { security, line: describe(own, engine, files === null) };
  } catch (error) {
    throw new UsageError(`the certificate ${escapeInvisible(own.file)}: ${describeError(error)}`);
  }
}

function describe(own: ServerCertificate, engine: TlsEngine, isDevelopment: boolean): string {
  const { certificate, file } = own;
  const what = isDevelopment ? 'development certificate' : 'certificate';
  const until = new Date(certificate.validTo).toISOString().slice(0, 10);
  const whose = engine === 'node' ? 'node:tls' : 'holdline';
  return `TLS by ${whose}, ${what} ${escapeInvisible(file)} until ${until}, SHA-256 ${certificate.fingerprint256}`;
}
