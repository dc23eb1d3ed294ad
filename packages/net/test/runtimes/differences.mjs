// Where a runtime shows something else than `features.mjs` expects, and why. A difference that is not
// seen any more fails like one that is new.

/** By feature: the runtimes it is seen `on`, the words `seen` there, and what is behind it. */
export const differences = [
  {
    feature: 'TCP options',
    on: ['Node 20', 'Node 22', 'Bun', 'Deno'],
    seen: 'noDelay, keepAliveDelay',
    because:
      'interval and count of TCP keep-alive cannot be set, and stay as the system has them; `tcpCapabilities` says so',
  },
  {
    feature: 'largest read',
    on: ['Bun'],
    seen: '512 KiB',
    because:
      'its sockets read with larger buffers: what waits unread for a handler may be as much more',
  },
  {
    feature: "another machine's address",
    on: ['Deno'],
    seen: 'EINVAL',
    because: 'its error has another `code`',
  },
  {
    feature: 'client: TLS session',
    on: ['Deno'],
    seen: 'full, full',
    because: 'what its `session` event brings resumes nothing: each handshake is a full one',
  },
  {
    feature: 'client: a certificate that nobody trusts',
    on: ['Bun'],
    seen: 'HTTP_CLIENT_CONNECT_FAILED, UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    because: 'the error has another `code`; refused it is all the same',
  },
];
