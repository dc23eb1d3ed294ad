// One connection as a row of the table. Cells are made once, and changed where they differ.
import { type Countdown, countdownAt } from './countdown.ts';
import { formatAge, formatBytes, formatCountdown } from './format.ts';
import type { ConnectionRow } from './live-events.ts';

const STATE_WORDS: Readonly<Record<ConnectionRow['state'], string>> = {
  idle: 'Idle',
  active: 'Answering',
  switched: 'Switched',
  closing: 'Closing',
  closed: 'Closed',
};

/** The table's row; what is peer's is shown as text. */
export class RowView {
  readonly element: HTMLTableRowElement = make('tr', 'row');
  readonly #id: HTMLElement = document.createElement('b');
  readonly #badge: HTMLElement = document.createElement('span');
  readonly #age: HTMLElement = document.createElement('span');
  readonly #state: HTMLElement = document.createElement('span');
  readonly #time: HTMLElement = document.createElement('span');
  readonly #detail: HTMLElement = document.createElement('span');
  readonly #bar: HTMLElement = document.createElement('span');
  readonly #announced: HTMLElement = document.createElement('code');
  readonly #requests: HTMLElement = document.createElement('span');
  readonly #received: HTMLElement = document.createElement('span');
  readonly #sent: HTMLElement = document.createElement('span');
  readonly #target: HTMLElement = document.createElement('code');
  readonly #timeCell: HTMLElement;
  #row: ConnectionRow;
  #shownTarget = '';

  constructor(row: ConnectionRow) {
    this.#row = row;
    this.#id.textContent = `#${row.id}`;
    this.#badge.className = 'badge';
    this.#state.className = 'state';
    this.#time.className = 'time';
    this.#detail.className = 'soft';
    this.#age.className = 'soft';
    this.#requests.className = 'count';
    this.#bar.className = 'bar';
    this.#bar.append(document.createElement('i'), document.createElement('i'));
    const head = make('th', 'rowheader');
    head.scope = 'row';
    const bytes = cell('Bytes in, out', this.#received, this.#sent);
    bytes.className = 'bytes';
    this.#timeCell = cell('', this.#time, this.#detail, this.#bar);
    head.append(this.#id, ' ', this.#badge, this.#age);
    this.element.append(
      head,
      cell('State', this.#state),
      this.#timeCell,
      cell('Keep-Alive', this.#announced),
      cell('Requests', this.#requests),
      bytes,
      cell('Last request', this.#target),
    );
  }

  /** What the row shows. */
  get row(): ConnectionRow {
    return this.#row;
  }

  /** Shows what the server says; `own` is the connection of this page's stream. */
  update(row: ConnectionRow, own: number): void {
    const { element } = this;
    const hasMore = row.requests > this.#row.requests;
    this.#row = row;
    element.dataset['state'] = row.state;
    this.#timeCell.dataset['label'] = row.ending === null ? 'Time left' : 'Why closed';
    element.classList.toggle('own', row.id === own && row.ending === null);
    setText(this.#badge, badgeText(row, own));
    setText(this.#state, row.isObserver ? 'Streaming' : STATE_WORDS[row.state]);
    setText(this.#announced, row.announced === '' ? '–' : row.announced);
    setText(this.#requests, String(row.requests));
    setText(this.#received, `${formatBytes(row.bytesReceived)} in`);
    setText(this.#sent, `${formatBytes(row.bytesSent)} out`);
    if (row.target !== this.#shownTarget) {
      this.#shownTarget = row.target;
      this.#target.replaceChildren(...breakable(row.target));
    }
    if (hasMore) flash(this.#requests);
  }

  /** Shows how the time runs; `now` is the server's. */
  tick(now: number): void {
    const { idle, ending, openedAt, port, isObserver, state } = this.#row;
    const until = ending?.at ?? now;
    setText(this.#age, `port ${port}, ${formatAge(until - openedAt)} old`);
    this.#bar.hidden = idle === null;
    if (ending !== null) {
      setText(this.#time, ending.words);
      setText(this.#detail, `${ending.code}, ${formatAge(now - ending.at)} ago`);
    } else if (idle !== null) {
      this.#showCountdown(countdownAt(idle, now));
    } else {
      setText(this.#time, state === 'closing' ? 'The server has said its goodbye.' : '');
      setText(this.#detail, busyText(state, isObserver));
    }
  }

  #showCountdown({ phase, leftMs, announcedLeft, graceLeft }: Countdown): void {
    setText(this.#time, formatCountdown(leftMs));
    setText(this.#detail, phase === 'announced' ? 'as announced' : 'of grace');
    this.#bar.style.setProperty('--announced', announcedLeft.toFixed(4));
    this.#bar.style.setProperty('--grace', graceLeft.toFixed(4));
  }
}

function badgeText({ id, isObserver }: ConnectionRow, own: number): string {
  if (id === own) return 'this page';
  return isObserver ? 'another live page' : '';
}

function busyText(state: ConnectionRow['state'], isObserver: boolean): string {
  if (state === 'closing') return 'waiting for the browser’s';
  return isObserver ? 'as long as the page is open' : 'until the response is out';
}

function cell(label: string, ...content: HTMLElement[]): HTMLTableCellElement {
  const element = make('td', 'cell');
  // For narrow screens, where the column's header is out of sight.
  element.dataset['label'] = label;
  element.append(...content.flatMap((part) => [part, ' ']));
  return element;
}

/** With its role, which a table loses where the style makes it something else. */
function make<Name extends 'tr' | 'td' | 'th'>(
  name: Name,
  role: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.role = role;
  return element;
}

/** May be broken into lines where a target has its joints. */
function breakable(target: string): Node[] {
  return target
    .split(/(?<=[/?&])/)
    .flatMap((part) => [document.createTextNode(part), document.createElement('wbr')]);
}

/** Draws the eye to a number that has grown, of those who like that. */
function flash(element: HTMLElement): void {
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const frames = { color: ['var(--accent)', 'inherit'], scale: ['1.5', '1'] };
  element.animate(frames, { duration: 500, easing: 'ease-out' });
}

/** Text that is there already is left alone, and with it what somebody has selected of it. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
