// Byte streams as peers send them: built from the grammar, then damaged. Text has one code unit per
// byte. fast-check is handed in, so that this also runs beside a packed tarball.

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'CONNECT', 'M-SEARCH', 'get'];
const TARGETS = ['/', '/a/b?c=d', '*', 'http://b.example/x?y', 'b.example:443', '//x', '/%41', 'a'];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/1.9',
  'HTTP/2.0',
  'http/1.1',
];
const PIECES = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '"',
  '\\',
  '%',
  '0',
  '5',
  ';a=b',
  ';a="b\\""',
  '\x80',
  '\xff',
  'chunked',
  'gzip',
  'close',
  'keep-alive',
  '0\r\n\r\n',
  '\r\n ',
  '100-continue',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 3\r\n',
  'Connection: close\r\n',
  'Host: a\r\n',
  'Expect: 100-continue\r\n',
  'Connection: upgrade\r\nUpgrade: toy\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
];
const STATUSES = [
  '200 OK',
  '204 No Content',
  '304 Not Modified',
  '100 Continue',
  '101 Switching',
  '404 ',
  '503',
];

/** A field value: visible text, spaces inside, obs-text. */
function fieldValue(fc) {
  const unit = fc.constantFrom(...'abcXYZ019!"(),/:;=@[]{}\\ \t\xa0\xff'.split(''));
  return fc.string({ unit, maxLength: 12 });
}

function fieldLine(fc) {
  const name = fc.constantFrom(
    'X',
    'accept',
    'X-Long-Name',
    '!#$',
    'TE',
    'Trailer',
    'Keep-Alive',
    'Upgrade',
  );
  const space = fc.constantFrom('', ' ', ' \t');
  return fc
    .tuple(name, space, fieldValue(fc), space)
    .map(([n, before, v, after]) => `${n}:${before}${v}${after}\r\n`);
}

function framingLines(fc) {
  return fc.constantFrom(
    '',
    '',
    'Content-Length: 5\r\n',
    'Content-Length: 5, 5\r\n',
    'content-length: 0\r\n',
    'Transfer-Encoding: chunked\r\n',
    'transfer-encoding: Chunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    'Content-Length: +5\r\n',
    'Connection: close\r\n',
    'Connection: keep-alive\r\n',
    'Content-Length: 5\r\nExpect: 100-continue\r\n',
  );
}

/** Content as a chunked body, a plain one, or none. */
function body(fc) {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '\r', '\n', '0', '\xff'),
    maxLength: 20,
  });
  const extension = fc.constantFrom('', '', ';a', ' ; a = "b;\\"c" ', ';a=b;c');
  const chunk = fc.tuple(
    text.filter((t) => t.length > 0),
    extension,
  );
  const chunked = fc
    .tuple(fc.array(chunk, { maxLength: 3 }), extension, fc.array(fieldLine(fc), { maxLength: 2 }))
    .map(([chunks, last, trailers]) => {
      const lines = chunks.map(([t, e]) => `${t.length.toString(16)}${e.trimEnd()}\r\n${t}\r\n`);
      return `${lines.join('')}0${last.trimEnd()}\r\n${trailers.join('')}\r\n`;
    });
  return fc.oneof(fc.constant(''), fc.constant('hello'), chunked);
}

/** One request, well-formed more often than not. */
export function requestText(fc) {
  const line = fc.tuple(
    fc.constantFrom(...METHODS),
    fc.constantFrom(...TARGETS),
    fc.constantFrom(...VERSIONS),
  );
  const host = fc.constantFrom(
    'Host: a\r\n',
    'Host: a\r\n',
    'Host: a\r\n',
    '',
    'Host: a\r\nHost: a\r\n',
    'Host: a b\r\n',
  );
  const fields = fc.array(fieldLine(fc), { maxLength: 3 });
  return fc
    .tuple(line, host, fields, framingLines(fc), body(fc))
    .map(
      ([[method, target, version], h, f, framing, content]) =>
        `${method} ${target} ${version}\r\n${h}${f.join('')}${framing}\r\n${content}`,
    );
}

/** One request that a strict reader takes: simple, so that many are accepted. */
export function plainRequestText(fc) {
  const simple = fc.constantFrom(
    'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
    'POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
    'POST /p HTTP/1.0\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello',
  );
  const chunked = body(fc)
    .filter((text) => text.includes('\r\n'))
    .map(
      (content) => `POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${content}`,
    );
  return fc.oneof(simple, chunked, requestText(fc));
}

/** One response, well-formed more often than not. */
export function responseText(fc) {
  const line = fc.tuple(
    fc.constantFrom('HTTP/1.1', 'HTTP/1.1', 'HTTP/1.0'),
    fc.constantFrom(...STATUSES),
  );
  const fields = fc.array(
    fc.oneof(fieldLine(fc), fc.constant('X: a\r\n b\r\n'), fc.constant('Upgrade: toy\r\n')),
    { maxLength: 3 },
  );
  return fc
    .tuple(line, fields, framingLines(fc), body(fc))
    .map(
      ([[version, status], f, framing, content]) =>
        `${version} ${status}\r\n${f.join('')}${framing}\r\n${content}`,
    );
}

/** Cuts, repeats and inserts what parsers stumble over. */
function damaged(fc, text) {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const damage = fc.record({
    kind: fc.constantFrom('insert', 'delete', 'replace', 'repeat', 'truncate'),
    place,
    length: fc.integer({ min: 1, max: 4 }),
    piece: fc.oneof(
      fc.constantFrom(...PIECES),
      fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
    ),
  });
  return fc
    .tuple(text, fc.array(damage, { maxLength: 3 }))
    .map(([whole, damages]) => damages.reduce(applyDamage, whole));
}

function applyDamage(text, { kind, place, length, piece }) {
  const at = Math.floor(place * text.length);
  const before = text.slice(0, at);
  const after = text.slice(at);
  if (kind === 'insert') return before + piece + after;
  if (kind === 'delete') return before + after.slice(length);
  if (kind === 'replace') return before + piece + after.slice(piece.length);
  if (kind === 'repeat') return before + after.slice(0, length) + after;
  return before;
}

/** A stream of up to four messages of one kind, some of them damaged, or any bytes at all. */
export function streamOf(fc, message) {
  const anything = fc.uint8Array({ maxLength: 60 }).map((data) => String.fromCharCode(...data));
  const several = fc
    .array(message, { minLength: 1, maxLength: 4 })
    .map((messages) => messages.join(''));
  return fc.oneof(
    { weight: 4, arbitrary: damaged(fc, several) },
    { weight: 2, arbitrary: several },
    { weight: 1, arbitrary: anything },
  );
}

/** Where to cut `text`, as fractions of its length. */
export function cuts(fc) {
  return fc.oneof(
    fc.constant('every byte'),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
  );
}

/** The pieces of `data` between the cuts. */
export function cut(data, where) {
  if (where === 'every byte') return Array.from(data, (byte) => Uint8Array.of(byte));
  const positions = where
    .map((fraction) => Math.floor(fraction * data.length))
    .sort((a, b) => a - b);
  const pieces = [...positions, data.length].map((end, index) =>
    data.subarray(positions[index - 1] ?? 0, end),
  );
  return pieces.filter((piece) => piece.length > 0);
}
