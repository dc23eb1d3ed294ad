// Numbers as people read them.

const UNITS: readonly string[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Three digits at most, in powers of 1024: `812 B`, `1.4 KiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Whole seconds, rounded up, so that 0 is when it is over: `42 s`, `3 min 05 s`. */
export function formatCountdown(milliseconds: number): string {
  return formatSeconds(Math.ceil(Math.max(0, milliseconds) / 1000));
}

/** Whole seconds that have passed: `42 s`, `3 min 05 s`, `2 h 07 min`. */
export function formatAge(milliseconds: number): string {
  return formatSeconds(Math.floor(Math.max(0, milliseconds) / 1000));
}

/** Three digits at most, but for what is long: `0.4 ms`, `12.3 ms`, `1204 ms`. */
export function formatMilliseconds(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}

/** The time of day, of one width: `09:05:03`. */
export function formatTime(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':');
}

/** `1 request`, `2 requests`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
