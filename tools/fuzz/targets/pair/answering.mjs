// The server's side of a conversation: it answers at once, behind the content or later, in all
// framings, and says in each answer which request it is for.
import { Random } from '../../random.mjs';
import { attempt } from '../http1/attempt.mjs';
import { contentOf } from './asking.mjs';

const CONTENT_BYTES = [0, 1, 60, 700, 5_000];
const LATER_MS = 30;

/** The server, what it has read, and what it has answered. */
export class Answering {
  /** Every request that came: its number, and what of its content was read. */
  seen = [];
  /** The answers by number: status, content. */
  answers = new Map();
  #machine;
  #clock;
  #random;

  constructor(machine, clock, seed) {
    this.#machine = machine;
    this.#clock = clock;
    this.#random = new Random(seed);
  }

  onEvent(event, now) {
    const request = this.seen.at(-1);
    if (event.type === 'request') this.#begin(event, now);
    else if (event.type === 'data') request.content.push(event.data);
    else if (event.type === 'end') {
      request.isWhole = true;
      this.#endOf(request, now);
    } else if (event.type === 'failed' && event.canRespond) {
      attempt(this.#machine, () =>
        this.#machine.sendResponse({ status: event.status, fields: [] }, now),
      );
      attempt(this.#machine, () => this.#machine.endMessage([], now));
    }
  }

  #begin({ target, method, expectsContinue }, now) {
    const id = Number(target.slice(1));
    const how = this.#random.pick(['early', 'whole', 'whole', 'whole', 'later']);
    this.seen.push({ id, method, how, content: [], isWhole: false });
    const machine = this.#machine;
    if (this.#random.oneIn(6)) {
      attempt(machine, () => machine.sendInformational({ status: 103, fields: [] }, now));
    }
    if (how === 'early') this.#answer(id, method, now);
    else if (expectsContinue && !this.#random.oneIn(4)) {
      attempt(machine, () => machine.sendInformational({ status: 100, fields: [] }, now));
    }
  }

  #endOf({ id, method, how }, now) {
    if (how === 'whole') this.#answer(id, method, now);
    else if (how === 'later') {
      this.#clock.schedule(now + LATER_MS, (later) => this.#answer(id, method, later));
    }
  }

  #answer(id, method, now) {
    const machine = this.#machine;
    // An answer that comes later may find that nobody waits for it any more.
    if (machine.responseState !== 'awaiting' || this.answers.has(id)) return;
    const content = contentOf(id, this.#random.pick(CONTENT_BYTES));
    const isSized = this.#random.oneIn(2);
    const fields = [{ name: 'X-Id', value: String(id) }];
    if (isSized) fields.push({ name: 'Content-Length', value: String(content.length) });
    if (this.#random.oneIn(20)) fields.push({ name: 'Connection', value: 'close' });
    if (!attempt(machine, () => machine.sendResponse({ status: 200, fields }, now))) return;
    this.answers.set(id, method === 'HEAD' ? contentOf(id, 0) : content);
    if (machine.responseState !== 'content') return;
    attempt(machine, () => machine.sendData(content, now));
    attempt(machine, () => machine.endMessage([], now));
  }
}
