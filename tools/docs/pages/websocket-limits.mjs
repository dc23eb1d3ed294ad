import { pageHead } from '../markdown.mjs';
import { interfaceOf, readModule } from '../source.mjs';
import { numbers, options } from './http1-limits.mjs';

const limitsFile = 'packages/websocket/src/limits.ts';
const settingsFile = 'packages/websocket/src/settings.ts';

/** Every limit, timeout and option with its default. */
export function webSocketLimits() {
  const module = readModule(limitsFile);
  const settings = readModule(settingsFile);
  const shared = interfaceOf(settings, 'WebSocketServerOptions').members.map(({ name }) => name);
  return `${pageHead('Limits and options of websocket', [limitsFile, settingsFile])}
Given to \`serverSettings\` and \`clientSettings\`, which throw a \`RangeError\` for a value that is not a number of 0 or more,
or a name that does not exist. \`Infinity\` switches a limit or a timeout off.

## Limits

Both roles; each is checked as soon as the length is known. What exceeds one is a \`failed\` event with a
[code](websocket-faults.md) and a close code. But \`inputBytesMax\` is backpressure.

${numbers(module, 'WebSocketLimits', 'DEFAULT_LIMITS')}

## A server's timeouts

No time counts against the peer in which its bytes lie here unread, or in which this side did not run.

${numbers(module, 'WebSocketTimeouts', 'DEFAULT_SERVER_TIMEOUTS')}

## A client's timeouts

${numbers(module, 'WebSocketTimeouts', 'DEFAULT_CLIENT_TIMEOUTS')}

## Options of both roles

${options(settings, 'WebSocketServerOptions')}

## A client's option besides

${options(settings, 'WebSocketClientOptions', shared)}
`;
}
