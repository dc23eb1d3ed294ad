// The frames of WebSockets, as the last lines of a list, newest first.
import { span } from './elements.ts';
import { formatBytes, formatTime } from './format.ts';
import type { ChangeEvent, FrameRow, WireLine } from './live-events.ts';

const LINES_MAX = 14;

/** A header's bits, as names and what they say. */
const FINAL = ['FIN', 'the last frame of its message'] as const;
const MASKED = ['MASK', 'masked, as all that a browser sends'] as const;
/** From the highest of the three bits on. */
const RESERVED = [
  ['RSV1', 'begins a compressed message'],
  ['RSV2', 'reserved'],
  ['RSV3', 'reserved'],
] as const;

/** A list, which is not read out: it changes several times a second. */
export class FrameLog {
  readonly #list: HTMLElement;
  readonly #empty: HTMLElement;

  /** `empty` says that there is nothing. */
  constructor(list: HTMLElement, empty: HTMLElement) {
    this.#list = list;
    this.#empty = empty;
    // Without markers it would else be no list to some screen readers.
    list.role = 'list';
  }

  /** Shows what an event tells. */
  add({ frames, framesOmitted, bytesOmitted, now }: ChangeEvent): void {
    const localNow = Date.now();
    const timeOf = (at: number): string => formatTime(new Date(localNow - (now - at)));
    const lines = frames.map((line) => lineOf(line, timeOf(line.at)));
    if (framesOmitted > 0) lines.unshift(omittedLine(framesOmitted, bytesOmitted));
    this.#list.prepend(...lines.reverse());
    while (this.#list.children.length > LINES_MAX) this.#list.lastElementChild?.remove();
    this.#empty.hidden = this.#list.children.length > 0;
  }
}

function lineOf(line: WireLine, time: string): HTMLElement {
  const item = document.createElement('li');
  const when = document.createElement('time');
  when.textContent = time;
  item.append(when, ' ', textSpan('id', `#${line.id}`), ' ');
  if (line.kind === 'end') {
    item.className = 'end';
    item.append(textSpan('way', 'ended'), ' ', textSpan('soft', line.detail));
  } else {
    const way = textSpan('way', line.direction === 'in' ? 'from the browser' : 'from the server');
    way.dataset['direction'] = line.direction;
    item.append(way, ' ', kindOf(line), ' ', flagsOf(line), ' ', sizeOf(line));
    item.append(' ', textSpan('soft', line.detail));
  }
  return item;
}

function kindOf({ kind, count }: FrameRow): HTMLElement {
  return textSpan('kind', count === 1 ? kind : `${kind} × ${count}`);
}

/** Of several frames, that of all of them. */
function sizeOf({ byteCount }: FrameRow): HTMLElement {
  return textSpan('size', formatBytes(byteCount));
}

function flagsOf({ isFinal, reservedBits, isMasked }: FrameRow): HTMLElement {
  const flags: (readonly [string, string])[] = RESERVED.filter(
    (_, index) => (reservedBits & (4 >> index)) !== 0,
  );
  if (isFinal) flags.unshift(FINAL);
  if (isMasked) flags.push(MASKED);
  const all = span('flags');
  for (const [name, meaning] of flags) {
    const flag = textSpan('flag', name);
    flag.title = meaning;
    all.append(flag, ' ');
  }
  return all;
}

/** Frames that came and went between two looks. */
function omittedLine(framesOmitted: number, bytesOmitted: number): HTMLElement {
  const item = document.createElement('li');
  item.className = 'omitted soft';
  const frames = framesOmitted === 1 ? 'frame' : 'frames';
  item.textContent = `${framesOmitted.toLocaleString()} more ${frames}, ${formatBytes(bytesOmitted)}, went by too fast to be listed`;
  return item;
}

function textSpan(className: string, text: string): HTMLElement {
  const element = span(className);
  element.textContent = text;
  return element;
}
