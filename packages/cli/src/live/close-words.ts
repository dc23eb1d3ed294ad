// Why a connection ended, in the words of who looks at it from a browser.
import type { ConnectionCloseCause } from '@holdline/net';

/** A sentence for each cause. */
export const CLOSE_WORDS: Readonly<Record<ConnectionCloseCause, string>> = {
  'idle-timeout': 'No request came in time.',
  'max-requests': 'It had carried as many requests as one connection may.',
  'max-age': 'It had reached the age that one connection may.',
  drained: 'The server is ending.',
  'local-close': 'The response said that it would close.',
  'peer-close': 'The request said that it would close.',
  'peer-end': 'The browser closed it.',
  reset: 'The browser broke it off, or the network did.',
  truncated: 'It ended without the goodbye that its encryption asks for.',
  failed: 'A request was malformed, or too slow.',
  'write-stall': 'The browser stopped reading.',
  'content-unread': 'A request had more content than is worth reading.',
  aborted: 'The server cut it.',
  cut: 'The server cut it.',
  fault: 'Something went wrong in the server.',
  switched: 'It ended as another protocol.',
  transport: 'The network lost it.',
};
