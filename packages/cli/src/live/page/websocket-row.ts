// One WebSocket as a row of the table. Cells are made once, and changed where they differ.
import type { RowKind, RowView } from './connection-table.ts';
import { breakable, cell, flash, make, rowHead, setText, span } from './elements.ts';
import { formatAge, formatBytes, formatCount, formatMilliseconds } from './format.ts';
import type { ConnectionRow, WebSocketEnding, WebSocketRow } from './live-events.ts';

/** Connections that are WebSockets, or were. */
export const WEB_SOCKET_ROWS: RowKind = {
  nouns: ['WebSocket', 'WebSockets'],
  has: ({ webSocket }) => webSocket !== null,
  ending: ({ webSocket }) => {
    const ending = webSocket?.ending ?? null;
    return ending === null ? null : `${endingWords(ending)}.`;
  },
  view: (row) => new WebSocketRowView(row),
};

/** The table's row; what is peer's is shown as text. */
class WebSocketRowView implements RowView {
  readonly element: HTMLTableRowElement = make('tr', 'row');
  readonly #badge: HTMLElement = span('badge');
  readonly #age: HTMLElement = span('soft');
  readonly #state: HTMLElement = span('state');
  readonly #roundTrip: HTMLElement = span('time');
  readonly #pings: HTMLElement = span('soft');
  readonly #messagesReceived: HTMLElement = span('count');
  readonly #messagesSent: HTMLElement = span('count');
  readonly #received: HTMLElement = span();
  readonly #sent: HTMLElement = span();
  readonly #what: HTMLElement = span('time');
  readonly #why: HTMLElement = span('soft');
  readonly #whatCell: HTMLElement;
  #row: ConnectionRow;
  #shownTarget = '';

  constructor(row: ConnectionRow) {
    this.#row = row;
    const messages = cell('Messages in, out', this.#messagesReceived, this.#messagesSent);
    const bytes = cell('Bytes in, out', this.#received, this.#sent);
    for (const pair of [messages, bytes]) pair.className = 'pair';
    this.#whatCell = cell('', this.#what, this.#why);
    this.element.append(
      rowHead(row.id, this.#badge, this.#age),
      cell('State', this.#state),
      cell('Round trip', this.#roundTrip, this.#pings),
      messages,
      bytes,
      this.#whatCell,
    );
  }

  /** {@link RowView} */
  get row(): ConnectionRow {
    return this.#row;
  }

  /** {@link RowView} */
  update(row: ConnectionRow, own: number): void {
    const before = this.#row.webSocket;
    const { webSocket } = row;
    if (webSocket === null) return;
    this.#row = row;
    const isOver = webSocket.ending !== null;
    this.element.dataset['state'] = isOver ? 'closed' : 'switched';
    this.element.classList.toggle('own', row.id === own && !isOver);
    setText(this.#badge, badgeText(row, own));
    setText(this.#state, isOver ? 'Closed' : 'Open');
    this.#showRoundTrip(webSocket);
    setText(this.#messagesReceived, `${webSocket.messagesReceived} in`);
    setText(this.#messagesSent, `${webSocket.messagesSent} out`);
    setText(this.#received, `${formatBytes(row.bytesReceived)} in`);
    setText(this.#sent, `${formatBytes(row.bytesSent)} out`);
    if (before === null) return;
    if (webSocket.messagesReceived > before.messagesReceived) flash(this.#messagesReceived);
    if (webSocket.pongsReceived > before.pongsReceived) flash(this.#roundTrip);
  }

  /** {@link RowView} */
  tick(now: number): void {
    const { webSocket, ending, openedAt, port, target } = this.#row;
    setText(this.#age, `port ${port}, ${formatAge((ending?.at ?? now) - openedAt)} old`);
    const end = webSocket?.ending ?? null;
    this.#whatCell.dataset['label'] = end === null ? 'What it is' : 'How it ended';
    if (end !== null) {
      setText(this.#what, endingWords(end));
      setText(this.#why, end.why);
    } else if (target !== this.#shownTarget) {
      this.#shownTarget = target;
      this.#what.replaceChildren(...breakable(target));
      setText(this.#why, agreementText(webSocket));
    }
  }

  #showRoundTrip({ roundTripMs, smoothedRoundTripMs, pongsReceived }: WebSocketRow): void {
    setText(this.#roundTrip, roundTripMs === null ? '–' : formatMilliseconds(roundTripMs));
    const pings = formatCount(pongsReceived, 'ping');
    const mean = smoothedRoundTripMs === null ? '' : formatMilliseconds(smoothedRoundTripMs);
    setText(this.#pings, mean === '' ? 'no ping yet' : `${mean} smoothed, ${pings}`);
  }
}

function badgeText({ id, isObserver }: ConnectionRow, own: number): string {
  if (id === own) return 'this page';
  return isObserver ? 'another live page' : '';
}

/** What the opening handshake has agreed on. */
function agreementText(webSocket: WebSocketRow | null): string {
  const { subprotocol = null, isCompressed = false } = webSocket ?? {};
  const parts = [isCompressed ? 'permessage-deflate' : 'not compressed'];
  if (subprotocol !== null) parts.unshift(`subprotocol ${subprotocol}`);
  return parts.join(', ');
}

/** `1000 “bye”, by the browser`; `fin-without-close, likely peer-or-path` */
function endingWords({ code, reason, startedBy, observation, cause }: WebSocketEnding): string {
  if (observation !== 'closing-handshake') return `${observation}, likely ${cause}`;
  const said = code === 1005 ? 'No code' : String(code);
  const quoted = reason === '' ? '' : ` “${reason}”`;
  return `${said}${quoted}, by the ${startedBy ?? 'browser'}`;
}
