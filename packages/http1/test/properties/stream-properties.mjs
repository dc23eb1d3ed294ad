// Properties of any byte stream, for both roles: chunking, documented outcomes only, oracle.
import { equalDeep } from '../../../testkit/dist/drain.js';
import { readRequest } from '../../../testkit/dist/oracles/request-oracle.js';
import { bytesOf, POLICIES, runToTheEnd, watchedClient, watchedServer } from './runs.mjs';
import { cut, cuts, plainRequestText, requestText, responseText, streamOf } from './streams.mjs';

const ENDS = ['finished', 'finished', 'truncated', 'reset', 'failed'];
const METHODS = ['GET', 'HEAD', 'POST', 'CONNECT', 'UPGRADE'];

function show(value) {
  return JSON.stringify(
    value,
    (_key, part) => (part instanceof Uint8Array ? String.fromCharCode(...part) : part),
    1,
  );
}

/** Throws when two outcomes differ. */
function expectSame(whole, other) {
  if (!equalDeep(whole, other)) throw new Error(`whole: ${show(whole)}\nin pieces: ${show(other)}`);
}

/** Streams for a server, with a policy for its application. */
function serverInputs(fc) {
  return [
    streamOf(fc, fc.oneof(requestText(fc), plainRequestText(fc))),
    fc.constantFrom(...POLICIES),
    fc.constantFrom(...ENDS),
  ];
}

/** Streams for a client, with the requests it has sent. */
function clientInputs(fc) {
  return [
    streamOf(fc, responseText(fc)),
    fc.array(fc.constantFrom(...METHODS), { maxLength: 3 }),
    fc.constantFrom(...ENDS),
  ];
}

/** Throws for an outcome that is not documented. */
function checkDocumented({ FAULTS }, { events, switched }, isServer) {
  const closed = events.filter((event) => event.type === 'closed').length;
  if (closed !== (switched ? 0 : 1)) throw new Error(`closed ${closed} times: ${show(events)}`);
  for (const event of events) {
    if (event.type !== 'failed') continue;
    const fault = FAULTS[event.code];
    if (fault === undefined) throw new Error(`${event.code} is in no table`);
    if (event.status !== (isServer ? fault.status : 0))
      throw new Error(`status ${event.status} for ${event.code}`);
    if (!isServer && event.canRespond) throw new Error('a client cannot respond');
    if (!/^[\x20-\x7e\xab\xbb]+$/.test(event.message))
      throw new Error(`peer bytes in ${event.message}`);
    if (!(event.offset >= 0)) throw new Error(`offset ${event.offset}`);
  }
}

/** Codes about what the oracle, which knows only grammar and lengths, does not judge. */
const BEYOND_ORACLE = /HOST|TARGET|VERSION|LONG|LARGE|MANY|UNKNOWN/;

function compareWithOracle(text, { events }) {
  const oracle = readRequest(text);
  const [first, second, third] = events;
  const end = second?.type === 'data' ? third : second;
  if (first?.type === 'request' && end?.type === 'end') {
    const content = second.type === 'data' ? String.fromCharCode(...second.data) : '';
    const { method, target, fields } = first;
    const expected = {
      method: oracle.method,
      target: oracle.target,
      fields: oracle.fields,
      content: oracle.content,
    };
    if (!equalDeep({ method, target, fields, content }, expected)) {
      throw new Error(
        `machine: ${show({ method, target, fields, content })}\noracle: ${show(oracle)}`,
      );
    }
    return;
  }
  const failed = events.find((event) => event.type === 'failed');
  if (failed === undefined) {
    if (oracle.verdict !== 'incomplete')
      throw new Error(`the machine waits, the oracle: ${show(oracle)}`);
  } else if (oracle.verdict === 'complete' && !BEYOND_ORACLE.test(failed.code)) {
    throw new Error(`machine: ${failed.code}\noracle: ${show(oracle)}`);
  }
}

/** The properties: a name, arbitraries, and what must hold. */
export function streamProperties(modules, fc) {
  return [
    {
      name: 'chunking: any split of a request stream gives the same events and output',
      arbitraries: [...serverInputs(fc), cuts(fc)],
      check: (text, policy, end, where) => {
        const data = bytesOf(text);
        const whole = runToTheEnd(watchedServer(modules, policy), cut(data, []), end);
        expectSame(whole, runToTheEnd(watchedServer(modules, policy), cut(data, where), end, true));
      },
    },
    {
      name: 'chunking: any split of a response stream gives the same events and output',
      arbitraries: [...clientInputs(fc), cuts(fc)],
      check: (text, methods, end, where) => {
        const data = bytesOf(text);
        const whole = runToTheEnd(watchedClient(modules, methods), cut(data, []), end);
        expectSame(
          whole,
          runToTheEnd(watchedClient(modules, methods), cut(data, where), end, true),
        );
      },
    },
    {
      name: 'documented outcomes only: a request stream ends in events or one failed with a listed code',
      arbitraries: serverInputs(fc),
      check: (text, policy, end) =>
        checkDocumented(
          modules.server,
          runToTheEnd(watchedServer(modules, policy), [bytesOf(text)], end),
          true,
        ),
    },
    {
      name: 'documented outcomes only: a response stream ends in events or one failed with a listed code',
      arbitraries: clientInputs(fc),
      check: (text, methods, end) =>
        checkDocumented(
          modules.client,
          runToTheEnd(watchedClient(modules, methods), [bytesOf(text)], end),
          false,
        ),
    },
    {
      name: 'oracle: the server reads a request as the naive reader does',
      arbitraries: [streamOf(fc, plainRequestText(fc)).filter((text) => !text.startsWith('\r'))],
      check: (text) => {
        const { machine, watch } = watchedServer(modules, 'at the end');
        watch.receive(bytesOf(text), 0);
        watch.drainEvents(0);
        if (machine.transport === 'open') compareWithOracle(text, { events: mergedEvents(watch) });
      },
    },
  ];
}

function mergedEvents(watch) {
  const merged = [];
  for (const event of watch.events) {
    const last = merged.at(-1);
    if (event.type === 'data' && last?.type === 'data') {
      merged[merged.length - 1] = {
        type: 'data',
        data: Uint8Array.from([...last.data, ...event.data]),
      };
    } else merged.push(event);
  }
  return merged;
}
