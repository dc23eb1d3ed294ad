// What RFC 9110 says of conditions, ranges, dates and codings, once more and as plainly as can be:
// byte by byte, and case by case.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const TAG = /(?:W\/)?"[!#-~\u0080-\u00ff]*"/y;
const FIFTY_YEARS = 50;

/** The value of a field, its lines joined; undefined without any. */
export function fieldText(fields, name) {
  const values = fields.filter((field) => field.name === name).map(({ value }) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

function members(value) {
  const trimmed = value.split(',').map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''));
  return trimmed.filter((member) => member !== '');
}

/** Unix milliseconds, or null; the fields of a date have to survive the calendar. */
function instantOf(year, monthName, day, time) {
  const month = MONTHS.indexOf(monthName);
  const [hour, minute, second] = time.split(':').map(Number);
  const isLeap = time === '23:59:60';
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  date.setUTCHours(hour, minute, isLeap ? 59 : second);
  const back = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  const expected = [year, month, day, hour, minute, isLeap ? 59 : second];
  if (month < 0 || [...back, ...clock].join() !== expected.join()) return null;
  return date.getTime() + (isLeap ? 1000 : 0);
}

/** Section 5.6.7. */
export function dateOf(text, nowMs) {
  const words = text.split(' ');
  const [first = '', second = '', third = '', fourth = '', fifth = '', sixth] = words;
  const isTime = (word) => /^\d\d:\d\d:\d\d$/.test(word);
  if (words.length === 6 && DAYS.includes(first.slice(0, 3)) && /^...,$/.test(first)) {
    const isRight = /^\d\d$/.test(second) && /^\d{4}$/.test(fourth) && isTime(fifth);
    return isRight && sixth === 'GMT' ? instantOf(+fourth, third, +second, fifth) : null;
  }
  if (words.length === 4 && LONG_DAYS.includes(first.slice(0, -1)) && first.endsWith(',')) {
    const [, day, month, year] = /^(\d\d)-(...)-(\d\d)$/.exec(second) ?? [];
    if (day === undefined || !isTime(third) || fourth !== 'GMT') return null;
    return recentInstant(Number(year), month, Number(day), third, nowMs);
  }
  const asctime = /^(...) (...) (\d\d| \d) (\d\d:\d\d:\d\d) (\d{4})$/.exec(text);
  if (asctime === null || !DAYS.includes(asctime[1])) return null;
  return instantOf(Number(asctime[5]), asctime[2], Number(asctime[3]), asctime[4]);
}

/** The latest year with these digits that is not more than fifty years ahead. */
function recentInstant(digits, month, day, time, nowMs) {
  const horizon = new Date(nowMs);
  horizon.setUTCFullYear(horizon.getUTCFullYear() + FIFTY_YEARS);
  const last = horizon.getUTCFullYear();
  let year = last - ((((last - digits) % 100) + 100) % 100);
  // In the year of the horizon itself the day decides, whether or not that day exists.
  const position = `${String(MONTHS.indexOf(month)).padStart(2)}${String(day).padStart(2)}${time}`;
  const limit = [
    String(horizon.getUTCMonth()).padStart(2),
    String(horizon.getUTCDate()).padStart(2),
    horizon.toISOString().slice(11, 19),
  ].join('');
  if (year === last && position > limit) year -= 100;
  return instantOf(year, month, day, time);
}

/** Sections 13.1.1 and 13.1.2: `*`, or the tags of a list that is one. */
function tagsOf(value) {
  if (value === '*') return '*';
  const tags = [];
  for (const part of splitOutsideQuotes(value)) {
    TAG.lastIndex = 0;
    if (TAG.exec(part)?.[0] !== part) return [];
    tags.push(part);
  }
  return tags;
}

/** A comma may stand in a tag. */
function splitOutsideQuotes(value) {
  const parts = value.match(/(?:"[^"]*"|[^,"]|"[^"]*$)+/g) ?? [];
  const trimmed = parts.map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ''));
  return trimmed.filter((part) => part !== '');
}

const opaque = (tag) => tag.replace(/^W\//, '');
const strongly = (left, right) => left === right && left.startsWith('"');
const weakly = (left, right) => opaque(left) === opaque(right);

function anyMatches(value, { entityTag }, matches) {
  const tags = tagsOf(value);
  return tags === '*' || (entityTag !== null && tags.some((tag) => matches(tag, entityTag)));
}

/** Section 13.2.2, steps 1 to 4. */
function conditionStatus({ method, fields }, validators, nowMs) {
  const { lastModifiedMs } = validators;
  const isRead = method === 'GET' || method === 'HEAD';
  const since = (name) => {
    const value = fieldText(fields, name);
    return value === undefined || lastModifiedMs === null ? null : dateOf(value, nowMs);
  };
  const match = fieldText(fields, 'if-match');
  if (match !== undefined && !anyMatches(match, validators, strongly)) return 412;
  const unmodified = match === undefined ? since('if-unmodified-since') : null;
  if (unmodified !== null && lastModifiedMs > unmodified) return 412;
  const noneMatch = fieldText(fields, 'if-none-match');
  if (noneMatch !== undefined) {
    return anyMatches(noneMatch, validators, weakly) ? (isRead ? 304 : 412) : 200;
  }
  const modified = since('if-modified-since');
  return isRead && modified !== null && lastModifiedMs <= modified ? 304 : 200;
}

/** Sections 14.1.2 and 14.2: which bytes are asked for, one by one; null when Range does not count. */
function wantedBytes(value, sizeBytes, specifiersMax) {
  if (!/^bytes=/i.test(value)) return null;
  const specifiers = members(value.slice(6)).map((member) => /^(\d*)-(\d*)$/.exec(member));
  if (specifiers.length === 0 || specifiers.length > specifiersMax) return null;
  const wanted = new Set();
  for (const specifier of specifiers) {
    if (specifier === null || specifier[0] === '-') return null;
    const [, first, last] = specifier;
    if (first !== '' && last !== '' && BigInt(last) < BigInt(first)) return null;
    const from = first === '' ? BigInt(sizeBytes) - BigInt(last) : BigInt(first);
    const to = first === '' || last === '' ? BigInt(sizeBytes) : BigInt(last);
    for (let at = 0; at < sizeBytes; at++) if (at >= from && at <= to) wanted.add(at);
  }
  const hasSuffix = specifiers.some(([, first, last]) => first === '' && BigInt(last) > 0n);
  // The last bytes of nothing are satisfiable, and cannot be said.
  return sizeBytes === 0 && hasSuffix ? null : wanted;
}

/** Section 13.2.2, step 5. */
function allowsRange(value, { entityTag, lastModifiedMs }, nowMs) {
  if (/^(?:W\/)?"/.test(value)) {
    TAG.lastIndex = 0;
    return TAG.exec(value)?.[0] === value && entityTag !== null && strongly(value, entityTag);
  }
  const date = dateOf(value, nowMs);
  return date !== null && date === lastModifiedMs && Math.floor(nowMs / 1000) * 1000 > date;
}

/** What a request is answered with: the status, and for 206 the positions of the bytes. */
export function answerTo(request, { validators, sizeBytes }, nowMs, specifiersMax) {
  const status = conditionStatus(request, validators, nowMs);
  const range = fieldText(request.fields, 'range');
  if (status !== 200 || request.method !== 'GET' || range === undefined) return { status };
  const ifRange = fieldText(request.fields, 'if-range');
  if (ifRange !== undefined && !allowsRange(ifRange, validators, nowMs)) return { status };
  const wanted = wantedBytes(range, sizeBytes, specifiersMax);
  if (wanted === null) return { status };
  if (wanted.size > 0) return { status: 206, wanted };
  return { status: ifRange === undefined ? 416 : 200 };
}

/** Section 12.5.3: the weight of a coding, from 0 to 1; what is malformed is not there. */
export function weightOf(coding, value) {
  if (value === undefined) return coding === 'identity' ? 1 : 0;
  const found = new Map();
  for (const member of members(value)) {
    const parts = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*;[ \t]*q=([0-9.]+))?$/i.exec(member);
    if (parts === null) continue;
    const [, name, weight = '1'] = parts;
    if (!/^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/.test(weight)) continue;
    const key = name.toLowerCase().replace(/^x-(?=(?:gzip|compress)$)/, '');
    found.set(key, Math.max(Number(weight), found.get(key) ?? 0));
  }
  return found.get(coding) ?? found.get('*') ?? (coding === 'identity' ? 0.0001 : 0);
}
