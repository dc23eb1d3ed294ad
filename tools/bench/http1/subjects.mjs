// Who parses and who serialises. A subject is made for one case and returns a function that goes
// through the case's bytes once, and what it has seen on the way.
import { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import process from 'node:process';
import { ANSWER, ANSWER_CONTENT } from './messages.mjs';

// The one way to llhttp that every Node has; newer ones advise against it.
process.noDeprecation = true;
const require = createRequire(import.meta.url);
const { HTTPParser: NativeParser } = require('node:_http_common');
const { HTTPParser: ScriptParser } = require('http-parser-js');

const nothingSeen = () => ({ messages: 0, fields: 0, contentBytes: 0 });

/** node's parser interface, which http-parser-js has, too. */
function callbackParser(parser, { kOnHeadersComplete, kOnBody, kOnMessageComplete }, bytes) {
  const seen = nothingSeen();
  // The pairs are what node:http makes its fields of: names and values as strings.
  parser[kOnHeadersComplete] = (_major, _minor, pairs) => {
    seen.fields += pairs.length / 2;
    return 0;
  };
  parser[kOnBody] = (data, _offset, byteCount) => {
    seen.contentBytes += byteCount ?? data.length;
  };
  parser[kOnMessageComplete] = () => {
    seen.messages += 1;
  };
  const work = () => {
    const result = parser.execute(bytes);
    if (result instanceof Error) throw result;
  };
  return { seen, work };
}

function llhttp({ bytes }) {
  const parser = new NativeParser();
  parser.initialize(NativeParser.REQUEST, {});
  return callbackParser(parser, NativeParser, bytes);
}

function httpParserJs({ bytes }) {
  // To read this constant asks it for the interface that node has now.
  if (ScriptParser.kOnExecute === undefined) throw new Error('another http-parser-js');
  return callbackParser(new ScriptParser(ScriptParser.REQUEST), ScriptParser, bytes);
}

/** The reader of the server machine: no states, no time, no answers. */
function holdlineParsing({ bytes }, build) {
  const seen = nothingSeen();
  const settings = build.serverSettings();
  const input = new build.ReceiveBuffer();
  const reader = new build.RequestReader(input);
  const readContent = () => {
    for (;;) {
      const content = reader.nextContent();
      if (content === 'complete') return;
      seen.contentBytes += content.length;
    }
  };
  const work = () => {
    input.append(bytes);
    for (;;) {
      const head = reader.nextHead(settings);
      if (head === 'need-data') return;
      seen.messages += 1;
      seen.fields += head.fields.length;
      readContent();
    }
  };
  return { seen, work };
}

/** The machine as `net` drives it: every request is answered, and the answers are handed out. */
function holdlineExchange({ bytes }, build) {
  const seen = nothingSeen();
  const server = new build.Http1Server(build.serverSettings(), 0);
  const take = (event) => {
    if (event.type === 'data') {
      seen.contentBytes += event.data.length;
    } else if (event.type === 'request') {
      seen.fields += event.fields.length;
    } else {
      seen.messages += 1;
      server.sendResponse(ANSWER, 0);
      server.sendData(ANSWER_CONTENT, 0);
      server.endMessage([], 0);
    }
  };
  const work = () => {
    server.receive(bytes, 0);
    for (let event = server.nextEvent(0); event.type !== 'need-data'; event = server.nextEvent(0)) {
      take(event);
    }
    for (let chunk = server.nextOutput(); chunk !== null; chunk = server.nextOutput()) {
      server.outputAccepted(chunk.length, 0);
    }
  };
  return { seen, work };
}

/** By key: what goes through the requests. */
export const PARSERS = {
  parsing: { label: 'holdline, parsing', make: holdlineParsing },
  exchange: { label: 'holdline, exchange', make: holdlineExchange },
  llhttp: { label: 'llhttp', make: llhttp },
  httpParserJs: { label: 'http-parser-js', make: httpParserJs },
};

/** The sending half of the server machine: checked, framed, written and handed out. */
function holdlineResponse(heads, build) {
  const seen = { bytes: 0 };
  const settings = build.serverSettings();
  const core = new build.ConnectionCore(settings, 0);
  const states = new build.StatePair(build.SERVER_RECEIVE, 'done', build.SERVER_SEND, 'idle');
  const { request, 'next-cycle': nextCycle } = build.MOVE;
  const sender = new build.ResponseSender(core, states);
  const context = {
    settings,
    request: null,
    requests: 1,
    reader: { method: 'GET', minorVersion: 1, remainingBytes: 0 },
    states,
    draining: false,
    continueIsDue: false,
    isTooOld: false,
  };
  let turn = 0;
  const work = () => {
    states.moveSend(request);
    turn = (turn + 1) % heads.length;
    sender.response(heads[turn], context);
    sender.end([]);
    states.moveSend(nextCycle);
    const chunk = core.nextOutput();
    core.outputAccepted(chunk.length, 0);
    seen.bytes = chunk.length;
  };
  return { seen, work };
}

/** As little of a socket as ServerResponse asks for. */
class NullSink {
  writable = true;
  _writableState = { corked: 0 };
  seen;
  constructor(seen) {
    this.seen = seen;
  }
  write(data) {
    this.seen.bytes = data.length;
    return true;
  }
  on() {}
  off() {}
  removeListener() {}
  cork() {}
  uncork() {}
}

function serverResponse(heads) {
  const seen = { bytes: 0 };
  const sink = new NullSink(seen);
  const request = { method: 'GET', httpVersionMajor: 1, httpVersionMinor: 1 };
  const all = heads.map(({ status, fields }) => ({
    status,
    headers: Object.fromEntries(fields.map(({ name, value }) => [name, value])),
  }));
  let turn = 0;
  const work = () => {
    turn = (turn + 1) % all.length;
    const { status, headers } = all[turn];
    const response = new ServerResponse(request);
    response.shouldKeepAlive = true;
    response._defaultKeepAlive = true;
    response.assignSocket(sink);
    response.writeHead(status, headers);
    response.end();
    response.detachSocket(sink);
  };
  return { seen, work };
}

/** By key: what sends the responses, one after the other. */
export const SERIALISERS = {
  response: { label: 'holdline', make: holdlineResponse },
  serverResponse: { label: 'ServerResponse', make: serverResponse },
};

/** What is measured of one build of the package: its server entry, and modules beside that. */
export async function loadBuild(entry) {
  const names = [
    'server',
    'request-reader',
    'response-sender',
    'connection-core',
    'state',
    'bytes/receive-buffer',
  ];
  const modules = await Promise.all(names.map((name) => import(new URL(`${name}.js`, entry))));
  return Object.assign({}, ...modules);
}
