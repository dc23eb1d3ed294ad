// HTTP behind the runtime's own TLS.
import { createServer } from 'node:tls';
import { CERTIFICATE, KEY } from './certificate.mjs';
import { get, Serving } from './stage.mjs';

const CONTENT = 'x'.repeat(300_000);

/** A server behind TLS of one version, and a line to it. */
async function secured(stage, version) {
  const serving = new Serving(
    stage.net,
    (exchange) => {
      if (exchange.head.target === '/cut') exchange.connection.abort();
      exchange.respond({ status: 200, content: CONTENT });
    },
    {},
  );
  const transports = [];
  const settings = { key: KEY, cert: CERTIFICATE, minVersion: version, maxVersion: version };
  const server = createServer({ ...settings, allowHalfOpen: true }, (socket) => {
    const transport = stage.net.tlsSocketTransport(socket);
    transports.push(transport);
    serving.server.accept(transport, socket);
  });
  stage.later(() => serving.server.close());
  stage.later(() => server.close());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const line = await stage.peer.open({ port: server.address().port, secure: version });
  return { serving, line, transports };
}

async function seeExchange(stage, version) {
  const { serving, line, transports } = await secured(stage, version);
  line.send(get('/', 'Connection: close'));
  const end = await line.untilEnd();
  line.finish();
  const whole = line.text.endsWith(`\r\n\r\n${CONTENT}`) ? 'whole' : `${line.bytes} bytes`;
  const halfClose = transports[0].capabilities.halfClose ? 'half-close' : 'no half-close';
  return `${whole}, ${end}, ${await serving.cause()}, ${halfClose}`;
}

async function seeEnd(stage, version) {
  const { serving, line } = await secured(stage, version);
  await line.send(get('/')).receive('\r\n\r\n');
  await line.until(() => line.text.endsWith(CONTENT));
  const { remoteAddress, state } = serving.connection;
  line.finish();
  return `${remoteAddress}, ${state}, ${await serving.cause()}`;
}

/** RFC 9846 section 6.1: close_notify ends one direction; in TLS 1.2 it ended both. */
async function seeHalfClose(stage) {
  const { serving, line } = await secured(stage, 'TLSv1.3');
  line.send(get('/')).finish();
  const end = await line.untilEnd();
  const whole = line.text.endsWith(`\r\n\r\n${CONTENT}`) ? 'whole' : `${line.bytes} bytes`;
  return `${whole}, ${end}, ${await serving.cause()}`;
}

async function seeCut(stage, version) {
  const { serving, line } = await secured(stage, version);
  line.send(get('/cut'));
  const end = await line.untilEnd();
  return `${line.bytes} bytes, ${end}, ${await serving.cause()}`;
}

/** The features of TLS, per version. */
const perVersion = ['TLSv1.2', 'TLSv1.3'].flatMap((version) => {
  const title = version.replace('v', ' ');
  const halfClose = version === 'TLSv1.3' ? 'half-close' : 'no half-close';
  return [
    {
      name: `${title} of node:tls`,
      expected: `whole, FIN, peer-close, ${halfClose}`,
      see: (stage) => seeExchange(stage, version),
    },
    {
      name: `${title}: the client ends`,
      expected: '127.0.0.1, idle, peer-end',
      see: (stage) => seeEnd(stage, version),
    },
    {
      name: `${title}: cut by the server`,
      expected: '0 bytes, FIN, cut',
      see: (stage) => seeCut(stage, version),
    },
  ];
});

/** The features of TLS. */
export const tlsFeatures = [
  ...perVersion,
  { name: 'TLS 1.3: the client half-closes', expected: 'whole, FIN, peer-end', see: seeHalfClose },
];
