// The http1 machines, asked the same as the other parsers.
import { latin1, Message, Observation } from './observation.mjs';

/** When all connections open. */
export const NOW = 1_000_003;
/** Sizes are policy; what is compared is grammar. */
const LIMITS = {
  startLineBytesMax: 1e6,
  methodBytesMax: 1e6,
  headBytesMax: 1e6,
  fieldsMax: 1e6,
  emptyLinesMax: 1e6,
  chunkExtensionBytesMax: 1e6,
  trailerBytesMax: 1e6,
  informationalMax: 1e6,
  inputBytesMax: 1e7,
  lingerBytesMax: 1e7,
};

function pairsOf(fields) {
  return fields.map(({ name, value }) => [name, value]);
}

/** A client or a server machine, opened anew for each stream. */
export class MachineParser {
  #modules;
  #record;
  #settings;
  #observation = new Observation();
  #machine = null;
  #options = null;
  #offered = [];

  /**
   * `modules` are the entries `server` and `client` of a build of http1; `record` gets each machine
   * and gives what to use instead.
   */
  constructor(modules, record = (machine) => machine) {
    this.#modules = modules;
    this.#record = record;
    this.#settings = {
      server: modules.server.serverSettings({ limits: LIMITS }),
      client: modules.client.clientSettings({ limits: LIMITS }),
    };
  }

  /** See `CallbackParser.observe`. */
  observe(pieces, options) {
    this.#options = options;
    this.#observation = new Observation();
    const { server, client } = this.#modules;
    const machine =
      options.role === 'server'
        ? new server.Http1Server(this.#settings.server, NOW)
        : new client.Http1Client(this.#settings.client, NOW);
    this.#machine = this.#record(machine);
    if (options.role === 'client') this.#ask();
    for (const piece of pieces) {
      if (this.#observation.end === 'switched') this.#observation.trailing += latin1(piece);
      else this.#machine.receive(new Uint8Array(piece), NOW);
      this.#pull();
    }
    if (this.#observation.end !== 'switched') {
      this.#machine.receiveEnd(NOW, 'finished');
      this.#pull();
    }
    return this.#observation;
  }

  /** All requests at once, as far as none waits for another protocol. */
  #ask() {
    const { asked, offers } = this.#options;
    for (const [index, method] of asked.entries()) {
      const isLast = index === asked.length - 1;
      const authority = method === 'CONNECT' ? 'a:1' : 'a';
      const fields = [{ name: 'Host', value: authority }];
      if (isLast && offers) fields.push({ name: 'Upgrade', value: 'toy' });
      const target = method === 'CONNECT' ? authority : '/';
      this.#machine.sendRequest({ method, target, fields }, NOW);
      this.#machine.endMessage([], NOW);
    }
    this.#takeOutput();
  }

  #takeOutput() {
    for (let chunk = this.#machine.nextOutput(); chunk !== null; ) {
      this.#machine.outputAccepted(chunk.length, NOW);
      chunk = this.#machine.nextOutput();
    }
  }

  #pull() {
    for (;;) {
      const event = this.#machine.nextEvent(NOW);
      if (event.type === 'need-data' || event.type === 'paused') break;
      this.#take(event);
      this.#takeOutput();
    }
  }

  #take(event) {
    const observation = this.#observation;
    const { open } = observation;
    switch (event.type) {
      case 'request':
      case 'response':
      case 'informational':
        this.#begin(event);
        break;
      case 'data':
        open.content += latin1(event.data);
        break;
      case 'end':
        open.trailers = pairsOf(event.trailers);
        open.isComplete = true;
        if (this.#options.role === 'server') this.#answer(open);
        break;
      case 'switched':
        if (open !== null) open.isComplete = true;
        observation.end = 'switched';
        observation.trailing += latin1(this.#machine.takeTrailingData().data);
        break;
      case 'failed':
        observation.end = event.code === 'HTTP1_UNEXPECTED_END' ? 'incomplete' : 'refused';
        observation.code = event.code;
        observation.offset = event.offset;
        if (event.canRespond) {
          this.#respond(event.status);
        }
        break;
      default:
        if (/^(?:peer|local)-close$/.test(event.cause)) observation.end = 'closed';
    }
  }

  #begin(event) {
    const message = new Message();
    const isRequest = event.type === 'request';
    message.start = isRequest ? [event.method, event.target] : [String(event.status), event.reason];
    message.minorVersion = event.minorVersion ?? Number(event.rawHead[7]);
    message.fields = pairsOf(event.fields);
    message.persistent = event.persistent ?? true;
    message.upgrade = isRequest
      ? event.upgrade.length > 0 || event.method === 'CONNECT'
      : event.framing === 'tunnel';
    // Behind a switch there is no such question.
    if (event.framing === 'tunnel') message.persistent = true;
    message.isComplete = event.type === 'informational';
    if (isRequest) this.#offered = event.upgrade;
    this.#observation.messages.push(message);
  }

  /** Takes an offered protocol where that is wanted, declines it otherwise. */
  #answer(request) {
    const machine = this.#machine;
    const isTaken = request.upgrade && this.#options.switches;
    if (!isTaken) {
      this.#respond(404);
      return;
    }
    if (request.start[0] === 'CONNECT') {
      machine.sendResponse({ status: 200, fields: [] }, NOW);
      return;
    }
    const fields = [{ name: 'Upgrade', value: this.#offered[0] }];
    machine.sendResponse({ status: 101, fields }, NOW);
  }

  #respond(status) {
    const fields = [{ name: 'Content-Length', value: '0' }];
    this.#machine.sendResponse({ status, fields }, NOW);
    if (this.#machine.responseState === 'content') this.#machine.endMessage([], NOW);
  }
}
