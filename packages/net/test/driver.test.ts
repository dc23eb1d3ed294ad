import { describe, expect, it } from 'vitest';
import { Driver } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { RecordingSink } from './support/recording-sink.ts';
import { ScriptMachine } from './support/script-machine.ts';
import { ScriptTransport } from './support/script-transport.ts';

function setUp() {
  const transport = new ScriptTransport();
  const machine = new ScriptMachine();
  const sink = new RecordingSink();
  const time = new FakeTime();
  const driver = new Driver(transport, time, machine, sink);
  const arrive = (text: string) => transport.sink?.onData(Buffer.from(text));
  return { transport, machine, sink, time, driver, arrive };
}

describe('the law of the drain', () => {
  it('pulls events, then output, and tells what was accepted', () => {
    const { transport, machine, sink, driver, arrive } = setUp();
    sink.act = (event) => machine.send(`echo ${event.type}`);
    driver.start();
    arrive('hello');
    expect(machine.received).toEqual(['hello']);
    expect(sink.log).toEqual(['data hello']);
    expect(transport.log).toEqual(['write 9']);
    expect(machine.accepted).toEqual([9]);
    expect(driver.bytesReceived).toBe(5);
    expect(driver.bytesSent).toBe(9);
  });

  it('drains once at the start, for a machine that speaks first', () => {
    const { transport, machine, driver } = setUp();
    machine.send('greeting');
    driver.start();
    expect(transport.log).toEqual(['write 8']);
  });

  it('lets the chunks of one input leave together', () => {
    const { transport, machine, sink, driver, arrive } = setUp();
    machine.onReceive = () => {
      for (let index = 0; index < 3; index++) machine.events.push({ type: 'request' });
    };
    sink.act = () => machine.send('response');
    driver.start();
    arrive('three requests');
    expect(transport.log).toEqual(['cork', 'write 8', 'write 8', 'write 8', 'uncork']);
    expect(machine.accepted).toEqual([24]);
  });

  it('hands over at most 64 KiB at a time, and nothing to a transport that is full', () => {
    const { transport, machine, driver } = setUp();
    transport.credit = 0;
    driver.start();
    const content = new Uint8Array(200_000);
    machine.send(content);
    machine.send('behind it');
    driver.wake();
    expect(transport.log).toEqual(['write 65536']);
    expect(transport.watches).toBe(1);
    expect(machine.accepted).toEqual([]);
    for (let round = 0; round < 4; round++) transport.flush();
    expect(transport.chunks.map((chunk) => chunk.length)).toEqual([
      65_536, 65_536, 65_536, 3392, 9,
    ]);
    expect(machine.accepted).toEqual([65_536, 65_536, 65_536, 3401]);
    // No copies: every piece is a view of what the machine handed out.
    expect(transport.chunks[1]?.buffer).toBe(content.buffer);
    expect(machine.outputBytes).toBe(0);
  });

  it('reports progress of a peer that takes little by little', () => {
    const { transport, machine, driver } = setUp();
    transport.credit = 100;
    machine.send(new Uint8Array(150));
    driver.start();
    expect(machine.accepted).toEqual([100]);
    expect(transport.watches).toBe(1);
    transport.flush();
    expect(machine.accepted).toEqual([100, 50]);
    expect(transport.watches).toBe(1);
  });

  it('leaves the event loop to others after a mebibyte', async () => {
    const { transport, machine, driver } = setUp();
    driver.start();
    machine.send(new Uint8Array(2_500_000));
    driver.wake();
    driver.wake();
    expect(driver.bytesSent).toBe(1_048_576);
    await new Promise((resolve) => setImmediate(resolve));
    expect(driver.bytesSent).toBe(2_097_152);
    await new Promise((resolve) => setImmediate(resolve));
    expect(driver.bytesSent).toBe(2_500_000);
    expect(transport.watches).toBe(0);
  });

  it('pauses reading while the machine wants no data', () => {
    const { transport, machine, sink, driver, arrive } = setUp();
    sink.act = () => {
      machine.wantsData = false;
    };
    driver.start();
    arrive('much');
    expect(transport.paused).toBe(true);
    driver.wake();
    expect(transport.log).toEqual(['pause']);
    machine.wantsData = true;
    driver.wake();
    expect(transport.log).toEqual(['pause', 'resume']);
  });

  it('pulls no events while the peer leaves too much output unread', () => {
    const { transport, machine, sink, driver, arrive } = setUp();
    transport.credit = 0;
    machine.onReceive = () => {
      for (let index = 0; index < 10; index++) machine.events.push({ type: 'request' });
    };
    sink.act = () => machine.send(new Uint8Array(100_000));
    driver.start();
    arrive('ten requests');
    expect(sink.log.length).toBe(3);
    for (let round = 0; round < 100 && machine.outputBytes > 0; round++) transport.flush();
    expect(sink.log.length).toBe(10);
    expect(driver.bytesSent).toBe(1_000_000);
  });

  it('pulls events again when acceptance was what the machine waited for', () => {
    const { machine, sink, driver } = setUp();
    machine.onAccepted = () => machine.events.push({ type: 'sent' });
    machine.send('bytes');
    driver.start();
    expect(sink.log).toEqual(['sent']);
  });

  it('asks for more when little output is left, once per wish', () => {
    const { transport, machine, sink, driver } = setUp();
    transport.credit = 0;
    driver.start();
    machine.send(new Uint8Array(100_000));
    driver.wantWritable();
    expect(sink.log).toEqual([]);
    transport.flush();
    expect(sink.log).toEqual(['writable']);
    transport.flush();
    expect(sink.log).toEqual(['writable']);
  });

  it('sends what `onWritable` gives in the same round', () => {
    const { transport, machine, sink, driver } = setUp();
    driver.start();
    sink.actWritable = () => machine.send('more');
    driver.wantWritable();
    expect(transport.log).toEqual(['write 4']);
  });
});

describe('re-entry', () => {
  it('never re-enters itself, whatever the sink calls', () => {
    const { transport, machine, sink, driver, arrive } = setUp();
    let depth = 0;
    sink.act = (event) => {
      depth += 1;
      expect(depth).toBe(1);
      if (event.type === 'first') {
        machine.events.push({ type: 'second' });
        driver.wake();
        driver.hold();
        driver.resume();
        transport.sink?.onData(Buffer.from('nested'));
        transport.sink?.onDrain();
      }
      depth -= 1;
    };
    machine.onReceive = (data) => {
      machine.events.push(data.length === 1 ? { type: 'first' } : { type: 'nested' });
    };
    driver.start();
    arrive('x');
    expect(sink.log).toEqual(['first', 'second', 'nested']);
  });
});

describe('hold and resume', () => {
  it('leaves events in the machine while held', () => {
    const { sink, driver, arrive } = setUp();
    sink.act = () => driver.hold();
    driver.start();
    arrive('one');
    arrive('two');
    expect(sink.log).toEqual(['data one']);
    driver.resume();
    expect(sink.log).toEqual(['data one', 'data two']);
  });

  it('does not hold back the news that the peer is gone', () => {
    const { machine, sink, transport, driver, arrive } = setUp();
    sink.act = () => driver.hold();
    machine.onEnd = (end) => machine.events.push({ type: 'closed' }, { type: end });
    driver.start();
    arrive('one');
    transport.sink?.onEnd('reset');
    expect(sink.log).toEqual(['data one', 'closed', 'reset', 'released']);
    expect(transport.log).toEqual(['abort']);
  });
});

describe('the wish for the transport', () => {
  it('half-closes and closes behind all output', () => {
    const { transport, machine, sink, driver } = setUp();
    transport.credit = 0;
    driver.start();
    machine.send('goodbye');
    machine.transport = 'half-close';
    driver.wake();
    expect(transport.log).toEqual(['write 7']);
    transport.flush();
    expect(transport.log).toEqual(['write 7', 'end']);
    driver.wake();
    expect(transport.log).toEqual(['write 7', 'end']);
    machine.transport = 'close';
    driver.wake();
    expect(transport.log).toEqual(['write 7', 'end', 'close']);
    expect(sink.log).toEqual(['released']);
    expect(driver.released).toBe(true);
  });

  it('aborts at once, whatever is buffered', () => {
    const { transport, machine, sink, driver } = setUp();
    transport.credit = 0;
    driver.start();
    machine.send('lost');
    machine.transport = 'abort';
    driver.wake();
    expect(transport.log).toEqual(['write 4', 'abort']);
    expect(sink.log).toEqual(['released']);
  });

  it('closes where there is no half-close, and tells the machine', () => {
    const { transport, machine, driver } = setUp();
    transport.capabilities = { halfClose: false, reset: false, authenticEnd: false };
    machine.onEnd = () => {
      machine.transport = 'close';
    };
    driver.start();
    machine.transport = 'half-close';
    driver.wake();
    expect(machine.ends).toEqual(['finished']);
    expect(driver.released).toBe(true);
  });

  it('reports the last events before it lets go', () => {
    const { machine, sink, driver } = setUp();
    driver.start();
    machine.transport = 'close';
    machine.events.push({ type: 'closed' });
    driver.hold();
    driver.wake();
    expect(sink.log).toEqual(['closed', 'released']);
  });

  it('is overruled by close and abort', () => {
    const first = setUp();
    first.driver.start();
    first.machine.send('last words');
    first.driver.close();
    expect(first.transport.log).toEqual(['write 10', 'close']);
    const second = setUp();
    second.driver.start();
    second.driver.abort();
    second.driver.abort();
    expect(second.transport.log).toEqual(['abort']);
    expect(second.sink.log).toEqual(['released']);
  });

  it('reports nothing more when the sink cuts the connection amid events', () => {
    const { transport, machine, sink, driver } = setUp();
    sink.act = () => {
      machine.send('unsent');
      driver.abort();
    };
    machine.events.push({ type: 'first' }, { type: 'second' });
    driver.start();
    expect(sink.log).toEqual(['first', 'released']);
    expect(transport.log).toEqual(['abort']);
  });

  it('does nothing any more once it has let go', () => {
    const { transport, machine, sink, time, driver, arrive } = setUp();
    machine.nextDeadline = time.now() + 10;
    driver.start();
    driver.abort();
    arrive('late');
    transport.sink?.onEnd('reset');
    driver.onExpiry(0);
    driver.wake();
    time.advance(100);
    expect(machine.received).toEqual([]);
    expect(machine.ends).toEqual([]);
    expect(machine.expiries).toEqual([]);
    expect(sink.log).toEqual(['released']);
  });
});

describe('deadlines', () => {
  it('calls the machine when its time has come, and not before', () => {
    const { machine, sink, time, driver } = setUp();
    const start = time.now();
    machine.nextDeadline = start + 1000;
    machine.onTime = () => {
      machine.nextDeadline = Number.POSITIVE_INFINITY;
      machine.events.push({ type: 'timeout' });
    };
    driver.start();
    time.advance(999);
    expect(machine.expiries).toEqual([]);
    time.advance(1);
    expect(machine.expiries).toEqual([start + 1000]);
    expect(sink.log).toEqual(['timeout']);
    expect(time.size).toBe(0);
  });

  it('follows a deadline that moves both ways', () => {
    const { machine, time, driver, arrive } = setUp();
    const start = time.now();
    machine.nextDeadline = start + 1000;
    driver.start();
    time.advance(500);
    machine.nextDeadline = start + 1500;
    arrive('life');
    time.advance(900);
    expect(machine.expiries).toEqual([]);
    machine.nextDeadline = start + 1401;
    arrive('more');
    time.advance(1);
    expect(machine.expiries).toEqual([start + 1401]);
  });

  it('lets what waited in the kernel come before a deadline that is late', async () => {
    const { machine, time, driver, arrive } = setUp();
    machine.nextDeadline = time.now() + 1000;
    driver.start();
    time.stall(5000);
    expect(machine.expiries).toEqual([]);
    machine.onReceive = () => {
      machine.nextDeadline = time.now() + 1000;
    };
    arrive('sent in time');
    await new Promise((resolve) => setImmediate(resolve));
    expect(machine.expiries).toEqual([]);
    time.advance(1000);
    expect(machine.expiries).toEqual([time.now()]);
  });

  it('tells a deadline that is late when nothing has come', async () => {
    const { machine, time, driver } = setUp();
    machine.nextDeadline = time.now() + 1000;
    driver.start();
    time.stall(5000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(machine.expiries).toEqual([time.now()]);
    expect(time.size).toBe(0);
  });

  it('forgets a late deadline when it has been cut meanwhile', async () => {
    const { machine, time, driver } = setUp();
    machine.nextDeadline = time.now() + 1000;
    driver.start();
    time.stall(5000);
    driver.abort();
    await new Promise((resolve) => setImmediate(resolve));
    expect(machine.expiries).toEqual([]);
  });

  it('holds one timer per connection, and none after it', () => {
    const { machine, time, driver } = setUp();
    machine.nextDeadline = time.now() + 1000;
    driver.start();
    expect(time.size).toBe(1);
    driver.abort();
    expect(time.size).toBe(0);
  });
});

describe('faults', () => {
  it.each(['event', 'receive', 'end', 'deadline', 'accepted', 'writable'] as const)(
    'aborts and reports when something throws in %s',
    (where) => {
      const { transport, machine, sink, time, driver, arrive } = setUp();
      const fail = () => {
        throw new Error(where);
      };
      if (where === 'event') sink.act = fail;
      if (where === 'receive') machine.onReceive = fail;
      if (where === 'end') machine.onEnd = fail;
      if (where === 'deadline') machine.onTime = fail;
      if (where === 'accepted') machine.onAccepted = fail;
      if (where === 'writable') sink.actWritable = fail;
      machine.nextDeadline = time.now() + 10;
      driver.start();
      arrive('bytes');
      machine.send('answer');
      driver.wantWritable();
      transport.sink?.onEnd('finished');
      time.advance(20);
      expect(sink.faults).toEqual([new Error(where)]);
      expect(sink.log.slice(-2)).toEqual(['fault', 'released']);
      expect(transport.log.at(-1)).toBe('abort');
      expect(time.size).toBe(0);
    },
  );
});

describe('a switch of protocols', () => {
  function switched() {
    const parts = setUp();
    const next = new ScriptMachine();
    const nextSink = new RecordingSink();
    parts.sink.act = (event) => {
      if (event.type !== 'switched') return;
      parts.driver.switchTo({ connection: next, sink: nextSink });
    };
    parts.driver.start();
    return { ...parts, next, nextSink };
  }

  it('hands over what came behind it, and its end', () => {
    const { machine, sink, next, nextSink, arrive, driver } = switched();
    machine.trailing = { data: Buffer.from('trailing'), end: 'finished' };
    machine.events.push({ type: 'switched' }, { type: 'never pulled' });
    driver.wake();
    expect(sink.log).toEqual(['switched']);
    expect(next.received).toEqual(['trailing']);
    expect(next.ends).toEqual(['finished']);
    arrive('new bytes');
    expect(machine.received).toEqual([]);
    expect(nextSink.log).toEqual(['data trailing', 'data new bytes']);
  });

  it('sends the old output first, and keeps the old deadline until then', () => {
    const { transport, machine, time, next, nextSink, driver } = switched();
    transport.credit = 0;
    machine.nextDeadline = time.now() + 10;
    next.nextDeadline = time.now() + 50;
    next.send('new');
    machine.send('old');
    machine.events.push({ type: 'switched' });
    driver.wake();
    expect(transport.log).toEqual(['write 3']);
    time.advance(10);
    expect(machine.expiries.length).toBe(1);
    machine.nextDeadline = Number.POSITIVE_INFINITY;
    transport.flush();
    expect(transport.chunks.map((chunk) => Buffer.from(chunk).toString())).toEqual(['old', 'new']);
    transport.flush();
    time.advance(40);
    expect(next.expiries.length).toBe(1);
    expect(machine.accepted).toEqual([3]);
    expect(next.accepted).toEqual([3]);
    expect(nextSink.log).toEqual([]);
  });

  it('reports the end to the new sink only', () => {
    const { machine, sink, nextSink, driver } = switched();
    machine.events.push({ type: 'switched' });
    driver.wake();
    driver.abort();
    expect(sink.log).toEqual(['switched']);
    expect(nextSink.log).toEqual(['released']);
  });
});
