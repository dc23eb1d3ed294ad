// A table of connections: rows come at its end, stay where they are, and go when the server says.
import { formatTime } from './format.ts';
import type { ChangeEvent, ConnectionRow, ConnectionsEvent } from './live-events.ts';
import { ServerClock } from './server-clock.ts';

/** Between two looks at the clock; bars move smoothly from one to the next. */
const TICK_MS = 250;

/** Says what has happened. */
export type Announce = (text: string) => void;

/** One row of the table. */
export interface RowView {
  readonly element: HTMLTableRowElement;
  /** What it shows. */
  readonly row: ConnectionRow;
  /** Shows what the server says; `own` is the connection of this page's feed. */
  update(row: ConnectionRow, own: number): void;
  /** Shows how the time runs; `now` is the server's. */
  tick(now: number): void;
}

/** What a table is of. */
export interface RowKind {
  /** Of one, and of several. */
  readonly nouns: readonly [one: string, several: string];
  /** Whether a connection belongs into the table at present. */
  has(row: ConnectionRow): boolean;
  /** A sentence about its end; null while it lasts. */
  ending(row: ConnectionRow): string | null;
  view(row: ConnectionRow): RowView;
}

/** The rows of one table body, and its caption. */
export class ConnectionTable {
  readonly #body: HTMLElement;
  readonly #caption: HTMLElement;
  readonly #kind: RowKind;
  readonly #announce: Announce;
  readonly #clock: ServerClock = new ServerClock();
  readonly #views: Map<number, RowView> = new Map();
  #own = 0;
  #isFrozen = false;

  /** Ticks from now on. The table has a caption and one body, which is empty. */
  constructor(table: HTMLTableElement, kind: RowKind, announce: Announce) {
    this.#body = table.tBodies[0]!;
    this.#caption = table.caption!;
    this.#kind = kind;
    this.#announce = announce;
    keepRoles(table);
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** Everything anew, as after a connect: the server may be another one, with other connections. */
  show({ now, own, rows }: ConnectionsEvent): void {
    this.#clock.sync(now, performance.now());
    this.#own = own;
    this.#isFrozen = false;
    const ids = new Set(rows.map(({ id }) => id));
    for (const id of [...this.#views.keys()]) if (!ids.has(id)) this.#remove(id);
    for (const row of rows) this.#update(row);
    this.#refresh();
  }

  /** What has changed. */
  change({ now, rows, gone }: ChangeEvent): void {
    this.#clock.sync(now, performance.now());
    const ended = rows.filter((row) => {
      const before = this.#views.get(row.id)?.row;
      return before !== undefined && this.#kind.ending(before) === null;
    });
    for (const row of rows) this.#update(row);
    for (const id of gone) this.#remove(id);
    this.#refresh();
    for (const text of this.#endingTexts(ended)) this.#announce(text);
  }

  /** What is shown is not the present any more: time stands still, until `show`. */
  freeze(): void {
    if (this.#isFrozen) return;
    this.#isFrozen = true;
    this.#caption.textContent += `, as of ${formatTime(new Date())}`;
  }

  #update(row: ConnectionRow): void {
    if (!this.#kind.has(row)) {
      this.#remove(row.id);
      return;
    }
    let view = this.#views.get(row.id);
    if (view === undefined) {
      view = this.#kind.view(row);
      this.#views.set(row.id, view);
      this.#body.append(view.element);
    }
    view.update(row, this.#own);
  }

  #remove(id: number): void {
    this.#views.get(id)?.element.remove();
    this.#views.delete(id);
  }

  #refresh(): void {
    const rows = Array.from(this.#views.values(), ({ row }) => row);
    const open = rows.filter((row) => this.#kind.ending(row) === null).length;
    const closed = rows.length - open;
    const text = `${open} open${closed === 0 ? '' : `, ${closed} closed within the last minute`}`;
    if (this.#caption.textContent !== text) this.#caption.textContent = text;
    this.#tick();
  }

  /** One sentence for connections that ended for the same reason. */
  #endingTexts(rows: readonly ConnectionRow[]): string[] {
    const byWords = new Map<string, number[]>();
    for (const row of rows) {
      const words = this.#kind.ending(row);
      if (words !== null) byWords.set(words, [...(byWords.get(words) ?? []), row.id]);
    }
    const [one, several] = this.#kind.nouns;
    return Array.from(byWords, ([words, ids]) => {
      ids.sort((left, right) => left - right);
      const which = ids.length === 1 ? `${one} ${ids[0]} is` : `${several} ${ids.join(', ')} are`;
      return `${which} closed. ${words}`;
    });
  }

  #tick(): void {
    if (this.#isFrozen) return;
    const now = this.#clock.serverNow(performance.now());
    for (const view of this.#views.values()) view.tick(now);
  }
}

/** A table of which the style makes cards would else be no table to some screen readers. */
function keepRoles(table: HTMLTableElement): void {
  table.role = 'table';
  for (const section of [table.tHead!, ...table.tBodies]) section.role = 'rowgroup';
  for (const row of table.rows) {
    row.role = 'row';
    for (const header of row.cells) header.role = 'columnheader';
  }
}
