// What our key log is for: tshark reads with it what went over the wire.
import { readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, type TestContext } from 'vitest';
import { Certificates } from './support/certificates.ts';
import { Dialogue } from './support/dialogue.ts';
import { freePort, need, run } from './support/programs.ts';
import { EchoServer, talkTo } from './support/tls-talk.ts';

const certificates = new Certificates();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Dialogue.killAll();
  for (const close of closers.splice(0)) await close();
});
afterAll(() => certificates.remove());

/** A relay, which keeps what passes, and in which direction. */
async function relay(port: number) {
  const passed: { readonly from: 'I' | 'O'; readonly data: Buffer }[] = [];
  const sockets: Socket[] = [];
  const server = createServer((near) => {
    const far = connect({ port, host: '127.0.0.1' });
    sockets.push(near, far);
    const pass = (from: 'I' | 'O', source: Socket, target: Socket): void => {
      source.on('data', (data) => passed.push({ from, data }) && target.write(data));
      source.on('end', () => target.end()).on('error', () => target.destroy());
    };
    pass('O', near, far);
    pass('I', far, near);
  });
  const own = await freePort();
  await new Promise<void>((resolve) => server.listen(own, '127.0.0.1', resolve));
  closers.push(
    () => server.close(),
    () => sockets.map((socket) => socket.destroy()),
  );
  return { port: own, passed };
}

/** What tshark makes of it, without any rights to capture: text2pcap gives the segments heads. */
async function readBack(
  context: TestContext,
  passed: Awaited<ReturnType<typeof relay>>['passed'],
  lines: readonly string[],
): Promise<string> {
  const [text2pcap, tshark] = [need(context, 'text2pcap'), need(context, 'tshark')];
  const files = ['hex', 'pcap', 'keys'].map((name) => join(certificates.folder, name));
  const [hex = '', pcap = '', keys = ''] = files;
  const dumps = passed.map(
    ({ from, data }) => `${from}\n000000 ${data.toString('hex').replace(/../g, '$& ')}\n`,
  );
  writeFileSync(hex, dumps.join('\n'));
  writeFileSync(keys, lines.map((line) => `${line}\n`).join(''));
  const made = await run(text2pcap, ['-D', '-q', '-T', '443,50000', hex, pcap]);
  if (made.code !== 0) throw new Error(made.stderr);
  const options = ['-o', `tls.keylog_file:${keys}`, '-o', 'tcp.desegment_tcp_streams:TRUE'];
  const { stdout } = await run(tshark, ['-r', pcap, ...options, '-V', '-x']);
  return stdout.toString();
}

it.for([
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
] as const)('tshark reads %s with our lines, of either side', async (suite, context) => {
  need(context, 'tshark');
  const { credential, pins } = await certificates.of(context);
  const logs = { client: [] as string[], server: [] as string[] };
  const server = await new EchoServer({
    credentials: [credential],
    cipherSuites: [suite],
    keyLog: (line) => logs.server.push(line),
  }).listen();
  closers.push(() => server.listener.close());
  const { port, passed } = await relay(server.port);
  const talk = await talkTo(port, {
    pinnedCertificates: pins,
    keyLog: (line) => logs.client.push(line),
  });
  talk.say('a secret that is none');
  await talk.until(() => talk.text.length === 21);
  talk.connection.updateKeys(true);
  talk.say('after an update');
  await talk.until(() => talk.text.length === 36);
  talk.transport.end();
  await talk.closed();
  expect([...logs.client].sort()).toEqual([...logs.server].sort());
  const seen = await readBack(context, passed, logs.client);
  expect(seen).toContain('Handshake Protocol: Encrypted Extensions');
  expect(seen.match(/^ +Handshake Protocol: Finished$/gm)).toHaveLength(2);
  expect(seen.match(/a secret that is/g)?.length).toBeGreaterThanOrEqual(2);
  expect(seen).toContain('Handshake Protocol: Key Update');
  const blind = await readBack(context, passed, []);
  expect(blind).not.toContain('a secret that is');
  expect(blind).not.toContain('Handshake Protocol: Finished');
});

it('writes the lines that openssl writes', async (context) => {
  const { credential } = await certificates.of(context);
  const lines: string[] = [];
  const server = await new EchoServer({
    credentials: [credential],
    keyLog: (line) => lines.push(line),
  }).listen();
  closers.push(() => server.listener.close());
  const file = join(certificates.folder, 'openssl-keys');
  const to = ['s_client', '-connect', `127.0.0.1:${server.port}`, '-keylogfile', file];
  const client = new Dialogue(need(context, 'openssl'), to);
  await server.secured();
  await client.until(/Verify return code/);
  client.type('Q\n');
  await client.exit;
  const theirs = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  expect(theirs.map((line) => line.toLowerCase()).sort()).toEqual(
    lines.map((line) => line.toLowerCase()).sort(),
  );
});
