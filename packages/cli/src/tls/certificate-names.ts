// The names that a development certificate is for: those of this machine, and what is asked for besides.
import type { X509Certificate } from 'node:crypto';
import { hostName } from '../host-guard.ts';

const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];
/** What stands for all names or addresses, and is none. */
const WILDCARDS: readonly string[] = ['*', '0.0.0.0', '::'];
/** With more, those that nobody asks for any more are left out. */
const NAMES_MAX = 64;

/**
 * Names and addresses that a server is reached by, beside those of this machine: what `--listen` was
 * given, and `--host`. IPv6 addresses have no brackets.
 */
export function askedNames(listen: string, hosts: readonly string[]): readonly string[] {
  return [listen, ...hosts]
    .map(canonicalName)
    .filter((name) => name !== null)
    .filter((name) => !WILDCARDS.includes(name) && !LOCAL_NAMES.includes(name));
}

/** Whether a certificate is for all of the names. */
export function coversNames(certificate: X509Certificate, names: readonly string[]): boolean {
  const own = namesOf(certificate);
  return names.every((name) => own.includes(name));
}

/** For a new certificate: what is asked for, and what the one before is for, so that it does for both. */
export function newNames(
  asked: readonly string[],
  before: X509Certificate | null,
): readonly string[] {
  const needed = new Set([...LOCAL_NAMES, ...asked]);
  const all = new Set([...needed, ...(before === null ? [] : namesOf(before))]);
  return [...(all.size > NAMES_MAX ? needed : all)];
}

/** What Node quotes among them is not ours. */
function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  const found = subjectAltName.matchAll(/(?:^|, )(?:DNS|IP Address):([^",]+)/g);
  return Array.from(found, ([, name = '']) => canonicalName(name) ?? name);
}

/** IPv6 addresses are written in many ways. Null for what is no name. */
function canonicalName(text: string): string | null {
  return hostName(text)?.replace(/^\[(.*)\]$/, '$1') ?? null;
}
