// A client's application: what it asks follows from the script, never from how the stream was cut.
import { bytesOf } from '@holdline/testkit';
import { attempt } from './attempt.mjs';

const HELLO = bytesOf('hello');
const HOST = { name: 'Host', value: 'a' };
const LENGTH_5 = { name: 'Content-Length', value: '5' };

const REQUESTS = [
  { method: 'GET', target: '/', fields: [HOST] },
  { method: 'HEAD', target: '/', fields: [HOST] },
  { method: 'POST', target: '/p', fields: [HOST, LENGTH_5], content: true },
  {
    method: 'PUT',
    target: '/',
    fields: [HOST, { name: 'Transfer-Encoding', value: 'chunked' }],
    content: true,
  },
  {
    method: 'PUT',
    target: '/',
    fields: [HOST, LENGTH_5, { name: 'Expect', value: '100-continue' }],
    content: true,
    waits: true,
  },
  { method: 'GET', target: '/', fields: [HOST, { name: 'Upgrade', value: 'toy' }] },
  { method: 'CONNECT', target: 'a:443', fields: [{ name: 'Host', value: 'a:443' }] },
  { method: 'GET', target: '/', fields: [HOST, { name: 'Connection', value: 'close' }] },
];
/** What must never leave. */
const UNACCEPTABLE = [
  { method: 'GE T', target: '/', fields: [HOST] },
  { method: 'GET', target: '/ HTTP/1.1\r\n', fields: [HOST] },
  { method: 'GET', target: '/', fields: [] },
  { method: 'GET', target: '/', fields: [HOST, { name: 'X', value: 'a\nb' }] },
  { method: 'GET', target: '/', fields: [HOST, LENGTH_5, LENGTH_5] },
];

/** Asks as the script says; all requests that do not wait are sent before the first answer. */
export class ClientApplication {
  /** The first final response and the method it answers, for others to look at. */
  firstResponse = null;
  firstMethod = 'GET';
  #machine;
  #waiting = false;

  constructor(machine, script, now) {
    this.#machine = machine;
    const first = script.action(0);
    // Two requests a byte: three bits each, and one bit each whether there is one.
    for (const action of [first, first >> 4, script.action(1), script.action(1) >> 4]) {
      if ((action & 8) === 0 && action !== first) continue;
      if (!this.#send(REQUESTS[action & 7], now)) break;
    }
    if (machine.outputBytes === 0) throw new Error('no request can be sent on a new connection');
    this.firstMethod = REQUESTS[first & 7].method;
  }

  react(event, now) {
    if (event.type === 'response') this.firstResponse ??= event;
    const goesOn = event.type === 'continue-timeout' || event.status === 100;
    if (this.#waiting && goesOn) this.#sendContent(now);
  }

  /** The content that was kept back. */
  unblock(now) {
    if (!this.#waiting || this.#machine.transport !== 'open') return false;
    this.#sendContent(now);
    return true;
  }

  /** Any of the calls, at any moment. */
  actAtRandom(random, now) {
    const machine = this.#machine;
    const call = random.pick([
      () => machine.sendRequest(random.pick(REQUESTS), now),
      () => this.#sendUnacceptable(random, now),
      () => machine.sendRequest({ method: 'PUT', target: '/', fields: this.#fields() }, now),
      () => machine.endMessage(this.#fields().slice(1), now),
      () => machine.sendData(random.pick([HELLO, new Uint8Array(0)]), now),
      () => machine.endMessage([], now),
      () => machine.endMessage([{ name: 'x', value: 'y' }], now),
      () => random.oneIn(8) && machine.drain(now),
      () => random.oneIn(32) && machine.abort(now),
      () => machine.outputAccepted(1e9, now),
      () => machine.reuseVerdict(now),
    ]);
    attempt(machine, call);
  }

  #sendUnacceptable(random, now) {
    this.#machine.sendRequest(random.pick(UNACCEPTABLE), now);
    throw new Error('a request that must never leave was taken');
  }

  /** What the server has sent, as it is: nothing of it may make a request ambiguous. */
  #fields() {
    return [HOST, ...(this.firstResponse?.fields ?? [])];
  }

  #send(request, now) {
    const machine = this.#machine;
    const { method, target, fields, content, waits } = request;
    if (!attempt(machine, () => machine.sendRequest({ method, target, fields }, now))) return false;
    this.#waiting = waits === true;
    if (this.#waiting) return false;
    if (content) machine.sendData(HELLO, now);
    machine.endMessage([], now);
    return true;
  }

  #sendContent(now) {
    this.#waiting = false;
    const machine = this.#machine;
    if (attempt(machine, () => machine.sendData(HELLO, now))) machine.endMessage([], now);
  }
}
