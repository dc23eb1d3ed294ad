// Who may do what when, as data. Each direction has a small machine, and who closes is a third.
// This file knows nothing of bytes. The diagrams in the docs and an exhaustive test are generated
// from these tables.

/** What may come: between messages, within one, behind the peer's Close frame, after the end. */
export const RECEIVE = {
  idle: { begin: 'message', close: 'closed', stop: 'ended' },
  message: { end: 'idle', close: 'closed', stop: 'ended' },
  closed: { stop: 'ended' },
  ended: { stop: 'ended' },
} as const;

/** What may be sent: a message may be in fragments, or one frame of declared length. */
export const SEND = {
  idle: { begin: 'message', declare: 'frame', close: 'closed', stop: 'ended' },
  message: { end: 'idle', close: 'closed', stop: 'ended' },
  frame: { end: 'idle', stop: 'ended' },
  closed: { stop: 'ended' },
  ended: { stop: 'ended' },
} as const;

/** The closing handshake (RFC 6455 section 7): who began it stays known to the end. */
export const CLOSING = {
  open: { 'close-sent': 'closing-by-us', 'close-received': 'closing-by-peer', fail: 'failed' },
  'closing-by-us': { 'close-received': 'closed-by-us', fail: 'failed-by-us' },
  'closing-by-peer': { 'close-sent': 'closed-by-peer' },
  'closed-by-us': {},
  'closed-by-peer': {},
  failed: {},
  'failed-by-us': {},
} as const;
