// Frames from a stranger to either role, whole and in pieces: the same events and output, nothing
// but documented faults, and an end.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { equalDeep, mergeData, Watch } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';

const dist = join(import.meta.dirname, '../../../packages/websocket/dist');
/** Role, delivery and compression; how often the stream is cut. */
const HEADER_BYTES = 2;
const START = 1_000_003;
const EDGES_AT_FIRST = 200_000;
const EDGES_PER_BYTE = 2_000;
const LIMITS = { messageBytesMax: 2_000, fragmentsMax: 40, controlFramesPerSecondMax: 200 };
const DEFLATE = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

function machineOf({ index, deflate }, script) {
  const settings = {
    limits: LIMITS,
    delivery: (script & 2) === 0 ? 'whole' : 'pieces',
    compression: deflate.pureCompression,
    random: (target) => target.fill(7),
  };
  const agreed = (script & 4) === 0 ? null : DEFLATE;
  return (script & 1) === 0
    ? new index.ServerWebSocket(index.serverSettings(settings), START, agreed)
    : new index.ClientWebSocket(index.clientSettings(settings), START, agreed);
}

/** How much output was under way at the end depends on when it was pulled. */
function comparable(event) {
  if (event.type !== 'closed') return event;
  return { ...event, evidence: { ...event.evidence, unacceptedBytes: 0 } };
}

function outcomeOf(modules, script, chunks) {
  const watch = new Watch(machineOf(modules, script));
  const { machine } = watch;
  for (const chunk of chunks) {
    if (!machine.wantsData) break;
    watch.spuriousDeadline(START);
    watch.receive(chunk, START);
    watch.drain(START);
  }
  machine.receiveEnd(START, 'finished');
  watch.drain(START);
  watch.verifyBytes();
  const events = mergeData(watch.events).map(comparable);
  if (events.at(-1)?.type !== 'closed') throw new Error('an end that is not reported');
  for (const event of events) {
    if (event.type !== 'failed') continue;
    if (modules.index.FAULTS[event.code]?.closeCode !== event.closeCode)
      throw new Error(`${event.code} is in no table`);
  }
  return { events, output: watch.output, transport: machine.transport };
}

function execute(input, modules) {
  const [script = 0, step = 0] = input;
  const stream = input.slice(HEADER_BYTES);
  coverage.limit(EDGES_AT_FIRST + EDGES_PER_BYTE * stream.length, Number.POSITIVE_INFINITY);
  const whole = outcomeOf(modules, script, stream.length > 0 ? [stream] : []);
  const chunks = [];
  const size = 1 + (step % 16);
  for (let at = 0; at < stream.length; at += size) chunks.push(stream.slice(at, at + size));
  const cut = outcomeOf(modules, script, chunks);
  if (!equalDeep(whole, cut)) {
    const show = ({ events }) => events.map(({ type, code }) => `${type} ${code ?? ''}`).join(', ');
    throw new Error(`what is reported depends on the cuts: ${show(whole)}; ${show(cut)}`);
  }
}

const hello = [0x48, 0x65, 0x6c, 0x6c, 0x6f];
const SEEDS = [
  [1, 0, 0x81, 5, ...hello, 0x89, 0, 0x88, 2, 3, 232],
  [0, 1, 0x81, 0x85, 0, 0, 0, 0, ...hello, 0x88, 0x80, 0, 0, 0, 0],
  [3, 2, 0x01, 3, 0x48, 0x65, 0x6c, 0x8a, 0, 0x80, 2, 0x6c, 0x6f],
  [5, 0, 0xc1, 7, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 7, 0],
  [5, 0, 0x41, 3, 0xf2, 0x48, 0xcd, 0x80, 4, 0xc9, 0xc9, 7, 0, 0xc1, 5, 0xf2, 0, 0x11, 0, 0],
  [1, 3, 0x82, 126, 0, 200, ...new Array(200).fill(1)],
  [3, 0, 0x81, 4, 0xc3, 0xa4, 0xc3, 0x28],
];
const TOKENS = [
  [0x81, 0x80, 0, 0, 0, 0],
  [0x82, 126, 0, 126],
  [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0],
  [0x88, 2, 3, 232],
  [0xe2, 0x82, 0xac],
  [0, 0, 0xff, 0xff],
];

export default {
  name: 'websocket-frames',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 3_000,
  async load(instrument) {
    const copies = await instrument(dist);
    const load = (name) => import(pathToFileURL(join(copies, name)));
    const modules = { index: await load('index.js'), deflate: await load('deflate/index.js') };
    return {
      seeds: SEEDS.map((seed) => Uint8Array.from(seed)),
      tokens: TOKENS.map((token) => Uint8Array.from(token)),
      execute: (input) => execute(input, modules),
      describe: (input) => [
        `    ${['server', 'client'][input[0] & 1]}, options ${input[0]}, cut every ${1 + (input[1] % 16)} bytes`,
        `    ${Buffer.from(input.subarray(HEADER_BYTES)).toString('hex')}`,
      ],
    };
  },
};
