import { pageHead } from '../markdown.mjs';
import { interfaceOf, readModule } from '../source.mjs';
import { numbers, options } from './http1-limits.mjs';
import { interfaceSection } from './shapes.mjs';

const limitsFile = 'packages/tls/src/limits.ts';
const settingsFile = 'packages/tls/src/settings.ts';
const clientFile = 'packages/tls/src/client-settings.ts';
const serverFile = 'packages/tls/src/server-settings.ts';
const credentialFile = 'packages/tls/src/credential.ts';
const recordFile = 'packages/tls/src/record/record-limits.ts';

/** Every limit, timeout and option with its default. */
export function tlsLimits() {
  const module = readModule(limitsFile);
  const shared = interfaceOf(readModule(settingsFile), 'CommonOptions').members.map(
    ({ name }) => name,
  );
  const credential = readModule(credentialFile);
  const shapes = ['Credential', 'RemoteSigningKey', 'PreSharedKey'];
  const sources = [limitsFile, settingsFile, clientFile, serverFile, credentialFile, recordFile];
  return `${pageHead('Limits and options of tls', sources)}
Given to \`serverSettings\` and \`clientSettings\`, which throw a \`TypeError\` for what is missing and a \`RangeError\` for a
value that cannot be, or a name that does not exist. \`Infinity\` switches a limit or a timeout off; but the limits of
RFC 9846 section 5.5 on what one key protects always hold.

## Limits

Both roles. What exceeds one is a \`failed\` event with a [code](tls-faults.md) and an alert. But \`inputBytesMax\` is
backpressure, \`outputBytesMax\` drops all heartbeats but the newest, \`lingerBytesMax\` ends the connection, and \`keyRecordsMax\` and
\`keyBytesMax\` update keys.

${numbers(module, 'TlsLimits', 'DEFAULT_LIMITS')}

## Timeouts

${numbers(module, 'TlsTimeouts', 'DEFAULT_TIMEOUTS')}

## Options of both roles

${options(readModule(settingsFile), 'CommonOptions')}

## A client's options besides

${options(readModule(clientFile), 'TlsClientOptions', shared)}

## A server's options besides

${options(readModule(serverFile), 'TlsServerOptions', shared)}

## What they are made of

${shapes.map((name) => interfaceSection(interfaceOf(credential, name), shapes, '###')).join('\n\n')}

## Limits of the record layer alone

${numbers(readModule(recordFile), 'RecordLimits', 'DEFAULT_RECORD_LIMITS')}
`;
}
