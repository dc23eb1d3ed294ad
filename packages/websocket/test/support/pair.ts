// A client and a server over a virtual transport.
import { Pair, type PairOptions, VirtualClock } from '@holdline/testkit';
import type { DeflateParameters } from '../../src/deflate-parameters.ts';
import type { WebSocketEvent } from '../../src/events.ts';
import type { WebSocketFaultCode } from '../../src/faults.ts';
import {
  clientSettings,
  serverSettings,
  type WebSocketClientOptions,
  type WebSocketServerOptions,
} from '../../src/settings.ts';
import { ClientWebSocket } from '../../src/websocket-client.ts';
import { ServerWebSocket } from '../../src/websocket-server.ts';

/** An event of either side. */
export type Event = WebSocketEvent<WebSocketFaultCode>;
/** What a pair may be told beside its link. */
export interface WebSocketPairOptions {
  readonly client?: Partial<WebSocketClientOptions>;
  readonly server?: WebSocketServerOptions;
  readonly deflate?: DeflateParameters;
  readonly onClient?: (event: Event, client: ClientWebSocket, now: number) => void;
  readonly onServer?: (event: Event, server: ServerWebSocket, now: number) => void;
  readonly toServer?: PairOptions<Event, Event>['toRight'];
  readonly toClient?: PairOptions<Event, Event>['toLeft'];
}

/** Keys that are different each time and the same in each run. */
export function countingRandom(): (target: Uint8Array) => void {
  let state = 1;
  return (target) => {
    for (let index = 0; index < target.length; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      target[index] = state >>> 24;
    }
  };
}

/** Two open machines, the client on the left. */
export function webSocketPair(options: WebSocketPairOptions = {}): {
  readonly client: ClientWebSocket;
  readonly server: ServerWebSocket;
  readonly pair: Pair<Event, Event>;
  readonly now: number;
} {
  const { deflate = null } = options;
  const clock = new VirtualClock();
  const { now } = clock;
  const client = new ClientWebSocket(
    clientSettings({ random: countingRandom(), ...options.client }),
    now,
    deflate,
  );
  const server = new ServerWebSocket(serverSettings(options.server), now, deflate);
  const pair = new Pair<Event, Event>({
    clock,
    left: {
      machine: client,
      onEvent: (event, peer) => options.onClient?.(event, client, peer.now),
    },
    right: {
      machine: server,
      onEvent: (event, peer) => options.onServer?.(event, server, peer.now),
    },
    ...(options.toServer === undefined ? {} : { toRight: options.toServer }),
    ...(options.toClient === undefined ? {} : { toLeft: options.toClient }),
  });
  return { client, server, pair, now };
}
