// Streams of messages made by the grammar, most of whose parts are in order: what changing bytes
// would take long to come upon.

const ODD = 12;
const OWS = ['', ' ', ' ', ' ', '\t', '  '];
const TARGETS = ['/', '/a/b?c=d', '/%41', '*', 'http://a.example/x', 'a.example:80', 'urn:a:b'];
const ODD_TARGETS = ['/a b', '/"', '/[', 'http://', 'http://u@a/', 'a:', '/%4', '/\x80', '', '//'];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'];
const ODD_VERSIONS = ['HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', 'HTTP/1', 'HTTP/11', ''];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS', 'CONNECT', 'PRI', 'BREW', 'M-SEARCH'];
const STATUSES = [
  '200 OK',
  '204 ',
  '304 x',
  '206',
  '404 Not Found',
  '503 \x80',
  '100 ',
  '103 Early',
];
const ODD_STATUSES = ['101 S', '099 ', '999 ', '20 ', '2000', '200\t', '200  x', '-20', '200 \x01'];
const HOSTS = ['a', 'a.example:80', '[::1]', '127.0.0.1', ''];
const ODD_HOSTS = ['a b', 'a/', 'a:b', '[::1', '[v1.a]', 'a@b', '%4', 'a,b', '[::1%25a]', '\x80'];
const NAMES = ['X', 'Accept', 'x-y', 'Set-Cookie', 'TE', 'Expect', 'Trailer', 'Keep-Alive', 'a!#$'];
const ODD_NAMES = ['X ', '', ' X', 'X\x00', '\x80', 'X:Y', '(', 'Host'];
const VALUES = ['', 'y', 'a, b', '"q"', '\x80\xff', 'a\tb', '100-continue', 'timeout=5, max=2'];
const ODD_VALUES = ['\x00', 'a\rb', '\x7f', 'a\r\n b', '\r\n\t', '\x0b', 'a\nb'];
const OPTIONS = [
  'keep-alive',
  'close',
  'Upgrade',
  'upgrade, te',
  'Keep-Alive, x',
  ',',
  'close,close',
];
const UPGRADES = ['toy', 'toy/1', 'websocket, toy', 'h2c', 'a b', ','];
const LENGTHS = ['0', '5', '05', '5, 5', '5,6', '+5', '0x5', '5 ', '', '9007199254740993', '5;'];
const CODINGS = ['chunked', 'Chunked', ' chunked ', 'gzip, chunked', 'chunked, gzip', 'gzip']
  .concat(['chunked, chunked', ',chunked', 'chunked,', 'x;a="b, c", chunked', 'chunked;a=b'])
  .concat(['identity', '', 'chunked\t', 'chunked x', '"chunked"', 'xchunked']);
const EXTENSIONS = [
  '',
  '',
  '',
  ';a',
  ';a=b',
  ';a="b\\"c"',
  ' ;a',
  '; a = b',
  ';',
  ';a=',
  ';"a"',
  ' ',
];
const LINE_ENDS = ['\n', '\r', '\r\r\n', '\n\r\n', ''];

/** Makes messages with one source of chance. */
class Messages {
  #random;

  constructor(random) {
    this.#random = random;
  }

  /** One of the usual, seldom one of the odd. */
  #one(usual, odd) {
    const list = this.#random.oneIn(ODD) ? odd : usual;
    return this.#random.pick(list);
  }

  #end() {
    return this.#random.oneIn(4 * ODD) ? this.#random.pick(LINE_ENDS) : '\r\n';
  }

  #field(name, value) {
    const random = this.#random;
    return `${name}:${random.pick(OWS)}${value}${random.pick(OWS)}${this.#end()}`;
  }

  #fields() {
    const count = this.#random.oneIn(20) ? 40 : this.#random.below(4);
    let text = '';
    for (let left = count; left > 0; left--) {
      text += this.#field(this.#one(NAMES, ODD_NAMES), this.#one(VALUES, ODD_VALUES));
    }
    return text;
  }

  #connection() {
    const random = this.#random;
    let text = '';
    if (random.oneIn(3)) text += this.#field('Connection', random.pick(OPTIONS));
    if (random.oneIn(6)) text += this.#field('Upgrade', random.pick(UPGRADES));
    if (random.oneIn(30)) text += this.#field('Proxy-Connection', random.pick(OPTIONS));
    return text;
  }

  #chunks() {
    const random = this.#random;
    let text = '';
    for (let left = random.below(3); left > 0; left--) {
      const size = random.below(20);
      const zeros = random.oneIn(8) ? '000' : '';
      const digits = random.oneIn(2) ? size.toString(16) : size.toString(16).toUpperCase();
      const data = 'x'.repeat(random.oneIn(2 * ODD) ? size + 1 : size);
      if (size > 0)
        text += `${zeros}${digits}${random.pick(EXTENSIONS)}${this.#end()}${data}${this.#end()}`;
    }
    const trailers = random.oneIn(3) ? this.#fields() + this.#connection() : '';
    return `${text}0${random.pick(EXTENSIONS)}${this.#end()}${trailers}${this.#end()}`;
  }

  /** The rest of a head, and the content that belongs to it. */
  #rest() {
    const random = this.#random;
    const fields = [this.#fields(), this.#connection(), this.#fields()];
    let content = '';
    if (random.oneIn(3)) {
      const length = random.oneIn(4) ? random.pick(LENGTHS) : String(random.below(12));
      content = 'y'.repeat(Number(length) <= 12 ? Number(length) : 5);
      fields.push(this.#field('Content-Length', length));
    } else if (random.oneIn(2)) {
      const coding = random.oneIn(3) ? random.pick(CODINGS) : 'chunked';
      content = this.#chunks();
      fields.push(this.#field('Transfer-Encoding', coding));
    }
    if (random.oneIn(2 * ODD)) fields.push(fields.at(-1));
    return `${fields.join('')}${this.#end()}${content}`;
  }

  request() {
    const method = this.#random.pick(METHODS);
    const line = [method, this.#one(TARGETS, ODD_TARGETS), this.#one(VERSIONS, ODD_VERSIONS)];
    if (method === 'CONNECT') line[1] = this.#one(['a:1', '[::1]:443'], TARGETS);
    const gap = this.#one([' '], ['  ', '\t', '']);
    const host = this.#one([1], [0, 2]);
    let hosts = '';
    for (let left = host; left > 0; left--) {
      hosts += this.#field('Host', this.#one(HOSTS, ODD_HOSTS));
    }
    return `${line.join(gap)}${this.#end()}${hosts}${this.#rest()}`;
  }

  response() {
    const version = this.#one(VERSIONS, ODD_VERSIONS);
    const gap = this.#one([' '], ['  ', '\t', '']);
    return `${version}${gap}${this.#one(STATUSES, ODD_STATUSES)}${this.#end()}${this.#rest()}`;
  }
}

/** A stream of one to four messages of a role's peer. */
export function makeStream(random, role) {
  const messages = new Messages(random);
  let text = '';
  for (let left = 1 + random.below(4); left > 0; left--) {
    text += role === 'server' ? messages.request() : messages.response();
  }
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}
