// The server's side of a connection: what it alone can do and is given.
import type { Instant } from './bytes/connection.ts';
import type { DeflateParameters } from './deflate-parameters.ts';
import { Endpoint } from './endpoint.ts';
import type { MessageKind } from './opcode.ts';
import type { PreparedMessage } from './prepared-message.ts';
import type { WebSocketServerSettings } from './settings.ts';

/** One connection as its server has it; see the README for the loop that drives it. */
export class ServerWebSocket extends Endpoint {
  /** Of our messages' window, 8-15; 0 where no compression was agreed. */
  private windowBits = 0;

  /**
   * `settings` come from `serverSettings` and are shared; `now` is when the opening handshake was
   * over; `deflate` is what it agreed on, null for no compression. Throws TypeError when compression
   * was agreed and the settings have none.
   */
  constructor(
    settings: WebSocketServerSettings,
    now: Instant,
    deflate: DeflateParameters | null = null,
  ) {
    super(settings, now);
    if (deflate === null) return;
    const { serverMaxWindowBits, clientMaxWindowBits } = deflate;
    this.windowBits = serverMaxWindowBits;
    this.compress(
      { windowBits: serverMaxWindowBits, contextTakeover: !deflate.serverNoContextTakeover },
      { windowBits: clientMaxWindowBits, contextTakeover: !deflate.clientNoContextTakeover },
    );
  }

  /**
   * A message that was prepared with this connection's settings. Throws LocalProtocolError as
   * `sendText` does.
   */
  sendPrepared(message: PreparedMessage, now: Instant): void {
    const session = this.awake(now);
    if (!session.hasRoom()) return;
    const { windowBits } = this;
    const frame = windowBits === 0 ? message.frame() : message.compressedFrame(windowBits);
    session.sender.prepared(frame);
  }

  /**
   * Begins a message of one frame whose length is known before its content; not compressed. Throws
   * LocalProtocolError as `sendText` does, RangeError for a length that is no whole number.
   */
  declareMessage(kind: MessageKind, byteCount: number, now: Instant): void {
    const session = this.awake(now);
    if (session.hasRoom()) session.sender.declareFrame(kind, byteCount);
  }

  /**
   * Payload of the frame that was declared, borrowed until `outputAccepted` has passed it. Throws
   * LocalProtocolError when it is more than was declared.
   */
  sendDeclared(data: Uint8Array, now: Instant): void {
    const session = this.awake(now);
    if (session.hasRoom()) session.sendFrameData(data);
  }
}
