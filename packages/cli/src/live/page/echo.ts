// The buttons for a WebSocket to /echo: open it, send something, close it.
import type { Announce } from './connection-table.ts';
import { formatBytes, formatMilliseconds } from './format.ts';

/** What a click sends. */
const GREETING = 'Hello from the live page.';
const LARGE_BYTES = 1_048_576;

/** The four buttons, by what they do. */
export interface EchoButtons {
  readonly open: HTMLButtonElement;
  readonly send: HTMLButtonElement;
  readonly sendLarge: HTMLButtonElement;
  readonly close: HTMLButtonElement;
}

/** One WebSocket at a time. */
export class EchoSocket {
  readonly #url: string;
  readonly #buttons: EchoButtons;
  readonly #announce: Announce;
  #socket: WebSocket | null = null;
  /** When what has not come back was sent, in the time of `performance.now`. */
  readonly #sentAt: number[] = [];

  /** The buttons work from now on. */
  constructor(url: string, buttons: EchoButtons, announce: Announce) {
    this.#url = url;
    this.#buttons = buttons;
    this.#announce = announce;
    buttons.open.addEventListener('click', () => this.#open());
    buttons.send.addEventListener('click', () => this.#send(GREETING));
    buttons.sendLarge.addEventListener('click', () => this.#send(new Uint8Array(LARGE_BYTES)));
    buttons.close.addEventListener('click', () => this.#socket?.close(1000, 'bye'));
    this.#enable(false);
  }

  #open(): void {
    const socket = new WebSocket(this.#url);
    let wasOpen = false;
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#sentAt.length = 0;
    this.#buttons.open.disabled = true;
    socket.addEventListener('open', () => {
      wasOpen = true;
      this.#announce(`A WebSocket to /echo is open${withWords(socket.extensions)}.`);
      this.#enable(true);
    });
    socket.addEventListener('message', ({ data }) => this.#received(data));
    socket.addEventListener('close', ({ code, reason, wasClean }) => {
      this.#socket = null;
      this.#enable(false);
      if (!wasOpen) {
        this.#announce('The WebSocket was not opened. The server may run with --no-echo.');
        return;
      }
      const how = wasClean ? 'cleanly' : 'without a goodbye';
      const quoted = reason === '' ? '' : ` “${reason}”`;
      this.#announce(`The WebSocket to /echo was closed ${how}: ${code}${quoted}.`);
    });
  }

  #send(message: string | Uint8Array<ArrayBuffer>): void {
    this.#sentAt.push(performance.now());
    this.#socket?.send(message);
  }

  #received(data: string | ArrayBuffer): void {
    const now = performance.now();
    const tookMs = now - (this.#sentAt.shift() ?? now);
    const size =
      typeof data === 'string' ? `${data.length} characters` : formatBytes(data.byteLength);
    this.#announce(`${size} came back after ${formatMilliseconds(tookMs)}.`);
  }

  /** A button that has the focus keeps it only while it is enabled: then the next one gets it. */
  #enable(isOpen: boolean): void {
    const { open, send, sendLarge, close } = this.#buttons;
    const focused = document.activeElement;
    open.disabled = isOpen;
    for (const button of [send, sendLarge, close]) button.disabled = !isOpen;
    if (focused === open && isOpen) send.focus();
    else if (focused instanceof HTMLButtonElement && focused.disabled) open.focus();
  }
}

/** `, with permessage-deflate` */
function withWords(extensions: string): string {
  const [name = ''] = extensions.split(';');
  return name === '' ? '' : `, with ${name}`;
}
