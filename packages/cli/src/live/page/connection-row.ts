// One connection as a row of the table. Cells are made once, and changed where they differ.
import type { RowKind, RowView } from './connection-table.ts';
import { type Countdown, countdownAt } from './countdown.ts';
import { breakable, cell, flash, make, rowHead, setText, span } from './elements.ts';
import { formatAge, formatBytes, formatCountdown } from './format.ts';
import type { ConnectionRow } from './live-events.ts';

const STATE_WORDS: Readonly<Record<ConnectionRow['state'], string>> = {
  idle: 'Idle',
  active: 'Answering',
  switched: 'Switched',
  closing: 'Closing',
  closed: 'Closed',
};

/** Connections that speak HTTP. */
export const HTTP_ROWS: RowKind = {
  nouns: ['Connection', 'Connections'],
  has: ({ webSocket }) => webSocket === null,
  ending: ({ ending }) => ending?.words ?? null,
  view: (row) => new HttpRowView(row),
};

/** The table's row; what is peer's is shown as text. */
class HttpRowView implements RowView {
  readonly element: HTMLTableRowElement = make('tr', 'row');
  readonly #age: HTMLElement = span('soft');
  readonly #state: HTMLElement = span('state');
  readonly #time: HTMLElement = span('time');
  readonly #detail: HTMLElement = span('soft');
  readonly #bar: HTMLElement = span('bar');
  readonly #announced: HTMLElement = document.createElement('code');
  readonly #requests: HTMLElement = span('count');
  readonly #received: HTMLElement = span();
  readonly #sent: HTMLElement = span();
  readonly #target: HTMLElement = document.createElement('code');
  readonly #timeCell: HTMLElement;
  #row: ConnectionRow;
  #shownTarget = '';

  constructor(row: ConnectionRow) {
    this.#row = row;
    this.#bar.append(document.createElement('i'), document.createElement('i'));
    const bytes = cell('Bytes in, out', this.#received, this.#sent);
    bytes.className = 'pair';
    this.#timeCell = cell('', this.#time, this.#detail, this.#bar);
    this.element.append(
      rowHead(row.id, span(), this.#age),
      cell('State', this.#state),
      this.#timeCell,
      cell('Keep-Alive', this.#announced),
      cell('Requests', this.#requests),
      bytes,
      cell('Last request', this.#target),
    );
  }

  /** {@link RowView} */
  get row(): ConnectionRow {
    return this.#row;
  }

  /** {@link RowView} */
  update(row: ConnectionRow): void {
    const { element } = this;
    const hasMore = row.requests > this.#row.requests;
    this.#row = row;
    element.dataset['state'] = row.state;
    this.#timeCell.dataset['label'] = row.ending === null ? 'Time left' : 'Why closed';
    setText(this.#state, STATE_WORDS[row.state]);
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

  /** {@link RowView} */
  tick(now: number): void {
    const { idle, ending, openedAt, port, state } = this.#row;
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
      setText(this.#detail, busyText(state));
    }
  }

  #showCountdown({ phase, leftMs, announcedLeft, graceLeft }: Countdown): void {
    setText(this.#time, formatCountdown(leftMs));
    setText(this.#detail, phase === 'announced' ? 'as announced' : 'of grace');
    this.#bar.style.setProperty('--announced', announcedLeft.toFixed(4));
    this.#bar.style.setProperty('--grace', graceLeft.toFixed(4));
  }
}

function busyText(state: ConnectionRow['state']): string {
  return state === 'closing' ? 'waiting for the browser’s' : 'until the response is out';
}
