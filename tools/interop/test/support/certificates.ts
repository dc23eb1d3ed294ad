// Certificates of every kind that TLS 1.3 can use, each of which signs itself, made by openssl.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential } from '@holdline/tls';
import { pemCredential, pinsFromPem } from '@holdline/tls/node';
import type { TestContext } from 'vitest';
import { need, run } from './programs.ts';

const KEY_KINDS = {
  'P-256': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  'P-521': ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'],
  RSA: ['rsa:2048'],
  'RSA-PSS': ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'],
  Ed25519: ['ed25519'],
  Ed448: ['ed448'],
} as const;

/** The kind of a certificate's key. */
export type KeyKind = keyof typeof KEY_KINDS;

/** Every kind. */
export const ALL_KEY_KINDS: readonly KeyKind[] = Object.keys(KEY_KINDS) as KeyKind[];

/** A certificate for localhost and its key, as files and as we use it. */
export interface Certified {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly certificate: string;
  readonly key: string;
  readonly credential: Credential;
  /** The certificate in DER, for those who are to trust nothing else. */
  readonly pins: readonly Uint8Array[];
}

/** A folder of certificates, which are made when they are needed. */
export class Certificates {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'holdline-certificates-'));
  readonly #made: Map<KeyKind, Promise<Certified>> = new Map();

  /** The certificate of a kind; skips the test, and says why, where openssl is missing. */
  of(context: TestContext, kind: KeyKind = 'P-256'): Promise<Certified> {
    const openssl = need(context, 'openssl');
    const made = this.#made.get(kind) ?? this.#make(openssl, kind);
    this.#made.set(kind, made);
    return made;
  }

  /** Removes the files. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #make(openssl: string, kind: KeyKind): Promise<Certified> {
    const keyFile = join(this.folder, `${kind}.key`);
    const certificateFile = join(this.folder, `${kind}.pem`);
    const names = ['-subj', '/CN=localhost', '-days', '2'];
    const extensions = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    // Not an authority: NSS refuses servers that are.
    const usage = ['-addext', 'basicConstraints=critical,CA:FALSE'];
    const files = ['-keyout', keyFile, '-out', certificateFile];
    const { code, stderr } = await run(openssl, [
      ...['req', '-x509', '-nodes', '-newkey', ...KEY_KINDS[kind]],
      ...[...names, ...extensions, ...usage, ...files],
    ]);
    if (code !== 0) throw new Error(`openssl req: ${stderr}`);
    const certificate = readFileSync(certificateFile, 'utf8');
    const key = readFileSync(keyFile, 'utf8');
    const credential = pemCredential({ cert: certificate, key });
    return {
      certificateFile,
      keyFile,
      certificate,
      key,
      credential,
      pins: pinsFromPem(certificate),
    };
  }
}
