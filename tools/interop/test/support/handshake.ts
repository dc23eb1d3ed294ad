// The opening handshake, of which the package's entries export a part.
export { acceptKey } from '../../../../packages/websocket/src/accept-key.ts';
export { decodeBase64 } from '../../../../packages/websocket/src/base64.ts';
export {
  type ClientHandshake,
  makeOpeningRequest,
} from '../../../../packages/websocket/src/client-handshake.ts';
export { checkOpeningResponse } from '../../../../packages/websocket/src/client-verdict.ts';
export { acceptWebSocket } from '../../../../packages/websocket/src/server-answer.ts';
export { readOpeningRequest } from '../../../../packages/websocket/src/server-handshake.ts';
export { parseWebSocketUrl } from '../../../../packages/websocket/src/websocket-url.ts';
