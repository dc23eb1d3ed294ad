import { code, pageHead, table, withLinks } from '../markdown.mjs';
import { interfaceOf, literalOf, readModule, tableOf } from '../source.mjs';

const limitsFile = 'packages/http1/src/limits.ts';
const serverFile = 'packages/http1/src/server-settings.ts';
const clientFile = 'packages/http1/src/client-settings.ts';

/** Every limit, timeout and option with its default. */
export function http1Limits() {
  const module = readModule(limitsFile);
  return `${pageHead('Limits and options of http1', [limitsFile, serverFile, clientFile])}
Given to \`serverSettings\` and \`clientSettings\`, which throw a \`RangeError\` for a value that is not a number of 0 or more,
or a name that does not exist. \`Infinity\` switches a limit or a timeout off.

## Limits

Both roles; each is checked as soon as the length is known. What exceeds one is a \`failed\` event with a
[code](http1-faults.md) and a status. But \`discardBytesMax\` and \`lingerBytesMax\` end the connection, and
\`inputBytesMax\` is backpressure.

${numbers(module, 'Http1Limits', 'DEFAULT_LIMITS')}

## A server's timeouts

Milliseconds, but for the one rate. No time counts against the peer in which its bytes lie here unread.

${numbers(module, 'Http1ServerTimeouts', 'DEFAULT_SERVER_TIMEOUTS')}

## A client's timeouts

${numbers(module, 'Http1ClientTimeouts', 'DEFAULT_CLIENT_TIMEOUTS')}

## A server's options

${options(readModule(serverFile), 'Http1ServerOptions')}

## A client's options

${options(readModule(clientFile), 'Http1ClientOptions')}
`;
}

/** A table of the members of an interface of numbers, with their defaults. */
export function numbers(module, interfaceName, defaultsName) {
  const defaults = new Map(
    tableOf(module, defaultsName).rows.map(({ key, value }) => [key, value]),
  );
  const rows = interfaceOf(module, interfaceName).members.map(({ name, doc }) => [
    code(name),
    amount(name, literalOf(defaults.get(name))),
    withLinks(doc),
  ]);
  return table(['name', 'default', 'meaning'], rows);
}

/** A table of the members of an interface of options, without those that it shares with another. */
export function options(module, name, shared = []) {
  const members = interfaceOf(module, name).members.filter(
    (member) => !shared.includes(member.name),
  );
  const rows = members.map((member) => [
    code(member.name),
    code(member.type),
    withLinks(member.doc),
  ]);
  return table(['name', 'type', 'meaning, and the default'], rows);
}

/** A number with the unit that its name tells (CONTRIBUTING: durations end in Ms, sizes in Bytes). */
function amount(name, value) {
  if (value === Number.POSITIVE_INFINITY) return 'Infinity';
  const digits = value.toLocaleString('en-US');
  if (/BytesPerSecond/.test(name)) return `${digits} bytes/s`;
  if (/Bytes(Max|Min)?$/.test(name)) return `${digits} bytes`;
  return /Ms(Max|Min)?$/.test(name) ? `${digits} ms` : digits;
}
