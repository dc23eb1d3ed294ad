// By hand, sentence by sentence: what a server of files does with conditions (RFC 9110 section 13).
import { family } from '../src/case.mjs';
import { persists } from '../src/expectation.mjs';
import { contentOfRanges, notModifiedFault } from '../src/representation.mjs';
import { get, request } from '../src/requests.mjs';

/** What `/` holds. */
const HOME = 'home';

const LONG_AGO = 'Sun, 06 Nov 1994 08:49:37 GMT';
const FAR_AHEAD = 'Wed, 01 Jan 2070 00:00:00 GMT';

const ok = [persists([200])];
const notModified = [persists([304])];
const failed = [persists([412])];

/** Behind a first request that is answered. */
const afterOk = (alternatives) =>
  alternatives.map(({ statuses, fate }) => ({ statuses: [[200], ...statuses], fate }));

/**
 * A request, and another with the validators of its response: `TAG` and `DATE` in these field lines
 * stand for them.
 */
function again(lines, method = 'GET') {
  const second = ([response]) => {
    const filled = lines
      .map((line) => `${line}\r\n`)
      .join('')
      .replaceAll('TAG', response.field('etag'))
      .replaceAll('DATE', response.field('last-modified'));
    return request(method, '/', filled);
  };
  return [get('/'), { await: 1 }, second];
}

function noneMatch(add) {
  const shared = { section: '9110 13.1.2', level: 'MUST' };
  for (const value of ['TAG', 'W/TAG', '"x", TAG', '"x" ,W/"y",, TAG']) {
    for (const method of ['GET', 'HEAD']) {
      const steps = again([`If-None-Match: ${value}`], method);
      add(`${method} with If-None-Match: ${value}`, steps, afterOk(notModified), {
        ...shared,
        methods: ['GET', method],
        check: ({ responses }) => notModifiedFault(responses),
      });
    }
  }
  const lines = ['If-None-Match: "x"', 'If-None-Match: TAG'];
  add('two lines are one list', again(lines), afterOk(notModified), shared);
  add('If-None-Match: *', get('/', 'If-None-Match: *\r\n'), notModified, shared);
  for (const value of ['"x"', 'W/"x"', '"*"', '']) {
    add(`If-None-Match: ${value}`, get('/', `If-None-Match: ${value}\r\n`), ok, shared);
  }
}

function match(add) {
  const shared = { section: '9110 13.1.1', level: 'MUST' };
  for (const value of ['TAG', '"x", TAG']) {
    add(`If-Match: ${value}`, again([`If-Match: ${value}`]), afterOk(ok), shared);
  }
  add('If-Match is compared strongly', again(['If-Match: W/TAG']), afterOk(failed), shared);
  add('If-Match: *', get('/', 'If-Match: *\r\n'), ok, shared);
  for (const value of ['"x"', 'W/"x"', '"*"', '']) {
    add(`If-Match: ${value}`, get('/', `If-Match: ${value}\r\n`), failed, shared);
  }
}

/** An instant in the three formats of section 5.6.7. */
const FORMATS = {
  'IMF-fixdate': (date) => date.toUTCString(),
  'rfc850-date': (date) => {
    const [, day, month, year, time] = date.toUTCString().split(' ');
    const name = date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
    return `${name}, ${day}-${month}-${year.slice(2)} ${time} GMT`;
  },
  'asctime-date': (date) => {
    const [name, day, month, year, time] = date.toUTCString().split(' ');
    return `${name.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
  },
};

/** A request, and another with a date that is so many seconds off that of its response. */
function dated(name, format, seconds) {
  const second = ([response]) => {
    const unixMs = Date.parse(response.field('last-modified')) + seconds * 1000;
    return get('/', `${name}: ${format(new Date(unixMs))}\r\n`);
  };
  return [get('/'), { await: 1 }, second];
}

function dates(add) {
  for (const [name, format] of Object.entries(FORMATS)) {
    for (const [seconds, modified, unmodified] of [
      [-1, ok, failed],
      [0, notModified, ok],
      [1, notModified, ok],
    ]) {
      const offset = `${seconds} s, ${name}`;
      const since = dated('If-Modified-Since', format, seconds);
      add(`If-Modified-Since ${offset}`, since, afterOk(modified), { section: '9110 13.1.3' });
      const until = dated('If-Unmodified-Since', format, seconds);
      const level = 'MUST';
      const shared = { section: '9110 13.1.4', level };
      add(`If-Unmodified-Since ${offset}`, until, afterOk(unmodified), shared);
    }
  }
}

function noDates(add) {
  const bad = (date) => ['junk', '0', '', date.toLowerCase(), `${date}, ${date}`];
  const ahead = ['Wed, 32 Jan 2070 00:00:00 GMT', 'Wed, 01 Jan 2070 24:00:00 GMT'];
  for (const value of [...bad(FAR_AHEAD), ...ahead]) {
    const shared = { section: '9110 13.1.3', level: 'MUST' };
    add(
      'If-Modified-Since without a date',
      get('/', `If-Modified-Since: ${value}\r\n`),
      ok,
      shared,
    );
  }
  for (const value of bad(LONG_AGO)) {
    const shared = { section: '9110 13.1.4', level: 'MUST' };
    const steps = get('/', `If-Unmodified-Since: ${value}\r\n`);
    add('If-Unmodified-Since without a date', steps, ok, shared);
  }
}

function ifRange(add) {
  const shared = { section: '9110 13.1.5', level: 'MUST' };
  const range = 'Range: bytes=1-2';
  for (const value of ['TAG', 'DATE']) {
    const partial = [persists([206]), ...ok];
    add(`If-Range: ${value}`, again([range, `If-Range: ${value}`]), afterOk(partial), {
      ...shared,
      level: 'SHOULD',
      house: afterOk([persists([206])]),
      check: ({ responses: [, response] }) => contentOfRanges(response, HOME, [[1, 2]]),
    });
  }
  for (const value of ['"x"', 'W/TAG', '"x", TAG', LONG_AGO, FAR_AHEAD, 'junk', '']) {
    add(`If-Range: ${value}`, again([range, `If-Range: ${value}`]), afterOk(ok), {
      ...shared,
      contents: [HOME, HOME],
    });
  }
  add('If-Range without Range is ignored', get('/', 'If-Range: "x"\r\n'), ok, shared);
  add('If-Range of HEAD is ignored', request('HEAD', '/', `${range}\r\nIf-Range: "x"\r\n`), ok, {
    ...shared,
    methods: ['HEAD'],
  });
}

const ORDER = [
  [ok, 'If-None-Match: "x"', 'If-Modified-Since: DATE'],
  [notModified, 'If-None-Match: TAG', `If-Modified-Since: ${LONG_AGO}`],
  [ok, 'If-Match: TAG', `If-Unmodified-Since: ${LONG_AGO}`],
  [failed, 'If-Match: "x"', 'If-Unmodified-Since: DATE'],
  [failed, 'If-None-Match: TAG', 'If-Match: "x"'],
  [failed, 'If-None-Match: TAG', `If-Unmodified-Since: ${LONG_AGO}`],
  [notModified, 'If-None-Match: TAG', 'Range: bytes=9-'],
  [failed, 'If-Match: "x"', 'Range: bytes=9-'],
  [notModified, 'If-Modified-Since: DATE', 'Range: bytes=0-1', 'If-Range: TAG'],
];

function precedence(add) {
  for (const [outcome, ...lines] of ORDER) {
    const shared = { section: '9110 13.2.2', level: 'MUST' };
    add(`the order of ${lines.join(' and ')}`, again(lines), afterOk(outcome), shared);
  }
  for (const line of ['If-None-Match: *', 'If-Match: "x"', `If-Unmodified-Since: ${LONG_AGO}`]) {
    const shared = { section: '9110 13.2.1', level: 'MUST' };
    add(`what fails, fails with ${line}`, get('/absent', `${line}\r\n`), [persists([404])], shared);
  }
}

/** All of them. */
export function handConditionCases() {
  return family(
    'condition',
    { isAboutFiles: true },
    noneMatch,
    match,
    dates,
    noDates,
    ifRange,
    precedence,
  );
}
