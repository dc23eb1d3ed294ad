// The TLS under one connection as a row of the table. Cells are made once, and changed where they differ.
import type { RowKind, RowView } from './connection-table.ts';
import { cell, flash, make, rowHead, setText, span } from './elements.ts';
import { formatAge, formatMilliseconds } from './format.ts';
import type { ConnectionRow, TlsRow } from './live-events.ts';

/** Connections that are secured, whatever goes over them. */
export const TLS_ROWS: RowKind = {
  nouns: ['Connection', 'Connections'],
  has: ({ tls }) => tls !== null,
  ending: ({ ending }) => ending?.words ?? null,
  view: (row) => new TlsRowView(row),
};

/** The table's row; what is peer's is shown as text. */
class TlsRowView implements RowView {
  readonly element: HTMLTableRowElement = make('tr', 'row');
  readonly #badge: HTMLElement = span('badge');
  readonly #age: HTMLElement = span('soft');
  readonly #version: HTMLElement = span('state');
  readonly #suite: HTMLElement = document.createElement('code');
  readonly #group: HTMLElement = span('soft');
  readonly #sent: HTMLElement = span('count');
  readonly #received: HTMLElement = span('count');
  readonly #heartbeat: HTMLElement = span('time');
  readonly #protocol: HTMLElement = span('time');
  readonly #name: HTMLElement = span('soft');
  #row: ConnectionRow;

  constructor(row: ConnectionRow) {
    this.#row = row;
    const keys = cell('Key updates', this.#received, this.#sent);
    keys.className = 'pair';
    this.element.append(
      rowHead(row.id, this.#badge, this.#age),
      cell('Version', this.#version),
      cell('Cipher suite, group', this.#suite, this.#group),
      keys,
      cell('Heartbeat', this.#heartbeat),
      cell('ALPN, name', this.#protocol, this.#name),
    );
  }

  /** {@link RowView} */
  get row(): ConnectionRow {
    return this.#row;
  }

  /** {@link RowView} */
  update(row: ConnectionRow, own: number): void {
    const before = this.#row.tls;
    const { tls } = row;
    if (tls === null) return;
    this.#row = row;
    const isOver = row.ending !== null;
    this.element.dataset['state'] = row.state;
    this.element.classList.toggle('own', row.id === own && !isOver);
    setText(this.#badge, row.id === own ? 'this page' : '');
    setText(this.#version, tls.version);
    setText(this.#suite, tls.cipherSuite);
    setText(this.#group, tls.group ?? 'group not told');
    const told = (epoch: number): string => (tls.engine === 'holdline' ? String(epoch) : '–');
    setText(this.#received, `${told(tls.receivingEpoch)} in`);
    setText(this.#sent, `${told(tls.sendingEpoch)} out`);
    setText(this.#heartbeat, heartbeatText(tls));
    setText(this.#protocol, tls.protocol ?? 'none');
    setText(this.#name, tls.serverName ?? 'no name asked for');
    if (before === null) return;
    if (tls.receivingEpoch > before.receivingEpoch) flash(this.#received);
    if (tls.sendingEpoch > before.sendingEpoch) flash(this.#sent);
    if (tls.heartbeatRoundTripMs !== before.heartbeatRoundTripMs) flash(this.#heartbeat);
  }

  /** {@link RowView} */
  tick(now: number): void {
    const { ending, openedAt, port } = this.#row;
    setText(this.#age, `port ${port}, ${formatAge((ending?.at ?? now) - openedAt)} old`);
  }
}

function heartbeatText({ hasHeartbeats, heartbeatRoundTripMs }: TlsRow): string {
  if (heartbeatRoundTripMs !== null) return formatMilliseconds(heartbeatRoundTripMs);
  return hasHeartbeats ? 'none yet' : 'not agreed on';
}
