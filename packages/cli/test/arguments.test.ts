import { describe, expect, test } from 'vitest';
import { parseArguments, SERVE_OPTIONS, UsageError } from '../src/arguments.ts';
import { HOLDLINE_HELP, SERVE_HELP } from '../src/help.ts';

test('nothing said is all defaults', () => {
  expect(parseArguments(['serve'])).toEqual({
    command: 'serve',
    folder: undefined,
    port: undefined,
    listen: '127.0.0.1',
    hosts: [],
    idleMs: 65_000,
    headMs: undefined,
    stallMs: undefined,
    ageMs: undefined,
    drainMs: Number.POSITIVE_INFINITY,
    requestsMax: Number.POSITIVE_INFINITY,
    connectionsMax: Number.POSITIVE_INFINITY,
    acceptsUrlTargets: false,
    hasLivePage: true,
    isQuiet: false,
  });
});

test('everything can be said', () => {
  const line =
    'serve dist -p 81 --listen [::1] --host A.example --host=* --idle 2.5 --head 1 --stall 2 --age 3 --drain 0.25 --requests 4 --connections 5 --url-targets --no-live -q';
  expect(parseArguments(line.split(' '))).toEqual({
    command: 'serve',
    folder: 'dist',
    port: 81,
    listen: '::1',
    hosts: ['a.example', '*'],
    idleMs: 2500,
    headMs: 1000,
    stallMs: 2000,
    ageMs: 3000,
    drainMs: 250,
    requestsMax: 4,
    connectionsMax: 5,
    acceptsUrlTargets: true,
    hasLivePage: false,
    isQuiet: true,
  });
});

test('a folder that looks like an option comes behind --', () => {
  expect(parseArguments(['serve', '--', '--port'])).toMatchObject({ folder: '--port' });
});

test.each([
  [['--help'], { command: 'help', topic: 'holdline' }],
  [['-h'], { command: 'help', topic: 'holdline' }],
  [['serve', '--help'], { command: 'help', topic: 'serve' }],
  [['serve', 'x', '-h'], { command: 'help', topic: 'serve' }],
  [['--version'], { command: 'version' }],
  [['serve', '--version'], { command: 'version' }],
])('%j', (args, expected) => {
  expect(parseArguments(args)).toEqual(expected);
});

describe('wrong arguments', () => {
  test.each([
    [[], 'which command'],
    [['fly'], "no command 'fly'"],
    [['a\nb'], "no command 'a\\x0ab'"],
    [['serve', '--fly'], "no option '--fly'"],
    [['serve', '-x'], "no option '-x'"],
    [['serve', '--__proto__'], "no option '--__proto__'"],
    [['serve', '--constructor=1'], "no option '--constructor'"],
    [['serve', 'a', 'b'], 'only one folder'],
    [['serve', ''], 'folder is empty'],
    [['serve', '--port'], '--port needs a value'],
    [['serve', '-p'], '-p needs a value'],
    [['serve', '--port', '--quiet'], '--port needs a value'],
    [['serve', '--port', ''], "not ''"],
    [['serve', '--port', 'x'], "not 'x'"],
    [['serve', '--port=-1'], "not '-1'"],
    [['serve', '--port', '65536'], 'from 0 to 65535'],
    [['serve', '--port', '8e1'], "not '8e1'"],
    [['serve', '--port', '0x50'], "not '0x50'"],
    [['serve', '--port', ' 80'], "not ' 80'"],
    [['serve', '--port', '8\u001b[1m'], "not '8\\x1b[1m'"],
    [['serve', '--quiet=yes'], '--quiet takes no value'],
    [['serve', '--no-quiet'], "no option '--no-quiet'"],
    [['serve', '--listen', ''], '--listen needs an address'],
    [['serve', '--host', 'a:80'], 'without a port'],
    [['serve', '--host', ''], 'without a port'],
    [['serve', '--idle', '0'], 'seconds above 0'],
    [['serve', '--idle', '1.2345'], 'seconds above 0'],
    [['serve', '--drain', 'Infinity'], 'seconds above 0'],
    [['serve', '--requests', '0'], 'from 1 to'],
    [['serve', '--connections', '1.5'], 'from 1 to'],
  ])('%j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(message);
  });
});

describe('the help', () => {
  test.each(Object.entries(SERVE_OPTIONS))('has --%s', (name, option) => {
    const short = 'short' in option ? `-${option.short}, ` : '    ';
    const value = option.type === 'string' ? ' [A-Z]+' : ' {2}';
    expect(SERVE_HELP).toMatch(new RegExp(`^ {2}${short}--${name}${value}`, 'm'));
  });

  test('has no option that does not exist', () => {
    const named = [...SERVE_HELP.matchAll(/--([a-z-]+)/g)].map(([, name]) => name);
    expect(Object.keys(SERVE_OPTIONS)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  test('fits into a terminal', () => {
    const lines = `${HOLDLINE_HELP}${SERVE_HELP}`.split('\n');
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });
});
