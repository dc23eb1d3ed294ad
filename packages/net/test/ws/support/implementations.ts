// `ws` and our facade under one type, so that one program text runs on both.
import * as theirs from 'ws';
import * as ours from '../../../src/ws/index.ts';

/** What a program imports. */
export type WsModule = typeof ours;

/** By name. */
export const IMPLEMENTATIONS: readonly (readonly [name: string, module: WsModule])[] = [
  ['ws', { ...theirs, default: theirs.WebSocket } as unknown as WsModule],
  ['@holdline/net/ws', ours],
];
