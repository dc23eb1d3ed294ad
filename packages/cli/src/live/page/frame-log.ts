// What came and went over WebSockets, as the last lines of a list, newest first.
import { setText, span } from './elements.ts';
import { formatBytes } from './format.ts';
import type { ChangeEvent, FrameRow } from './live-events.ts';

const LINES_MAX = 10;

/** A list, which is not read out: it changes several times a second. */
export class FrameLog {
  readonly #list: HTMLElement;
  readonly #empty: HTMLElement;
  #omitted = 0;

  /** `empty` says that there is nothing, and later how much is not shown. */
  constructor(list: HTMLElement, empty: HTMLElement) {
    this.#list = list;
    this.#empty = empty;
    // Without markers it would else be no list to some screen readers.
    list.role = 'list';
  }

  /** Shows what an event tells. */
  add({ frames, framesOmitted, now }: ChangeEvent): void {
    this.#omitted += framesOmitted;
    const localNow = Date.now();
    this.#list.prepend(
      ...frames.map((frame) => lineOf(frame, new Date(localNow - (now - frame.at)))).reverse(),
    );
    while (this.#list.children.length > LINES_MAX) {
      this.#list.lastElementChild?.remove();
    }
    this.#empty.hidden = this.#list.children.length > 0 && this.#omitted === 0;
    if (this.#omitted > 0) setText(this.#empty, `${this.#omitted} went by too fast to be listed.`);
  }
}

function lineOf({ id, direction, kind, byteCount, detail }: FrameRow, time: Date): HTMLElement {
  const line = document.createElement('li');
  const when = document.createElement('time');
  when.textContent = time.toLocaleTimeString();
  const what = span();
  what.textContent = kind === 'close' ? kind : `${kind}, ${formatBytes(byteCount)}`;
  const which = span();
  which.textContent = `#${id}`;
  const way = span('way');
  way.dataset['direction'] = direction;
  way.textContent = direction === 'in' ? 'from the browser' : 'from the server';
  const more = span('soft');
  more.textContent = detail;
  line.append(when, ' ', which, ' ', way, ' ', what, ' ', more);
  return line;
}
