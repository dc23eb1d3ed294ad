// Puts the live page together.
import { HTTP_ROWS } from './connection-row.ts';
import { ConnectionTable, type RowKind } from './connection-table.ts';
import { EchoSocket } from './echo.ts';
import { EventFeed, type FeedState } from './event-feed.ts';
import { formatCountdown } from './format.ts';
import { FrameLog } from './frame-log.ts';
import { News } from './news.ts';
import { enableProbes } from './probes.ts';
import { TLS_ROWS } from './tls-row.ts';
import { WEB_SOCKET_ROWS } from './websocket-row.ts';

const FEED_WORDS: Readonly<Record<FeedState, string>> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'The server does not answer.',
  drain: 'The server is shutting down.',
  replaced: 'Watching goes on in another tab.',
  crowded: 'Too many pages are watching.',
};

function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

const news: News = new News(element('news', HTMLElement));
const feedLine: HTMLElement = element('feed', HTMLElement);
const feedText: HTMLElement = element('feed-text', HTMLElement);
const feedAgain: HTMLButtonElement = element('feed-again', HTMLButtonElement);
let feedState: FeedState = 'connecting';
/** The last state that was more than an attempt. That the page is live at first is no news. */
let announcedState: FeedState = 'live';
let retryAt = Number.POSITIVE_INFINITY;

function showFeed(): void {
  const retryMs = retryAt - performance.now();
  const retry =
    retryMs > 0 && retryMs < Infinity ? ` Next try in ${formatCountdown(retryMs)}.` : '';
  const text = FEED_WORDS[feedState] + retry;
  if (feedText.textContent !== text) feedText.textContent = text;
}

const announce = (text: string): void => news.say(text);
const tableOf = (id: string, kind: RowKind): ConnectionTable =>
  new ConnectionTable(element(id, HTMLTableElement), kind, announce);
const tables: readonly ConnectionTable[] = [
  tableOf('connections', HTTP_ROWS),
  tableOf('websockets', WEB_SOCKET_ROWS),
  // The ends of its connections are told by the other tables.
  new ConnectionTable(element('tls', HTMLTableElement), TLS_ROWS, () => {}),
];
const tlsSection: HTMLElement = element('tls-section', HTMLElement);
const keysButton: HTMLElement = element('keys', HTMLButtonElement);
const frames: FrameLog = new FrameLog(
  element('frames', HTMLElement),
  element('frames-note', HTMLElement),
);
const origin: string = location.origin.replace(/^http/, 'ws');

const feed: EventFeed = new EventFeed(`${origin}/live`, {
  onConnections(event) {
    for (const table of tables) table.show(event);
    const tls = event.rows.find(({ id }) => id === event.own)?.tls ?? null;
    tlsSection.hidden = tls === null;
    keysButton.hidden = tls?.engine !== 'holdline';
  },
  onChange(event) {
    for (const table of tables) table.change(event);
    frames.add(event);
  },
  onState(state, at) {
    feedState = state;
    retryAt = at;
    feedLine.dataset['state'] = state;
    showFeed();
    if (state === 'connecting') return;
    feedAgain.hidden = state === 'live';
    feedAgain.textContent = state === 'replaced' ? 'Watch here' : 'Try now';
    document.body.classList.toggle('stale', state !== 'live');
    if (state !== 'live') for (const table of tables) table.freeze();
    if (state !== announcedState) announce(state === 'live' ? 'Live again.' : FEED_WORDS[state]);
    announcedState = state;
  },
});

feedAgain.addEventListener('click', () => feed.start());
setInterval(showFeed, 250);
// A page that comes back from the browser's memory has lost its feed on the way there.
addEventListener('pagehide', () => feed.stop());
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) feed.start();
});
const button = (id: string): HTMLButtonElement => element(id, HTMLButtonElement);
new EchoSocket(
  `${origin}/echo`,
  {
    open: button('echo-open'),
    send: button('echo-send'),
    sendLarge: button('echo-large'),
    close: button('echo-close'),
  },
  announce,
);
enableProbes(document.querySelectorAll<HTMLButtonElement>('[data-kind]'), announce);
feed.start();
