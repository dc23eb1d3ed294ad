// Requests that wait for a connection to one origin: first come, first served. Who gives up is taken
// out at once; a request that is sent a second time goes to the front.

/** What waits; it carries its place in the queue. */
export interface Queued<Item> {
  queuedBefore: Item | null;
  queuedAfter: Item | null;
  isQueued: boolean;
}

/** A list of which each element knows its neighbours. */
export class RequestQueue<Item extends Queued<Item>> {
  length = 0;
  #first: Item | null = null;
  #last: Item | null = null;

  /** Who is next; null when nobody waits. */
  get first(): Item | null {
    return this.#first;
  }

  /** To the end. */
  push(item: Item): void {
    item.isQueued = true;
    item.queuedBefore = this.#last;
    item.queuedAfter = null;
    if (this.#last === null) this.#first = item;
    else this.#last.queuedAfter = item;
    this.#last = item;
    this.length += 1;
  }

  /** To the front. */
  unshift(item: Item): void {
    item.isQueued = true;
    item.queuedBefore = null;
    item.queuedAfter = this.#first;
    if (this.#first === null) this.#last = item;
    else this.#first.queuedBefore = item;
    this.#first = item;
    this.length += 1;
  }

  /** Takes out who is next. */
  shift(): Item | null {
    const item = this.#first;
    if (item !== null) this.remove(item);
    return item;
  }

  /** Takes out an item that is in here. */
  remove(item: Item): void {
    const { queuedBefore, queuedAfter } = item;
    if (queuedBefore === null) this.#first = queuedAfter;
    else queuedBefore.queuedAfter = queuedAfter;
    if (queuedAfter === null) this.#last = queuedBefore;
    else queuedAfter.queuedBefore = queuedBefore;
    item.queuedBefore = null;
    item.queuedAfter = null;
    item.isQueued = false;
    this.length -= 1;
  }
}
