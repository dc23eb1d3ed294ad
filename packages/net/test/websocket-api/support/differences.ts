// In what Node's own WebSocket and ours differ, and the sentence of the standard that ours follows: that
// of the Review Draft of September 2023 (review-drafts/2023-09.bs of whatwg/websockets).
import { type Program, untilClosed } from './programs.ts';

/** One difference. */
export interface Difference {
  readonly sentence: string;
  readonly program: Program;
  readonly ours: readonly unknown[];
  /** Of Node 24. */
  readonly theirs: readonly unknown[];
}

/** By what they are about. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'counts what comes too late as buffered': {
    sentence:
      'WebSockets, 3.1, send: «Any invocation of this method with a string argument that does not throw an exception must increase the bufferedAmount attribute by the number of bytes needed to express the argument as UTF-8»; bufferedAmount: «The number does not reset to zero once the connection closes.»',
    program: async (WebSocket, { url }) => {
      const socket = new WebSocket(`${url}/echo`);
      await new Promise((resolve) => {
        socket.onopen = resolve;
      });
      const closed = untilClosed(socket);
      socket.close();
      socket.send('\u00e9\u00e9');
      const log = [socket.bufferedAmount];
      await closed;
      socket.send(new Uint8Array(5));
      return [...log, socket.bufferedAmount];
    },
    ours: [4, 9],
    theirs: [0, 0],
  },
  'ends well when messages come while it closes': {
    sentence: 'WebSockets, 4, for a message: «If ready state is not OPEN (1), then return.»',
    program: (WebSocket, { url }) => {
      const socket = new WebSocket(`${url}/burst`);
      return untilClosed(socket, ({ type }) => type === 'message' && socket.close());
    },
    ours: [
      ['open', 1],
      ['message', 1, 'one'],
      ['close', 3, 1005, '', true],
    ],
    theirs: [
      ['open', 1],
      ['message', 1, 'one'],
      ['error', 3],
      ['close', 3, 1006, '', false],
    ],
  },
  'fires no event within close()': {
    sentence:
      'WebSockets, 4: «When the WebSocket connection is closed, possibly cleanly, the user agent must queue a task to run the following substeps»',
    program: async (WebSocket, { url }) => {
      const socket = new WebSocket(url);
      const log: unknown[] = [];
      socket.onerror = () => log.push('error');
      const closed = new Promise((resolve) => {
        socket.onclose = resolve;
      });
      socket.close();
      log.push('behind close');
      await closed;
      return log;
    },
    ours: ['behind close', 'error'],
    theirs: ['error', 'behind close'],
  },
  'rounds a code to the nearest number': {
    sentence:
      'Web IDL, ConvertToInt, for [Clamp]: «Round x to the nearest integer, choosing the even integer if it lies halfway between two»',
    program: async (WebSocket, { url }) => {
      const socket = new WebSocket(url);
      const closed = untilClosed(socket);
      let log: unknown[] = ['nothing thrown'];
      try {
        socket.close(2999.4);
      } catch (error) {
        log = [(error as Error).name];
        socket.close();
      }
      await closed;
      return log;
    },
    ours: ['InvalidAccessError'],
    theirs: ['nothing thrown'],
  },
  'keeps the place of a handler that is replaced': {
    sentence:
      'HTML, 8.1.8.1, to activate an event handler: its listener is added when it is first set, unless it has one, and calls whatever is its value by then',
    program: async (WebSocket, { url }) => {
      const socket = new WebSocket(`${url}/close`);
      const log: unknown[] = [];
      socket.onopen = () => log.push('replaced');
      socket.addEventListener('open', () => log.push('listener'));
      socket.onopen = () => log.push('handler');
      await untilClosed(socket);
      return log;
    },
    ours: ['handler', 'listener'],
    theirs: ['listener', 'handler'],
  },
};
