// What is run inside of a page: functions that know nothing but the page.
/// <reference lib="dom" />

/** Tries to get at a URL of another origin in the ways that a page has; `refused` for each. */
export async function reachFor(target: string): Promise<string[]> {
  const read = async (credentials: RequestCredentials): Promise<string> => {
    try {
      return await (await fetch(target, { credentials })).text();
    } catch {
      return 'refused';
    }
  };
  const load = (name: 'img' | 'script' | 'iframe'): Promise<string> =>
    new Promise((resolve) => {
      const element = document.createElement(name);
      element.onerror = () => resolve('refused');
      element.onload = () => resolve('shown');
      element.src = target;
      document.body.append(element);
    });
  return [await read('include'), await read('omit'), await load('img'), await load('script')];
}

/** What an echo did in a page: each message as it came back, and how the WebSocket was closed. */
export interface EchoOutcome {
  readonly extensions: string;
  readonly protocol: string;
  /** `same`, or what differs. */
  readonly echoes: readonly string[];
  readonly close: { readonly code: number; readonly reason: string; readonly wasClean: boolean };
}

/** Sends text and bytes of many sizes to an echo, compares what comes back, and closes. */
export async function useEcho(options: {
  readonly url: string;
  readonly code: number;
  readonly reason: string;
}): Promise<EchoOutcome> {
  const socket = new WebSocket(options.url, ['chat', 'superchat']);
  socket.binaryType = 'arraybuffer';
  const next = (type: string): Promise<Event> =>
    new Promise((resolve, reject) => {
      socket.addEventListener(type, resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error('the WebSocket failed')));
    });
  await next('open');
  const { extensions, protocol } = socket;
  const echoes: string[] = [];
  for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_048_576]) {
    const text = 'ü'.repeat(size / 2) + 'x'.repeat(size % 2);
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * at) % 251);
    for (const message of [text, bytes]) {
      socket.send(message);
      const { data } = (await next('message')) as MessageEvent<string | ArrayBuffer>;
      const isSame =
        typeof data === 'string'
          ? data === message
          : message instanceof Uint8Array &&
            data.byteLength === size &&
            new Uint8Array(data).every((byte, at) => byte === message[at]);
      echoes.push(isSame ? 'same' : `${size}: another`);
    }
  }
  const closed = next('close');
  socket.close(options.code, options.reason);
  const { code, reason, wasClean } = (await closed) as CloseEvent;
  return { extensions, protocol, echoes, close: { code, reason, wasClean } };
}

/** A WebSocket's end, as a page is told of it. */
export interface PageClose {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/**
 * Sends `greeting` and waits for the end, which the server begins. Tells what came before: text, and
 * the size of what is binary.
 */
export function awaitClose(options: {
  readonly url: string;
  readonly greeting: string;
}): Promise<{ readonly received: readonly (string | number)[]; readonly close: PageClose }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(options.url);
    const received: (string | number)[] = [];
    socket.onopen = () => socket.send(options.greeting);
    socket.onmessage = ({ data }: MessageEvent<string | Blob>) => {
      received.push(typeof data === 'string' ? data : data.size);
    };
    socket.onclose = ({ code, reason, wasClean }) => {
      resolve({ received, close: { code, reason, wasClean } });
    };
  });
}

/** Opens a WebSocket to an echo, which the page keeps, and returns once that has answered. */
export function keepSocket(url: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    Object.assign(globalThis, { socket });
    socket.onopen = () => socket.send('hello');
    socket.onmessage = () => resolve();
  });
}

/** Sends each text as a Blob to an echo, and tells the texts of the Blobs that come back. */
export async function echoBlobs(options: {
  readonly url: string;
  readonly texts: readonly string[];
}): Promise<string[]> {
  const socket = new WebSocket(options.url);
  const back: Promise<string>[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => {
      for (const text of options.texts) socket.send(new Blob([text]));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!(data instanceof Blob)) reject(new Error('that is no Blob'));
      else back.push(data.text());
      if (back.length === options.texts.length) socket.close();
    };
    socket.onclose = () => resolve();
    socket.onerror = () => reject(new Error('the WebSocket failed'));
  });
  return Promise.all(back);
}

/** Text whose contrast with what is behind it is below WCAG 2's 4.5 to 1, and what it is. */
export function faintTexts(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) return ['no canvas'];
  /** Paints colors over one another, and tells the relative luminance of the outcome. */
  const luminance = (colors: readonly string[]): number => {
    for (const color of colors) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = [...canvas.getImageData(0, 0, 1, 1).data].map((byte) => {
      const part = byte / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const backgrounds = (element: Element | null): string[] =>
    element === null
      ? ['white']
      : [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor];
  const found: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (text === '' || element === null || !element.checkVisibility()) continue;
    const behind = backgrounds(element);
    const [back, front] = [
      luminance(behind),
      luminance([...behind, getComputedStyle(element).color]),
    ];
    const contrast = (Math.max(back, front) + 0.05) / (Math.min(back, front) + 0.05);
    if (contrast < 4.5) found.push(`${contrast.toFixed(2)}: ${text}`);
  }
  return found;
}

/** How much of the page has moved by itself (the Layout Instability specification's score). */
export function layoutShift(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      resolve(sum(list.getEntries()));
    });
    const sum = (entries: readonly PerformanceEntry[]): number =>
      entries.reduce((total, entry) => total + (entry as unknown as { value: number }).value, 0);
    observer.observe({ type: 'layout-shift', buffered: true });
    // Nothing has moved when nothing is reported before the next picture.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => resolve(sum(observer.takeRecords())));
    });
  });
}

/** Whether there is something to the right of the window. */
export function overflows(): boolean {
  return document.documentElement.scrollWidth > document.documentElement.clientWidth;
}

/** The longest time that anything takes to change its look, in seconds. */
export function longestTransition(): number {
  const durations = [...document.querySelectorAll('*')].flatMap((element) =>
    ['', '::before'].map((part) => getComputedStyle(element, part).transitionDuration),
  );
  return Math.max(...durations.flatMap((text) => text.split(',')).map(Number.parseFloat));
}

/** Opens a WebSocket, and tells what was agreed; null when it fails. */
export function openSocket(url: string): Promise<{ protocol: string; extensions: string } | null> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, ['chat', 'superchat']);
    socket.onopen = () => {
      const { protocol, extensions } = socket;
      resolve({ protocol, extensions });
    };
    socket.onerror = () => resolve(null);
  });
}

/** Sends 5000 messages to an echo, a hundred at once, and returns when all have come back. */
export function flood(url: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    let count = 0;
    const send = (): void => {
      for (let index = 0; index < 100; index += 1) {
        socket.send(index < 50 ? `message ${index}` : new Uint8Array(index));
      }
    };
    socket.onopen = send;
    socket.onmessage = () => {
      count += 1;
      if (count === 5000) resolve();
      else if (count % 100 === 0) send();
    };
  });
}
