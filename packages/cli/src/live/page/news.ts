// What has happened, as the last lines of a log, which a screen reader says politely.
import { formatTime } from './format.ts';

const LINES_MAX = 4;

/** The lines of a list with the role `log`, of which additions are announced. */
export class News {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  /** Adds a line; the oldest one makes room. */
  say(text: string): void {
    const line = document.createElement('li');
    const time = document.createElement('time');
    time.textContent = formatTime(new Date());
    line.append(time, ' ', text);
    this.#list.append(line);
    while (this.#list.children.length > LINES_MAX) this.#list.firstElementChild?.remove();
  }
}
