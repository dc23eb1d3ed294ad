// Fields of conditional and range requests, most of whose parts are in order.

const DATES = ['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT']
  .concat(['Sun Nov  6 08:49:37 1994', 'Sun, 06 Nov 1994 08:49:38 GMT', 'Sun Nov  6 08:49:36 1994'])
  .concat([
    'Tue, 29 Feb 2000 23:59:60 GMT',
    'Wed, 29 Feb 1900 00:00:00 GMT',
    'Thu Feb 30 24:00:00 2000',
  ])
  .concat(['Monday, 29-Feb-44 08:49:38 GMT', 'Sun, 31 Dec 0000 00:00:00 GMT', '0', 'now']);
const TAGS = ['"a"', 'W/"a"', '"b"', '"a,b"', 'W/"a,b"', '""', 'w/"a"', '"a', 'a', '*'];
const CODINGS = ['gzip', 'x-gzip', 'br', 'BR', 'identity', '*', 'deflate', 'g zip'];
const WEIGHTS = [
  '',
  '',
  ';q=0',
  ';q=1',
  ';q=0.5',
  '; Q=0.001',
  ' ;q=1.000',
  ';q=1.1',
  ';q=.5',
  ';q=0.0000',
];
const SEPARATORS = [',', ', ', ',,', ' ,\t', ' '];
const SEPARATORS_ODD = 5;

class Fields {
  #random;

  constructor(random) {
    this.#random = random;
  }

  #list(make) {
    const random = this.#random;
    let text = make();
    for (let left = random.below(4); left > 0; left--) {
      text += random.oneIn(SEPARATORS_ODD) ? random.pick(SEPARATORS) : ', ';
      text += make();
    }
    return text;
  }

  #range() {
    const random = this.#random;
    const first = random.below(24);
    const last = random.oneIn(3) ? '' : String(first + random.below(8) - random.below(2));
    if (random.oneIn(16))
      return random.pick(['-', '5', '2-1', ' 1-2', '1-2-3', 'a-b', '99999999999999999999-']);
    return random.oneIn(6) ? `-${random.below(12)}` : `${first}-${last}`;
  }

  line() {
    const random = this.#random;
    const pickDate = () => random.pick(DATES);
    const pickTag = () => random.pick(TAGS);
    return random.pick([
      () => `range: ${random.oneIn(20) ? 'lines' : 'bytes'}=${this.#list(() => this.#range())}`,
      () => `if-range: ${random.oneIn(2) ? pickDate() : pickTag()}`,
      () => `if-match: ${this.#list(pickTag)}`,
      () => `if-none-match: ${this.#list(pickTag)}`,
      () => `if-modified-since: ${pickDate()}`,
      () => `if-unmodified-since: ${pickDate()}`,
      () => `accept-encoding: ${this.#list(() => random.pick(CODINGS) + random.pick(WEIGHTS))}`,
    ])();
  }
}

/** Some field lines. */
export function makeFields(random) {
  const fields = new Fields(random);
  const lines = Array.from({ length: 1 + random.below(3) }, () => fields.line());
  return `${lines.join('\n')}\n`;
}
