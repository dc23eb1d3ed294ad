// By hand, sentence by sentence: field lines (RFC 9112 section 5; RFC 9110 sections 5.1 to 5.5).
import { family } from '../src/case.mjs';
import { accepted, acceptedThenClosed, declined, refused } from '../src/expectation.mjs';
import { get } from '../src/requests.mjs';

const lenient = { expect: [...accepted(), ...refused()], house: refused() };

function fieldNames(add) {
  const ok = accepted();
  for (const name of [
    'x',
    'X',
    'x-y',
    'X_Y',
    'X.Y',
    '1',
    '-',
    '_',
    "!#$%&'*+-.^_`|~",
    'x'.repeat(100),
  ]) {
    add(`name ${name.slice(0, 20)} is a token`, get('/', `${name}: v\r\n`), ok, {
      section: '9110 5.1',
      level: 'MUST',
    });
  }
  for (const name of [
    '',
    '"x"',
    'x/y',
    'x(y)',
    'x=y',
    'x@y',
    'x[y]',
    'x{y}',
    'x\\y',
    'x,y',
    'x;y',
    'x<y',
    'x?y',
    '\xe4',
    '\xc3\xa4',
    'x y',
    'x\ty',
    '\x7f',
  ]) {
    add(`name ${JSON.stringify(name)} is no token`, get('/', `${name}: v\r\n`), refused(), {
      section: '9110 5.1',
    });
  }
}

function colons(add) {
  for (const [gist, line] of [
    ['SP', 'X : y'],
    ['HTAB', 'X\t: y'],
    ['many SP', 'X     : y'],
    ['SP in Host', 'Host : localhost'],
    ['SP in Connection', 'Connection : close'],
    ['SP in Content-Length', 'Content-Length : 0'],
    ['HTAB in Transfer-Encoding', 'Transfer-Encoding\t: chunked'],
  ]) {
    add(`${gist} before the colon MUST get 400`, get('/', `${line}\r\n`), declined(), {
      level: 'MUST',
    });
  }
  add('a line without a colon', get('/', 'X\r\n'), refused());
  add('a line without a colon but with SP', get('/', 'X y\r\n'), refused());
  add('a lone colon', get('/', ':\r\n'), refused());
  add('a line of SP is an obs-fold', get('/', 'X: y\r\n \r\n'), lenient.expect, {
    ...lenient,
    section: '9112 5.2',
    level: 'MUST',
  });
}

function fieldValues(add) {
  const ok = accepted();
  for (const value of [
    '',
    ' ',
    '\t',
    ' \t ',
    'v',
    ' v ',
    '\tv\t',
    '     v',
    'v     ',
    'a b',
    'a\tb',
    '"a\tb"',
    ':',
    '::',
    'a:b',
    ' : ',
    '"',
    '\\',
    '(',
    '\xff',
    '\x80\x81',
    'é',
    ',',
    ',,,',
    '\xc3\xa4',
  ]) {
    add(`value ${JSON.stringify(value)}`, get('/', `X:${value}\r\n`), ok, {
      section: '9110 5.5',
      level: 'MUST',
    });
  }
  add('OWS around Host is no part of it', 'GET /a HTTP/1.1\r\nHost:\t localhost \t\r\n\r\n', ok, {
    level: 'MUST',
    contents: ['a'],
  });
  add('no OWS in Host', 'GET /a HTTP/1.1\r\nHost:localhost\r\n\r\n', ok, {
    level: 'MUST',
    contents: ['a'],
  });
}

function fieldSections(add) {
  const ok = accepted();
  add(
    'names in any case',
    'GET /a HTTP/1.1\r\nhOsT: localhost\r\nCONNECTION: close\r\n\r\n',
    acceptedThenClosed(),
    { section: '9110 5.1', level: 'MUST' },
  );
  add('unknown fields are ignored', get('/a', 'Foo: bar\r\nX-Foo: bar\r\nFoo: baz\r\n'), ok, {
    section: '9110 5.1',
    contents: ['a'],
  });
  add('Host last', 'GET /a HTTP/1.1\r\nX: y\r\nZ: y\r\nHost: localhost\r\n\r\n', ok, {
    section: '9110 5.3',
    level: 'MUST',
    contents: ['a'],
  });
  add('a field may be repeated', get('/a', 'Accept: a\r\nAccept: b\r\naccept: c\r\n'), ok, {
    section: '9110 5.2',
    level: 'MUST',
  });
  add(
    'a field called __proto__',
    get('/a', '__proto__: x\r\nconstructor: y\r\nhasOwnProperty: z\r\n'),
    ok,
    { section: '9110 5.1', contents: ['a'] },
  );
  add(
    'a fault in the last line refuses what the first lines ask',
    get('/a', 'X: y\r\nbroken\r\n'),
    refused(),
    { section: '9110 5.3', level: 'MUST' },
  );
}

function folds(add) {
  for (const [gist, lines] of [
    ['SP', 'X: a\r\n b\r\n'],
    ['HTAB', 'X: a\r\n\tb\r\n'],
    ['twice', 'X: a\r\n b\r\n c\r\n'],
    ['with OWS before', 'X: a \r\n b\r\n'],
    ['of nothing', 'X: a\r\n \r\n'],
    ['that looks like a field', 'X: a\r\n Host: other\r\n'],
    ['that looks like framing', 'X: a\r\n Content-Length: 5\r\n'],
    ['that looks like the end', 'X: a\r\n \r\n \r\n'],
    ['in an empty value', 'X:\r\n a\r\n'],
    ['in Connection', 'Connection: keep-alive,\r\n x\r\n'],
  ]) {
    add(`obs-fold ${gist}: 400 or SP`, get('/', lines), lenient.expect, {
      ...lenient,
      section: '9112 5.2',
      level: 'MUST',
    });
  }
  add(
    'obs-fold in Host: 400 or SP',
    'GET / HTTP/1.1\r\nHost:\r\n localhost\r\n\r\n',
    lenient.expect,
    { ...lenient, section: '9112 5.2', level: 'MUST' },
  );
  add('obs-fold makes Host invalid', 'GET / HTTP/1.1\r\nHost: local\r\n host\r\n\r\n', declined(), {
    section: '9112 5.2',
    level: 'MUST',
  });
}

function controls(add) {
  for (const code of [0, 1, 7, 8, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f]) {
    const byte = String.fromCharCode(code);
    add(
      `CTL 0x${code.toString(16)} in a quoted value`,
      get('/', `X: "${byte}"\r\n`),
      lenient.expect,
      { ...lenient, section: '9110 5.5', level: code === 0 ? 'MUST' : 'SHOULD' },
    );
  }
}

/** All of them. */
export function handFieldCases() {
  return family(
    'field',
    { section: '9112 5.1' },
    fieldNames,
    colons,
    fieldValues,
    fieldSections,
    folds,
    controls,
  );
}
