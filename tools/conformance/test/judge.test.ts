import { describe, expect, test } from 'vitest';
import { defineCase } from '../src/case.mjs';
import {
  accepted,
  acceptedThenClosed,
  contentRefused,
  declined,
  refused,
} from '../src/expectation.mjs';
import { judge } from '../src/judge.mjs';
import { ResponseReader } from '../src/response-reader.mjs';

const OK = 'HTTP/1.1 200 OK\r\ndate: x\r\ncontent-length: 2\r\n\r\nhi';
const BAD =
  'HTTP/1.1 400 Bad Request\r\ndate: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\nno';
const peer = { isHouse: false, isEchoing: false };

type Fate = 'persist' | 'close' | 'silent';

function findings(parts: object, text: string, fate: Fate, wasProbed = false, who = peer) {
  const testCase = defineCase({
    id: 'test/1',
    section: '9112 1',
    gist: '',
    level: 'MUST',
    send: 'GET',
    ...parts,
  });
  const reader = new ResponseReader(testCase.methods);
  reader.receive(text);
  const { responses, interim, faults } = reader;
  const exchange = { responses, interim, faults, fate, ending: 'end', wasProbed, transcript: [] };
  return judge(testCase, exchange, who).map(({ kind, level }) => `${kind} ${level}`);
}

describe('judge', () => {
  test('finds nothing where all is as expected', () => {
    expect(findings({ expect: accepted() }, OK, 'persist')).toEqual([]);
    expect(findings({ expect: accepted(2) }, OK + OK, 'persist')).toEqual([]);
    expect(findings({ expect: refused() }, BAD, 'close')).toEqual([]);
    expect(findings({ expect: declined() }, BAD, 'close')).toEqual([]);
    expect(findings({ expect: contentRefused() }, OK, 'close', true)).toEqual([]);
  });

  test.each([
    ['one response too many', accepted(), OK + OK, 'persist'],
    ['one too few', accepted(2), OK, 'persist'],
    ['another status', accepted(), BAD, 'close'],
    ['an answer instead of a refusal', refused(), OK, 'persist'],
    ['a second response behind faulty content', contentRefused(), OK + OK, 'close'],
    ['a faulty request that is served on', contentRefused(), OK, 'persist'],
    ['persistence where the end is due', acceptedThenClosed(), OK, 'persist'],
    ['silence', accepted(), OK, 'silent'],
    ['nothing at all', refused(), '', 'close'],
  ])('finds %s', (_what, alternatives, text, fate) => {
    const found = findings({ expect: alternatives }, text, fate as Fate, true);
    expect(found).toContain('verdict MUST');
  });

  test('takes an end where the connection may stay for the lesser fault', () => {
    expect(findings({ expect: accepted() }, OK, 'close', true)).toEqual(['verdict SHOULD']);
  });

  test('holds us to what we have decided', () => {
    const parts = { expect: [...accepted(), ...refused()], house: refused() };
    expect(findings(parts, OK, 'persist')).toEqual([]);
    expect(findings(parts, OK, 'persist', false, { ...peer, isHouse: true })).toEqual([
      'verdict MUST',
    ]);
  });

  test('takes no early answer from us where content is read first', () => {
    const reading = { isHouse: true, isEchoing: true };
    const early = { expect: contentRefused() };
    expect(findings(early, OK, 'close', true, { ...reading, isEchoing: false })).toEqual([]);
    expect(findings(early, OK, 'close', true, reading)).toEqual(['verdict MUST']);
    expect(findings(early, BAD, 'close', false, reading)).toEqual([]);
  });

  test('compares contents, and what an echo has received', () => {
    expect(findings({ expect: accepted(), contents: ['hi'] }, OK, 'persist')).toEqual([]);
    expect(findings({ expect: accepted(), contents: ['ho'] }, OK, 'persist')).toHaveLength(1);
    const echoing = { ...peer, isEchoing: true };
    expect(findings({ expect: accepted(), echo: 'hi' }, OK, 'persist', false, echoing)).toEqual([]);
    expect(
      findings({ expect: accepted(), echo: 'ho' }, OK, 'persist', false, echoing),
    ).toHaveLength(1);
    expect(findings({ expect: accepted(), echo: 'ho' }, OK, 'persist')).toEqual([]);
  });

  test.each([
    ['no Date', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', {}],
    ['405 without Allow', 'HTTP/1.1 405 No\r\ndate: x\r\ncontent-length: 1\r\n\r\n!', {}],
    ['204 with a length', 'HTTP/1.1 204 No\r\ndate: x\r\ncontent-length: 0\r\n\r\n', {}],
    [
      'chunks for HTTP/1.0',
      'HTTP/1.1 200 OK\r\ndate: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      { isOld: true },
    ],
    ['1xx for HTTP/1.0', `HTTP/1.1 100 Go\r\n\r\n${OK}`, { isOld: true }],
    ['101 to nobody', `HTTP/1.1 101 Go\r\n\r\n${OK}`, {}],
    ['close announced and not done', OK.replace('date', 'connection: close\r\ndate'), {}],
  ])('remarks %s', (_what, text, parts) => {
    expect(findings({ expect: accepted(), ...parts }, text, 'persist')).toContain('response MUST');
  });

  test('remarks an end that was not announced, where it was intended', () => {
    const silentBad = BAD.replace('connection: close\r\n', '');
    expect(findings({ expect: refused() }, silentBad, 'close')).toEqual(['response SHOULD']);
    const asking = { expect: acceptedThenClosed(), send: 'GET\r\nConnection: close\r\n' };
    expect(findings(asking, OK, 'close')).toEqual(['response SHOULD']);
  });
});
