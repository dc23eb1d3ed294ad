// What a server of the command shows: a certificate with its key, from the user's files.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { quote, UsageError } from '../option-parser.ts';
import { describeError } from '../system-error.ts';

/** A certificate and its key, as the engines of TLS take them. */
export interface ServerCertificate {
  /** PEM, with those of its issuers behind it. */
  readonly cert: string;
  /** PEM of the private key. */
  readonly key: string;
  /** The first of `cert`. */
  readonly certificate: X509Certificate;
  /** Where it lies. */
  readonly file: string;
}

/** From the files of `--cert` and `--key`. Rejects with {@link UsageError} when they are not such. */
export async function certificateFromFiles(
  certFile: string,
  keyFile: string,
): Promise<ServerCertificate> {
  const cert = await read('cert', certFile);
  const key = await read('key', keyFile);
  const certificate = understand('cert', certFile, 'is no certificate in PEM', () => {
    return new X509Certificate(cert);
  });
  const privateKey = understand(
    'key',
    keyFile,
    'is no private key in PEM without a passphrase',
    () => createPrivateKey(key),
  );
  if (!belongs(certificate, privateKey)) {
    throw new UsageError(`--key ${quote(keyFile)} is not the key of --cert ${quote(certFile)}`);
  }
  return { cert, key, certificate, file: certFile };
}

async function read(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--${option} ${quote(file)}: ${describeError(error)}`);
  }
}

/** What OpenSSL says of a file that is something else is about itself: ours is about the file. */
function understand<Value>(
  option: string,
  file: string,
  otherwise: string,
  parse: () => Value,
): Value {
  try {
    return parse();
  } catch {
    throw new UsageError(`--${option} ${quote(file)} ${otherwise}`);
  }
}

function belongs(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    return false;
  }
}
