// Parsers with the interface that node:http has: node's own, which is llhttp, and http-parser-js.
import { METHODS } from 'node:http';
import { createRequire } from 'node:module';
import process from 'node:process';
import { latin1, Message, Observation } from './observation.mjs';

// The one way to llhttp that every Node has; newer ones advise against it.
process.noDeprecation = true;
const require = createRequire(import.meta.url);

const HEAD_BYTES_MAX = 1 << 20;
/** What `kOnHeadersComplete` returns: go on, no content, another protocol. */
const GO_ON = 0;
const NO_CONTENT = 1;
const SWITCH = 2;

/** Node's parser, strict as node:http has it. */
export function nodeParser() {
  return require('node:_http_common').HTTPParser;
}

/** http-parser-js, with the interface of the present node. */
export function scriptParser() {
  const { HTTPParser } = require('http-parser-js');
  // To read this constant asks it for the interface that node has now.
  if (HTTPParser.kOnExecute === undefined) throw new Error('another http-parser-js');
  return HTTPParser;
}

function pairsOf(list, isLower) {
  const pairs = [];
  for (let at = 0; at < list.length; at += 2) {
    pairs.push([isLower ? list[at].toLowerCase() : list[at], list[at + 1]]);
  }
  return pairs;
}

/** One parser, to be asked about many streams. */
export class CallbackParser {
  #Parser;
  #parser;
  #methods = new Map();
  #observation = new Observation();
  #fields = [];
  #target = '';
  #role = 'server';
  #asked = [];
  #switches = false;
  #fedBytes = 0;

  constructor(Parser) {
    this.#Parser = Parser;
    this.#parser = new Parser();
    this.#listen();
    this.#learnMethods();
  }

  /**
   * What it makes of the pieces of a stream and its end. `role` is whose input that is. A server's:
   * with `switches` an offered protocol is taken. A client's: `asked` are the methods of the requests
   * that are answered; with `offers` the last of them offers the protocol `toy`.
   */
  observe(pieces, options) {
    this.#begin(options);
    for (const piece of pieces) {
      if (this.#feed(piece)) continue;
      return this.#observation;
    }
    this.#finish();
    return this.#observation;
  }

  #begin({ role, asked = [], switches = false }) {
    const { REQUEST, RESPONSE } = this.#Parser;
    this.#parser.initialize(role === 'server' ? REQUEST : RESPONSE, {}, HEAD_BYTES_MAX, 0);
    this.#observation = new Observation();
    this.#fields = [];
    this.#target = '';
    this.#role = role;
    this.#asked = [...asked];
    this.#switches = switches;
    this.#fedBytes = 0;
  }

  /** False when nothing more is to be fed. */
  #feed(piece) {
    const observation = this.#observation;
    for (let rest = piece; rest.length > 0; ) {
      if (observation.end === 'switched') {
        observation.trailing += latin1(rest);
        return true;
      }
      const before = observation.completeCount;
      const result = this.#parser.execute(Buffer.from(rest));
      if (observation.end === 'refused') return false;
      if (result instanceof Error) {
        this.#refuse(result.code ?? 'an error', result.bytesParsed ?? 0);
        return false;
      }
      // It stops behind an offer, so that the caller can say what comes now. Behind that it hides
      // faults until the next head, and just takes nothing more.
      if (result < rest.length && observation.completeCount === before) {
        this.#refuse('hidden', result);
        return false;
      }
      this.#fedBytes += result;
      rest = rest.subarray(result);
    }
    return true;
  }

  #finish() {
    const observation = this.#observation;
    if (observation.end === 'switched') return;
    const result = this.#parser.finish();
    if (result instanceof Error) {
      observation.end = 'incomplete';
      observation.code = result.code ?? 'an error';
    } else if (observation.open !== null) observation.end = 'incomplete';
    else if (observation.messages.at(-1)?.persistent === false) observation.end = 'closed';
    // A client still waits.
    else if (this.#asked.length > 0) observation.end = 'incomplete';
  }

  #refuse(code, byteCount) {
    const observation = this.#observation;
    observation.end = 'refused';
    observation.code = code;
    observation.offset = this.#fedBytes + byteCount;
  }

  #listen() {
    const { kOnHeaders, kOnHeadersComplete, kOnBody, kOnMessageComplete } = this.#Parser;
    const parser = this.#parser;
    parser[kOnHeaders] = (pairs, target) => {
      this.#fields.push(...pairs);
      this.#target += target;
    };
    parser[kOnHeadersComplete] = (...head) => this.#onHead(...head);
    parser[kOnBody] = (data, offset = 0, byteCount = data.length) => {
      const { open } = this.#observation;
      if (open !== null) open.content += latin1(data.subarray(offset, offset + byteCount));
    };
    parser[kOnMessageComplete] = () => this.#onComplete();
  }

  #onHead(_major, minor, pairs, method, target, status, reason, upgrade, persistent) {
    const isRequest = this.#role === 'server';
    if (!isRequest && this.#asked.length === 0) {
      this.#refuse('unasked', 0);
      return GO_ON;
    }
    const message = new Message();
    message.start = isRequest
      ? [this.#methods.get(method) ?? String(method), target ?? this.#target]
      : [String(status), reason];
    message.minorVersion = minor;
    message.fields = pairsOf(pairs ?? this.#fields, true);
    message.persistent = persistent;
    message.upgrade = upgrade;
    this.#fields = [];
    this.#target = '';
    this.#observation.messages.push(message);
    return isRequest ? GO_ON : this.#afterResponse(message, status);
  }

  /** What node:http's client returns. */
  #afterResponse(message, status) {
    const isInformational = status >= 100 && status < 200;
    const [method] = this.#asked;
    const isTunnel = method === 'CONNECT' && status >= 200 && status < 300;
    if (isTunnel || message.upgrade || status === 101) {
      message.upgrade = true;
      message.persistent = true;
      return SWITCH;
    }
    if (!isInformational) this.#asked.shift();
    return method === 'HEAD' || isInformational ? NO_CONTENT : GO_ON;
  }

  #onComplete() {
    const message = this.#observation.open;
    if (message === null) return;
    message.trailers = pairsOf(this.#fields, true);
    message.isComplete = true;
    this.#fields = [];
    this.#target = '';
    const isTaken = this.#role === 'client' || this.#switches;
    if (message.upgrade && isTaken) this.#observation.end = 'switched';
  }

  /** The parser tells methods by number, and nobody tells which is which. */
  #learnMethods() {
    for (const [number, name] of (this.#Parser.methods ?? []).entries()) {
      this.#methods.set(number, name);
    }
    if (this.#methods.size > 0) return;
    for (const name of METHODS) {
      const { kOnHeadersComplete } = this.#Parser;
      const parser = new this.#Parser();
      parser.initialize(this.#Parser.REQUEST, {});
      parser[kOnHeadersComplete] = (_major, _minor, _pairs, method) => {
        this.#methods.set(method, name);
        return GO_ON;
      };
      parser.execute(Buffer.from(`${name} ${name === 'CONNECT' ? 'a:1' : '/'} HTTP/1.1\r\n\r\n`));
    }
  }
}
