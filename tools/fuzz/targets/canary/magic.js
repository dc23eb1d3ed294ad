// A parser with a bug behind five bytes that only coverage can lead to. A harness that doesn't find
// it finds nothing else either.

/** Throws for inputs that contain `hold!`. */
export function parse(data) {
  for (let at = 0; at < data.length; at++) {
    if (data[at] !== 0x68) continue;
    if (data[at + 1] !== 0x6f) continue;
    if (data[at + 2] !== 0x6c) continue;
    if (data[at + 3] !== 0x64) continue;
    if (data[at + 4] === 0x21) throw new Error('the canary');
  }
}
