import { once } from 'node:events';
import { connect, createServer, type SecureVersion } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConnectionCloseCause, serveHttp, tlsSocketTransport } from '../../src/index.ts';
import { get } from '../support/raw-client.ts';
import { gate } from '../support/serving.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** HTTP behind node:tls, and a client. */
async function secured(version: SecureVersion) {
  const ended = gate<ConnectionCloseCause>();
  const http = serveHttp(
    (exchange) => {
      if (exchange.head.target === '/cut') exchange.connection.abort();
      exchange.respond({ status: 200, content: 'x'.repeat(300_000) });
    },
    { onConnectionEnd: (_connection, cause) => ended.open(cause) },
  );
  const transports: ReturnType<typeof tlsSocketTransport>[] = [];
  const options = {
    key: TEST_KEY,
    cert: TEST_CERTIFICATE,
    minVersion: version,
    maxVersion: version,
  };
  let emptyWrites = 0;
  const server = createServer({ ...options, allowHalfOpen: true }, (socket) => {
    const write = socket.write;
    socket.write = ((chunk: Uint8Array, ...rest: []) => {
      if (chunk.length === 0) emptyWrites += 1;
      return write.call(socket, chunk, ...rest);
    }) as typeof write;
    const transport = tlsSocketTransport(socket);
    transports.push(transport);
    http.accept(transport, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const client = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  cleanUps.push(() => {
    client.destroy();
    server.close();
    void http.close();
  });
  let text = '';
  client.on('data', (data: Buffer) => {
    text += data.toString('latin1');
  });
  client.on('error', () => {});
  const end = Promise.race([once(client, 'end'), once(client, 'close')]);
  await once(client, 'secureConnect');
  const seen = { text: () => text, emptyWrites: () => emptyWrites };
  return { http, ended: ended.promise, client, transports, end, ...seen };
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('HTTP behind node:tls, %s', (version) => {
  it('answers, and ends in order', async () => {
    const { http, client, ended, end, text, transports, emptyWrites } = await secured(version);
    client.write(get('/', 'Connection: close'));
    await end;
    expect(text()).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(text().endsWith(`\r\n\r\n${'x'.repeat(300_000)}`)).toBe(true);
    expect(transports[0]?.capabilities).toEqual({
      halfClose: version === 'TLSv1.3',
      reset: false,
      authenticEnd: false,
    });
    client.end();
    expect(await ended).toBe('peer-close');
    expect(http.connections).toEqual([]);
    // Deno takes them for a failure.
    expect(emptyWrites()).toBe(0);
  });

  it('knows the client, and takes its end as it is told', async () => {
    const { http, client, ended } = await secured(version);
    client.write(get('/'));
    await once(client, 'data');
    expect(http.connections[0]).toMatchObject({ remoteAddress: '127.0.0.1', state: 'idle' });
    client.end();
    expect(await ended).toBe('peer-end');
  });

  it('is cut without close_notify', async () => {
    const { client, ended, end, text } = await secured(version);
    client.write(get('/cut'));
    await end;
    expect(await ended).toBe('cut');
    expect(text()).toBe('');
  });
});
