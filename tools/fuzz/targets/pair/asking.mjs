// The client's side of a conversation: requests that carry their number, so that it can be told
// which answer belongs to which.
import { attempt } from '../http1/attempt.mjs';

const KINDS = ['GET', 'HEAD', 'POST', 'CHUNKED', 'EXPECT', 'PUT', 'DELETE', 'OPTIONS'];
const PIECE_BYTES = 300;
const CONTENT_UNIT_BYTES = 15;

/** Content that says whose it is. */
export function contentOf(id, byteCount) {
  return new Uint8Array(byteCount).fill(33 + (id % 90));
}

/** The client, its requests and what came back. */
export class Asking {
  /** Every request that was sent: its number, method, content, and whether all of it was. */
  sent = [];
  #machine;
  #waiting = null;

  constructor(machine) {
    this.#machine = machine;
  }

  /** Sends a request if the machine lets it. */
  ask(kind, size, now) {
    const id = this.sent.length;
    const name = KINDS[kind % KINDS.length];
    const method = ['CHUNKED', 'EXPECT'].includes(name) ? 'POST' : name;
    const hasContent = ['POST', 'CHUNKED', 'EXPECT', 'PUT'].includes(name);
    const content = contentOf(id, hasContent ? size * CONTENT_UNIT_BYTES : 0);
    const fields = [{ name: 'Host', value: 'a' }];
    if (name === 'CHUNKED') fields.push({ name: 'Transfer-Encoding', value: 'chunked' });
    else if (hasContent) fields.push({ name: 'Content-Length', value: String(content.length) });
    if (name === 'EXPECT' && size > 0) fields.push({ name: 'Expect', value: '100-continue' });
    const head = { method, target: `/${id}`, fields };
    if (!attempt(this.#machine, () => this.#machine.sendRequest(head, now))) return;
    const request = { id, method, content, isWhole: false };
    this.sent.push(request);
    this.#waiting = request;
    if (name !== 'EXPECT' || size === 0) this.sendContent(now);
  }

  /** What was kept back until 100 (Continue), or until its time is over. */
  sendContent(now) {
    const request = this.#waiting;
    this.#waiting = null;
    if (request === null) return;
    const machine = this.#machine;
    for (let at = 0; at < request.content.length; at += PIECE_BYTES) {
      const piece = request.content.subarray(at, at + PIECE_BYTES);
      if (!attempt(machine, () => machine.sendData(piece, now))) return;
    }
    request.isWhole = attempt(machine, () => machine.endMessage([], now));
  }

  onEvent(event, now) {
    const goesOn = event.type === 'continue-timeout' || event.type === 'response';
    if (goesOn || event.status === 100) this.sendContent(now);
  }
}
