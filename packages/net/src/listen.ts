// Listening, as a promise.
import type { Server } from 'node:net';
import type { ListenAddress, ListenOptions } from './http-server-options.ts';

const BACKLOG = 511;

/** Where a TCP listener listens; null when it does not. */
export function addressOf(listener: Server): ListenAddress | null {
  const address = listener.address();
  if (address === null || typeof address === 'string') return null;
  return { host: address.address, port: address.port };
}

/** Starts to listen; rejects with the system's error. Later ones, such as EMFILE, go to `onFault`. */
export function listenOn(
  listener: Server,
  options: ListenOptions,
  onFault: (error: Error) => void,
): Promise<ListenAddress> {
  const { port = 0, host = '127.0.0.1', backlog = BACKLOG } = options;
  return new Promise((resolve, reject) => {
    const onListening = (): void => {
      listener.off('error', onError);
      // The listener itself goes on.
      listener.on('error', onFault);
      resolve(addressOf(listener) as ListenAddress);
    };
    const onError = (error: Error): void => {
      // Else this attempt would hear of the next one's success, too.
      listener.off('listening', onListening);
      reject(error);
    };
    listener.once('error', onError);
    listener.listen({ port, host, backlog }, onListening);
  });
}
