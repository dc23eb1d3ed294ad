// A certificate for developing on this machine, made when one is needed for the first time. It signs
// itself, so nobody trusts it unasked; it is kept, so that who trusts it once need not do so again.
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeError, errorCode } from '../system-error.ts';
import { coversNames, newNames } from './certificate-names.ts';
import type { ServerCertificate } from './server-certificate.ts';

const DAY_MS = 86_400_000;
/** Some systems take no certificate of a server's that is for much longer than a year. */
const LIFE_MS = 365 * DAY_MS;
/** Of its life that must be left, or another one is made. */
const REMAINDER_MS = 30 * DAY_MS;

const SUBJECT = 'holdline development';

/** The certificate with its key, which is nobody else's to read. */
const PRIVATE_NAME = 'development-private.pem';
/** The certificate alone, to be given to those who are to trust it. */
const PUBLIC_NAME = 'development-certificate.pem';

/** Where it is kept: the user's folder for settings, by the XDG Base Directory Specification. */
export function settingsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: configured = '' } = environment;
  // «If an implementation encounters a relative path in any of these variables it should consider
  // the path invalid and ignore it.»
  const base = configured.startsWith('/') ? configured : join(homedir(), '.config');
  return join(base, 'holdline');
}

/**
 * The certificate that is kept in a folder, or a new one where there is none that is good for at
 * least 30 days from `unixMs` on, and for this machine and the `names`, as `askedNames` returns them.
 * Rejects when it cannot be kept.
 */
export async function developmentCertificate(
  folder: string,
  unixMs: number,
  names: readonly string[] = [],
): Promise<ServerCertificate> {
  try {
    const kept = await readKept(join(folder, PRIVATE_NAME), unixMs);
    const before = kept === null ? null : new X509Certificate(kept);
    const does = before !== null && coversNames(before, names);
    const both = kept !== null && does ? kept : await make(folder, unixMs, newNames(names, before));
    const certificate = new X509Certificate(both);
    const file = join(folder, PUBLIC_NAME);
    const alone = certificate.toString();
    if ((await readIfThere(file)) !== alone) await writeWhole(file, alone, 0o644);
    return { cert: alone, key: both, certificate, file };
  } catch (error) {
    throw new Error(
      `cannot keep a development certificate in ${folder}: ${describeError(error)}; --cert and --key name another`,
    );
  }
}

/** Null when there is none, or none that is good. */
async function readKept(file: string, unixMs: number): Promise<string | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  try {
    const { validFrom, validTo } = new X509Certificate(text);
    const isGood = Date.parse(validFrom) <= unixMs && Date.parse(validTo) >= unixMs + REMAINDER_MS;
    return isGood ? text : null;
  } catch {
    // Whatever it is, it can be made anew.
    return null;
  }
}

async function make(folder: string, unixMs: number, names: readonly string[]): Promise<string> {
  // Loaded by those only who need it: it takes as long to load as all the rest.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: SUBJECT }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Of machines whose clocks differ, too.
    notBeforeDate: new Date(unixMs - DAY_MS),
    notAfterDate: new Date(unixMs + LIFE_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(alternativeName) },
    ],
  });
  const both = `${made.cert.trim()}\n${made.private.trim()}\n`.replaceAll('\r\n', '\n');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, PRIVATE_NAME), both, 0o600);
  return both;
}

/** By the types of RFC 5280 section 4.2.1.6: dNSName and iPAddress. */
function alternativeName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Whoever reads it sees all of it or nothing, however many commands start at once. */
async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
