// Whom `holdline connect` trusts, where TLS is holdline's. It validates no chains of certificates
// yet, and there is no public way to have Node's do so for a chain that is at hand. But Node can
// say which certificate it takes a server for: the same bytes are good then.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { quote, UsageError } from '../option-parser.ts';
import { describeError } from '../system-error.ts';

/** What the command was told of whom to trust. */
export interface TrustArguments {
  /** A file with the certificates, in PEM, one of which the server's must be; undefined: not said. */
  readonly pinFile: string | undefined;
  /** A file of authorities, in PEM, instead of Node's; undefined for those. */
  readonly caFile: string | undefined;
  /** Anybody. */
  readonly isInsecure: boolean;
}

/** Which server it is to be. */
export interface TrustedServer {
  readonly host: string;
  readonly port: number;
  /** Null for an address. */
  readonly serverName: string | null;
}

/** What is thought of a certificate, in words for who has asked. */
interface Verdict {
  readonly isTrusted: boolean;
  readonly words: string;
}

/** Judges a server by its certificates, in DER, its own first. Never rejects. */
export type PeerJudge = (chain: readonly Uint8Array[]) => Verdict | Promise<Verdict>;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads the files. Throws {@link UsageError} when one has no certificate. */
export function peerJudge(
  { pinFile, caFile, isInsecure }: TrustArguments,
  server: TrustedServer,
  timeoutMs: number,
): PeerJudge {
  if (pinFile !== undefined) {
    const pins = readPins(pinFile);
    return ([own]) =>
      pins.some((pin) => own !== undefined && pin.equals(own))
        ? { isTrusted: true, words: 'the certificate is the pinned one' }
        : { isTrusted: false, words: `the certificate is none of ${quote(pinFile)}` };
  }
  if (isInsecure) return () => ({ isTrusted: true, words: 'the certificate was not verified' });
  const ca = caFile === undefined ? undefined : readAuthorities(caFile);
  return ([own]) => judgeByNode(own, server, ca, timeoutMs);
}

/** PEM of `--ca`, checked. Throws {@link UsageError}. */
export function readAuthorities(file: string): Buffer {
  return readCertificates('ca', file, (pem) => {
    // Throws for what is none, which `tls.connect` would pass over.
    new X509Certificate(pem);
    return pem;
  });
}

function readPins(file: string): readonly Buffer[] {
  return readCertificates('pin', file, (pem) => {
    const blocks = pem.toString('latin1').match(CERTIFICATE) ?? [];
    const pins = blocks.map((block) => new X509Certificate(block).raw);
    if (pins.length === 0) throw new Error('there is no certificate in PEM');
    return pins;
  });
}

function readCertificates<Found>(
  option: string,
  file: string,
  parse: (pem: Buffer) => Found,
): Found {
  try {
    return parse(readFileSync(file));
  } catch (error) {
    throw new UsageError(`--${option} ${quote(file)}: ${describeError(error)}`);
  }
}

/** Asks the same server once more, by node:tls, which validates chains and names. */
async function judgeByNode(
  own: Uint8Array | undefined,
  server: TrustedServer,
  ca: Buffer | undefined,
  timeoutMs: number,
): Promise<Verdict> {
  let valid: Buffer;
  try {
    valid = await validCertificate(server, ca, timeoutMs);
  } catch (error) {
    const why = describeError(error);
    const words = `node:tls does not trust it: ${why}; --pin FILE and --insecure do without`;
    return { isTrusted: false, words };
  }
  if (own !== undefined && valid.equals(own)) {
    return { isTrusted: true, words: 'node:tls has validated the certificate' };
  }
  return {
    isTrusted: false,
    words: 'node:tls was shown another certificate; --pin FILE trusts one',
  };
}

/** In DER. Rejects unless the chain leads to an authority and the certificate is for that server. */
function validCertificate(
  { host, port, serverName }: TrustedServer,
  ca: Buffer | undefined,
  timeoutMs: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      // Of a server that has several, the one for this version.
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      ...(serverName !== null && { servername: serverName }),
      ...(ca !== undefined && { ca }),
    });
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('there was no answer')));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the connection was closed')));
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (socket.authorized && certificate !== undefined) resolve(certificate.raw);
      socket.destroy();
    });
  });
}
