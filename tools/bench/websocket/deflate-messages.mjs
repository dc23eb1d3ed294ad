// Messages to compress: records of a feed, and prose.

let state = 7;
function below(limit) {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return (state >>> 8) % limit;
}
const oneOf = (list) => list[below(list.length)];

const NAMES = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Leslie', 'Tony', 'Niklaus'];
const WORDS =
  'the a of to and in that is was for on with as by at from it an be this which or are not but had ' +
  'message frame server client window connection compression payload protocol extension number';
const wordList = WORDS.split(' ');

function record() {
  return {
    id: below(1e6),
    symbol: oneOf(['AAPL', 'MSFT', 'GOOG', 'AMZN']),
    price: below(100_000) / 100,
    size: below(1000),
    side: oneOf(['buy', 'sell']),
    timestamp: 1_700_000_000_000 + below(1e9),
    trader: { name: oneOf(NAMES), desk: below(40), flags: [below(2) === 1, below(2) === 1] },
    note: prose(below(60)),
  };
}

function prose(length) {
  let text = '';
  while (text.length < length) text += `${oneOf(wordList)}${below(12) === 0 ? '. ' : ' '}`;
  return text.slice(0, length);
}

function json(length) {
  let text = `{"channel":"trades","sequence":${below(1e9)},"items":[`;
  while (text.length < length) text += `${JSON.stringify(record())},`;
  return text.slice(0, length);
}

function messages(count, make) {
  return Array.from({ length: count }, () => Buffer.from(make()));
}

/** Each a list to be gone round. */
export const MESSAGES = [
  { label: '64 B JSON', messages: messages(128, () => json(64)) },
  { label: '256 B JSON', messages: messages(128, () => json(256)) },
  { label: '1 KiB JSON', messages: messages(128, () => json(1024)) },
  { label: '4 KiB JSON', messages: messages(64, () => json(4096)) },
  { label: '16 KiB JSON', messages: messages(32, () => json(16_384)) },
  { label: '16 KiB text', messages: messages(32, () => prose(16_384)) },
  { label: '1 MiB JSON', messages: messages(2, () => json(1_048_576)) },
];
