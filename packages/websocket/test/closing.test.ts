// RFC 6455 section 7: the closing handshake in every order of what can happen.
import { describe, expect, test } from 'vitest';
import type { ClosedEvent } from '../src/closed-event.ts';
import { closePayload, framesOf, frameTo } from './support/frames.ts';
import { benchOf, client, ROLES, type Role, server } from './support/machines.ts';
import type { Event } from './support/pair.ts';

const NEVER = Number.POSITIVE_INFINITY;
const QUIET = { timeouts: { pingMs: NEVER } };

const ACTIONS = ['close', 'peer-close', 'peer-data', 'fin', 'truncated', 'rst', 'failed', 'abort'];

/** Every sequence of different actions, up to a length. */
function sequences(lengthMax: number): string[][] {
  let longest: string[][] = [[]];
  const all: string[][] = [];
  for (let length = 1; length <= lengthMax; length++) {
    longest = longest.flatMap((before) =>
      ACTIONS.filter((each) => !before.includes(each)).map((each) => [...before, each]),
    );
    all.push(...longest);
  }
  return all;
}

interface Expected {
  readonly observation: string;
  readonly startedBy: 'us' | 'peer' | null;
  readonly code: number;
}

/** What the sentences make of a sequence; null while the connection is still open at its end. */
function naiveOutcome(sequence: readonly string[], isInMessage: boolean): Expected | null {
  let startedBy: 'us' | 'peer' | null = null;
  let isOurs = false;
  let isTheirs = false;
  const ended = (observation: string): Expected => ({
    observation: isOurs && isTheirs ? 'closing-handshake' : observation,
    startedBy,
    code: isTheirs ? 4001 : 1006,
  });
  for (const action of sequence) {
    if (action === 'close') {
      startedBy ??= 'us';
      isOurs = true;
    } else if (action === 'peer-close') {
      startedBy ??= 'peer';
      isTheirs = true;
      isOurs = true;
    } else if (action === 'fin')
      return ended(isInMessage ? 'ended-in-message' : 'fin-without-close');
    else if (action === 'truncated') return ended('tls-truncated');
    else if (action === 'rst') return ended('reset');
    else if (action === 'failed') return ended('local-error');
    else if (action === 'abort') return ended('aborted');
  }
  return isOurs ? ended('close-unanswered') : null;
}

function play(role: Role, sequence: readonly string[], isInMessage: boolean) {
  const bench = benchOf(role, QUIET);
  if (isInMessage) bench.gets(2, 'x', { isFinal: false });
  const { machine } = bench;
  for (const action of sequence) {
    if (action === 'close') machine.close(bench.now, 4000);
    else if (action === 'peer-close') bench.gets(8, closePayload(4001));
    else if (action === 'peer-data') bench.gets(9, 'ping');
    else if (action === 'fin') machine.receiveEnd(bench.now, 'finished');
    else if (action === 'truncated') machine.receiveEnd(bench.now, 'truncated');
    else if (action === 'rst') machine.receiveEnd(bench.now, 'reset');
    else if (action === 'failed') machine.receiveEnd(bench.now, 'failed');
    else machine.abort(bench.now);
    bench.drains();
  }
  bench.waits(3_600_000);
  return bench;
}

describe.each(ROLES)('a %s', (role) => {
  test.each([false, true])(
    'every order of up to four things that happen, in a message: %s',
    (isInMessage) => {
      const wrong: string[] = [];
      for (const sequence of sequences(4)) {
        const expected = naiveOutcome(sequence, isInMessage);
        const bench = play(role, sequence, isInMessage);
        const last = bench.watch.events.at(-1);
        const actual =
          last?.type === 'closed'
            ? { observation: last.observation, startedBy: last.startedBy, code: last.code }
            : null;
        const codes = bench.closeCodes;
        const isRight =
          JSON.stringify(actual) === JSON.stringify(expected) &&
          codes.length <= 1 &&
          (actual === null || bench.machine.deadline() === NEVER) &&
          (last as ClosedEvent | undefined)?.wasClean ===
            (actual === null ? undefined : actual.observation === 'closing-handshake');
        const frames = framesOf(bench.watch.output);
        const isLast = codes.length === 0 || frames.at(-1)?.opcode === 8;
        if (!isRight || !isLast)
          wrong.push(`${sequence}: ${JSON.stringify({ actual, expected, codes })}`);
        // And nothing more for ever, whatever is done.
        if (actual === null) continue;
        const { machine } = bench;
        machine.close(bench.now, 1000);
        machine.abort(bench.now);
        machine.receive(frameTo(role, 1, 'late'), bench.now);
        machine.receiveEnd(bench.now, 'reset');
        machine.onDeadline(bench.now + 1e9);
        if (bench.drains().length > 0) wrong.push(`${sequence}: events after closed`);
      }
      expect(wrong).toEqual([]);
    },
  );

  test('the evidence has the codes of both Close frames', () => {
    const echoed = benchOf(role, QUIET);
    echoed.gets(8, closePayload(4001));
    expect(echoed.ends()).toMatchObject([{ evidence: { sentCode: 4001, receivedCode: 4001 } }]);
    const without = benchOf(role, QUIET);
    without.gets(8);
    expect(without.ends()).toMatchObject([{ evidence: { sentCode: 1005, receivedCode: 1005 } }]);
    const begun = benchOf(role, QUIET);
    begun.machine.close(begun.now, 1001);
    begun.gets(8, closePayload(4001));
    expect(begun.ends()).toMatchObject([{ evidence: { sentCode: 1001, receivedCode: 4001 } }]);
  });

  test('«the application MUST NOT send any more data frames after sending a Close frame»', () => {
    const bench = benchOf(role, QUIET);
    bench.machine.close(bench.now, 1001, 'later');
    expect(bench.machine.isOpen).toBe(false);
    expect(() => bench.machine.sendText('x', bench.now)).toThrow('WS_NOT_OPEN');
    expect(() => bench.machine.ping(undefined, bench.now)).toThrow('WS_NOT_OPEN');
    bench.drains();
    // A ping that comes now is not answered either.
    expect(bench.gets(9, 'there?').map(({ type }) => type)).toEqual(['ping']);
    // But what the peer still sends is heard until its own Close frame.
    expect(bench.gets(1, 'last words')).toEqual([{ type: 'text', text: 'last words' }]);
    expect(bench.gets(8, closePayload(1001))).toMatchObject([{ type: 'close', code: 1001 }]);
    expect(bench.gets(1, 'ignored')).toEqual([]);
    expect(framesOf(bench.watch.output).map(({ opcode }) => opcode)).toEqual([8]);
  });

  test('messages that are queued go before the answer to a Close frame', () => {
    const bench = benchOf(role, QUIET);
    bench.machine.sendText('first', bench.now);
    bench.machine.sendBinary(new Uint8Array(10_000), bench.now);
    bench.gets(8, closePayload(1000, 'bye'));
    const frames = framesOf(bench.watch.output);
    expect(frames.map(({ opcode }) => opcode)).toEqual([1, 2, 8]);
    expect(frames[2]!.payload).toEqual(closePayload(1000, 'bye'));
  });

  describe('an answer that is held', () => {
    const HELD = { ...QUIET, closeAnswer: 'held' } as const;

    test('goes behind what was sent before it is given', () => {
      const bench = benchOf(role, HELD);
      const { machine } = bench;
      expect(machine.awaitsAnswer).toBe(false);
      machine.answerClose(bench.now);
      expect(bench.gets(8, closePayload(4001, 'bye'))).toMatchObject([{ type: 'close' }]);
      expect([machine.isOpen, machine.maySend, machine.awaitsAnswer]).toEqual([false, true, true]);
      machine.sendText('a reply', bench.now);
      machine.ping(Uint8Array.of(1), bench.now);
      bench.ends();
      machine.answerClose(bench.now);
      expect([machine.maySend, machine.awaitsAnswer]).toEqual([false, false]);
      expect(() => machine.sendText('late', bench.now)).toThrow('WS_NOT_OPEN');
      bench.drains();
      const frames = framesOf(bench.watch.output);
      expect(frames.map(({ opcode }) => opcode)).toEqual([9, 1, 8]);
      expect(frames[2]!.payload).toEqual(closePayload(4001, 'bye'));
      const expected = { code: 4001, wasClean: true, startedBy: 'peer' };
      expect(bench.watch.events.at(-1)).toMatchObject(expected);
    });

    test('is given by a close, with the code that the peer has chosen', () => {
      const bench = benchOf(role, HELD);
      bench.gets(8, closePayload(4001));
      bench.machine.close(bench.now, 1001);
      bench.drains();
      expect(bench.closeCodes).toEqual([4001]);
    });

    test.each([
      [10_000, 2_000],
      [500, 500],
      [0, 0],
    ])('where closing may take %d ms is given after %d', (closingMs, afterMs) => {
      const bench = benchOf(role, { closeAnswer: 'held', timeouts: { closingMs } });
      bench.gets(8, closePayload(1000));
      bench.waits(Math.max(0, afterMs - 1));
      expect(bench.closeCodes).toEqual(afterMs > 0 ? [] : [1000]);
      bench.waits(1);
      expect(bench.closeCodes).toEqual([1000]);
    });

    test('is given when more is sent than is read, and no more of that', () => {
      const bench = benchOf(role, { ...HELD, limits: { outputBytesMax: 10_000 } });
      bench.gets(8, closePayload(1000));
      const data = new Uint8Array(6_000);
      for (let count = 0; count < 3; count++) bench.machine.sendBinary(data, bench.now);
      bench.drains();
      expect(framesOf(bench.watch.output).map(({ opcode }) => opcode)).toEqual([2, 2, 8]);
      expect(bench.types).not.toContain('failed');
    });

    test('is none when the connection breaks before', () => {
      const bench = benchOf(role, HELD);
      bench.gets(8, closePayload(1000));
      bench.ends('reset');
      expect(bench.machine.awaitsAnswer).toBe(false);
      const expected = { observation: 'reset', wasClean: false, startedBy: 'peer' };
      expect(bench.watch.events.at(-1)).toMatchObject(expected);
    });
  });

  test('a message under way ends where it is', () => {
    const bench = benchOf(role, QUIET);
    const { machine, now } = bench;
    machine.beginMessage('text', now);
    machine.sendPiece('half of', false, now);
    machine.close(now);
    expect(() => machine.sendPiece('it', true, now)).toThrow('WS_NOT_OPEN');
    bench.drains();
    expect(framesOf(bench.watch.output).map(({ opcode }) => opcode)).toEqual([1, 8]);
  });

  test('a Close frame without a code is answered by one, and 1005 is what is reported', () => {
    const bench = benchOf(role, QUIET);
    expect(bench.gets(8)).toMatchObject([{ type: 'close', code: 1005, reason: '' }]);
    expect(bench.closeCodes).toEqual([1005]);
    bench.ends();
    expect(bench.watch.events.at(-1)).toMatchObject({ type: 'closed', code: 1005, wasClean: true });
  });

  test('a fault behind our Close frame sends no second one', () => {
    const bench = benchOf(role, QUIET);
    bench.machine.close(bench.now, 1001);
    bench.drains();
    bench.gets(3, '');
    bench.ends();
    expect(bench.closeCodes).toEqual([1001]);
    expect(bench.watch.events.at(-1)).toMatchObject({
      type: 'closed',
      startedBy: 'us',
      observation: 'protocol-error',
      evidence: { sentCode: 1001, receivedCode: null },
    });
  });

  test('a fault is told before it is seen, and what comes behind it is thrown away', () => {
    const bench = benchOf(role, QUIET);
    const { machine, now } = bench;
    machine.receive(frameTo(role, 3), now);
    expect(machine.nextEvent(now)).toMatchObject({ type: 'failed', closeCode: 1002 });
    expect(machine.outputBytes).toBeGreaterThan(0);
    expect(machine.wantsData).toBe(true);
    expect(bench.gets(1, 'ignored')).toEqual([]);
    expect(bench.ends()).toMatchObject([
      { type: 'closed', startedBy: null, evidence: { sentCode: 1002 } },
    ]);
    expect(machine.transport).toBe('close');
  });
});

describe('«the server MUST close first», section 7.1.1', () => {
  test('a server ends its direction when both Close frames are there, and then waits for the client', () => {
    const bench = server(QUIET);
    bench.gets(8, closePayload(1000));
    expect(bench.machine.transport).toBe('half-close');
    expect(bench.machine.deadline()).toBe(bench.now + 5_000);
    expect(bench.types).toEqual(['close']);
    bench.ends();
    expect(bench.machine.transport).toBe('close');
    expect(bench.types).toEqual(['close', 'closed']);
  });

  test('a client waits for that, and not for ever', () => {
    const bench = client(QUIET);
    bench.gets(8, closePayload(1000));
    expect(bench.machine.transport).toBe('open');
    expect(bench.waits(4_999)).toEqual([]);
    expect(bench.waits(1)).toMatchObject([{ type: 'closed', wasClean: true }]);
    expect(bench.machine.transport).toBe('close');
  });
});

describe('the time to close', () => {
  test('begins when the Close frame has left, while output makes progress', () => {
    const bench = server(QUIET);
    const { machine } = bench;
    machine.sendBinary(new Uint8Array(100_000), bench.now);
    machine.close(bench.now);
    let chunk = machine.nextOutput();
    while (chunk !== null) {
      for (let left = chunk.length; left > 0; left -= Math.min(left, 10_000)) {
        bench.now += 3_000;
        machine.onDeadline(bench.now);
        machine.outputAccepted(Math.min(left, 10_000), bench.now);
      }
      chunk = machine.nextOutput();
    }
    expect(machine.transport).toBe('open');
    expect(machine.deadline()).toBe(bench.now + 10_000);
    expect(bench.waits(10_000)).toMatchObject([
      { type: 'closed', observation: 'close-unanswered', evidence: { unacceptedBytes: 0 } },
    ]);
  });

  test('a Close frame that never left makes no clean close', () => {
    const bench = server(QUIET);
    const { machine } = bench;
    machine.receive(frameTo('server', 8, closePayload(1000)), bench.now);
    bench.watch.drainEvents(bench.now);
    machine.nextOutput();
    machine.receiveEnd(bench.now, 'reset');
    expect(bench.watch.drainEvents(bench.now)).toMatchObject([
      { type: 'closed', wasClean: false, observation: 'reset', code: 1000, startedBy: 'peer' },
    ]);
  });

  test('does not run while input lies here unread', () => {
    const bench = server(QUIET);
    const { machine } = bench;
    machine.close(bench.now);
    bench.watch.drainOutput(bench.now);
    machine.receive(frameTo('server', 8, closePayload(1000)), bench.now);
    bench.now += 10_000;
    bench.watch.onDeadline(bench.now);
    expect(bench.drains()).toMatchObject([{ type: 'close' }]);
    expect(bench.ends()).toMatchObject([{ type: 'closed', wasClean: true }]);
  });

  test('is given again after a sleep of this side', () => {
    const bench = client(QUIET);
    bench.machine.close(bench.now);
    bench.drains();
    expect(bench.sleeps(3_600_000)).toEqual([]);
    expect(bench.machine.deadline()).toBe(bench.now + 10_000);
    expect(bench.waits(10_000)).toMatchObject([{ observation: 'close-unanswered' }]);
  });

  test('of 0 is over at once, even when nobody ran or nothing was read', () => {
    for (const isUnread of [false, true]) {
      const bench = client({ timeouts: { pingMs: NEVER, closingMs: 0, writeStallMs: 0 } });
      bench.machine.close(bench.now);
      bench.drains();
      if (isUnread) bench.machine.receive(frameTo('client', 9), bench.now);
      bench.now += 5_000;
      bench.watch.onDeadline(bench.now);
      bench.drains();
      bench.waits(10);
      expect(bench.watch.events.at(-1)).toMatchObject({ observation: 'close-unanswered' });
    }
  });
});

describe('a declared frame', () => {
  test('is completed before the Close frame, and pings wait for its end', () => {
    const bench = server(QUIET);
    const { machine, now } = bench;
    machine.declareMessage('binary', 4, now);
    machine.sendDeclared(Uint8Array.of(1, 2), now);
    bench.drains();
    machine.close(now, 1001);
    expect(machine.isOpen).toBe(false);
    machine.ping(Uint8Array.of(7), now);
    expect(bench.watch.drainOutput(now, false)).toEqual([]);
    machine.sendDeclared(Uint8Array.of(3, 4), now);
    bench.drains();
    const frames = framesOf(bench.watch.output);
    expect(frames.map(({ opcode }) => opcode)).toEqual([2, 9, 8]);
    expect(frames[0]!.payload).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(bench.gets(8, closePayload(1001))).toMatchObject([{ type: 'close' }]);
    expect(bench.ends()).toMatchObject([{ type: 'closed', wasClean: true, startedBy: 'us' }]);
  });

  test('that is under way when the peer closes is completed, too', () => {
    const bench = server(QUIET);
    const { machine, now } = bench;
    machine.declareMessage('text', 2, now);
    bench.gets(8, closePayload(4000));
    expect(machine.transport).toBe('open');
    machine.sendDeclared(Uint8Array.of(0xc3), now);
    expect(() => machine.sendDeclared(Uint8Array.of(0xff), now)).toThrow('WS_TEXT_NOT_UTF8');
    machine.sendDeclared(Uint8Array.of(0xa4), now);
    bench.drains();
    expect(framesOf(bench.watch.output).map(({ opcode }) => opcode)).toEqual([1, 8]);
    expect(bench.ends()).toMatchObject([{ type: 'closed', wasClean: true, startedBy: 'peer' }]);
  });

  test('that is never completed: there is no Close frame of ours, and no clean close', () => {
    const bench = server(QUIET);
    const { machine, now } = bench;
    machine.declareMessage('binary', 2, now);
    bench.drains();
    machine.close(now);
    bench.gets(8, closePayload(1000));
    bench.waits(20_000);
    expect(bench.watch.events.at(-1)).toMatchObject({
      observation: 'close-unanswered',
      wasClean: false,
      evidence: { sentCode: null, receivedCode: 1000 },
    });
    const failing = server(QUIET);
    failing.machine.declareMessage('binary', 2, failing.now);
    failing.gets(3);
    failing.ends();
    const events: Event[] = failing.watch.events;
    expect(events).toMatchObject([
      { type: 'failed', code: 'WS_RESERVED_OPCODE' },
      { type: 'closed', evidence: { sentCode: null } },
    ]);
  });

  test('takes neither more nor less than it has declared', () => {
    const { machine, now } = server(QUIET);
    machine.declareMessage('binary', 2, now);
    expect(() => machine.sendDeclared(new Uint8Array(3), now)).toThrow('WS_FRAME_LENGTH_MISMATCH');
    machine.sendDeclared(new Uint8Array(2), now);
    expect(() => machine.sendDeclared(new Uint8Array(0), now)).toThrow('WS_NO_MESSAGE');
    machine.declareMessage('binary', 0, now);
    machine.sendText('next', now);
  });
});
