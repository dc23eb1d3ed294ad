import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askedNames } from '../../src/tls/certificate-names.ts';
import { developmentCertificate, settingsFolder } from '../../src/tls/development-certificate.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 23);

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'holdline-'));
  folder = join(base, 'deep', 'holdline');
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

test('it is for this machine, for a year, and for a server that is no authority', async () => {
  const { certificate, cert, key, file } = await developmentCertificate(folder, NOW);
  for (const name of ['127.0.0.1', '::1']) expect(certificate.checkIP(name)).toBe(name);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkHost('example.com')).toBeUndefined();
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(Date.parse(certificate.validFrom)).toBe(NOW - DAY_MS);
  expect(Date.parse(certificate.validTo)).toBe(NOW + 365 * DAY_MS);
  expect(readFileSync(file, 'utf8')).toBe(cert);
  expect(cert).not.toContain('PRIVATE');
});

test('the key is its owner’s to read, and nothing else is left in the folder', async (context) => {
  await developmentCertificate(folder, NOW);
  const names = readdirSync(folder).toSorted();
  expect(names).toEqual(['development-certificate.pem', 'development-private.pem']);
  context.skip(process.platform === 'win32', 'needs permissions of POSIX');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'development-private.pem')).mode & 0o777).toBe(0o600);
});

test('it is kept until 30 days before its end, and made anew then', async () => {
  const first = await developmentCertificate(folder, NOW);
  const fingerprint = first.certificate.fingerprint256;
  const later = await developmentCertificate(folder, NOW + 335 * DAY_MS);
  expect(later.certificate.fingerprint256).toBe(fingerprint);
  const renewed = await developmentCertificate(folder, NOW + 335 * DAY_MS + 1000);
  expect(renewed.certificate.fingerprint256).not.toBe(fingerprint);
  // Of a clock that has gone back, too.
  const before = await developmentCertificate(folder, NOW - 10 * DAY_MS);
  expect(before.certificate.fingerprint256).not.toBe(renewed.certificate.fingerprint256);
});

test('it is for the names that are asked for, and made anew where it lacks one', async () => {
  const first = await developmentCertificate(folder, NOW, ['box.local', 'fe80::1']);
  expect(first.certificate.checkHost('box.local')).toBe('box.local');
  for (const name of ['fe80::1', '127.0.0.1']) expect(first.certificate.checkIP(name)).toBe(name);
  for (const names of [[], ['fe80::1'], ['box.local']]) {
    const again = await developmentCertificate(folder, NOW, names);
    expect(again.certificate.fingerprint256).toBe(first.certificate.fingerprint256);
  }
  const second = await developmentCertificate(folder, NOW, ['192.0.2.7', 'a_b.example']);
  expect(second.certificate.subjectAltName).toBe(
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:192.0.2.7, ' +
      'DNS:a_b.example, DNS:box.local, IP Address:FE80:0:0:0:0:0:0:1',
  );
  expect(readFileSync(second.file, 'utf8')).toBe(second.cert);
  // At its end the next one is for what is asked for.
  const renewed = await developmentCertificate(folder, NOW + 336 * DAY_MS, ['192.0.2.7']);
  expect(renewed.certificate.checkIP('192.0.2.7')).toBe('192.0.2.7');
  expect(renewed.certificate.checkHost('box.local')).toBeUndefined();
});

test('it does not gather names without end', async () => {
  const many = Array.from({ length: 40 }, (_, index) => `host-${index}.example`);
  await developmentCertificate(folder, NOW, many);
  const others = many.map((name) => `other-${name}`);
  const { certificate } = await developmentCertificate(folder, NOW, others);
  expect(certificate.checkHost('other-host-39.example')).toBe('other-host-39.example');
  expect(certificate.checkHost('host-0.example')).toBeUndefined();
});

test('names are asked for by --listen and --host, all but those that stand for any', () => {
  expect(askedNames('127.0.0.1', [])).toEqual([]);
  expect(askedNames('0.0.0.0', ['*', 'box.local', '[fe80::1]'])).toEqual(['box.local', 'fe80::1']);
  expect(askedNames('::', ['localhost'])).toEqual([]);
  expect(askedNames('FE80:0::1', [])).toEqual(['fe80::1']);
  // No certificate has names with a zone.
  expect(askedNames('fe80::1%eth0', [])).toEqual([]);
});

test('what is none is replaced, and the public file follows', async () => {
  const first = await developmentCertificate(folder, NOW);
  writeFileSync(first.file, 'edited');
  await developmentCertificate(folder, NOW);
  expect(readFileSync(first.file, 'utf8')).toBe(first.cert);
  writeFileSync(join(folder, 'development-private.pem'), 'nothing of the kind');
  const second = await developmentCertificate(folder, NOW);
  expect(second.certificate.fingerprint256).not.toBe(first.certificate.fingerprint256);
});

test('of commands that start at once each has a key that fits', async () => {
  const all = await Promise.all(
    Array.from({ length: 4 }, () => developmentCertificate(folder, NOW)),
  );
  for (const { certificate, key } of all) {
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  }
});

test('where nothing can be kept it says so', async () => {
  writeFileSync(join(base, 'deep'), 'a file');
  await expect(developmentCertificate(folder, NOW)).rejects.toThrow(
    /^cannot keep .*--cert and --key/,
  );
});

test('the folder is as the XDG Base Directory Specification has it', () => {
  expect(settingsFolder({ XDG_CONFIG_HOME: '/etc/mine' })).toBe(join('/etc/mine', 'holdline'));
  const otherwise = join(homedir(), '.config', 'holdline');
  for (const environment of [{}, { XDG_CONFIG_HOME: '' }, { XDG_CONFIG_HOME: 'relative' }]) {
    expect(settingsFolder(environment)).toBe(otherwise);
  }
});
