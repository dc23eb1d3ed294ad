// Plays a case on a connection of its own and tells what came of it.
import { connect } from 'node:net';
import { PROBE } from './requests.mjs';
import { ResponseReader } from './response-reader.mjs';

/** The content of the response to the probe. */
const PROBE_CONTENT = 'probe';

/**
 * @typedef {object} Exchange
 * @property {import('./response-reader.mjs').Response[]} responses to the case; not to the probe
 * @property {{ response: import('./response-reader.mjs').Response, after: number }[]} interim
 * @property {string[]} faults of the responses' syntax
 * @property {'persist' | 'close' | 'silent'} fate what the connection did afterwards
 * @property {'open' | 'end' | 'reset'} ending how the server ended it
 * @property {boolean} wasProbed the probe was sent
 * @property {[string, string][]} transcript `>` or `<`, and the text
 */

/** Plays `testCase` at `port`; `patienceMs` is how long the server may be silent. */
export function play(testCase, port, patienceMs) {
  return new Promise((resolve) => new Player(testCase, port, patienceMs, resolve));
}

class Player {
  #case;
  #socket;
  #reader;
  #resolve;
  #timer;
  #nextStep = 0;
  #isWriting = false;
  #wasProbed = false;
  #transcript = [];
  /** With so many final responses the server is expected to await the next request. */
  #persistCount;

  constructor(testCase, port, patienceMs, resolve) {
    this.#case = testCase;
    this.#resolve = resolve;
    this.#persistCount = persistCountOf(testCase);
    this.#reader = new ResponseReader(testCase.methods);
    this.#timer = setTimeout(() => this.#onSilence(), patienceMs);
    this.#socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('connect', () => this.#proceed());
    this.#socket.on('data', (text) => this.#onData(text));
    this.#socket.on('end', () => this.#finish('end'));
    this.#socket.on('error', () => this.#finish('reset'));
  }

  #onData(text) {
    this.#note('<', text);
    this.#timer.refresh();
    this.#reader.receive(text);
    this.#proceed();
  }

  /** Writes what may be written now; the probe at last. */
  #proceed() {
    const { steps } = this.#case;
    while (this.#nextStep < steps.length && !this.#isWriting) {
      const step = steps[this.#nextStep];
      if (typeof step === 'object' && !this.#hasArrived(step.await)) return;
      this.#nextStep += 1;
      if (typeof step === 'string') this.#write(step);
      else if (typeof step === 'function') this.#write(step(this.#reader.responses));
    }
    if (this.#isWriting || this.#nextStep < steps.length) return;
    if (this.#case.halfCloses) {
      if (!this.#socket.writableEnded) this.#socket.end();
    } else if (this.#reader.responses.length === this.#persistCount && !this.#isClosing()) {
      this.#probe();
    }
  }

  #hasArrived(what) {
    const { interim, responses } = this.#reader;
    if (what === 'answer') return interim.length + responses.length > 0;
    return responses.length >= what;
  }

  #isClosing() {
    return this.#reader.last?.lists('connection', 'close') ?? false;
  }

  #write(text) {
    this.#note('>', text);
    if (this.#case.pace === 'whole') this.#socket.write(text, 'latin1');
    else this.#writeBytes(text, 0);
  }

  #writeBytes(text, index) {
    this.#isWriting = index < text.length;
    if (this.#socket.destroyed) return;
    if (!this.#isWriting) {
      this.#proceed();
      return;
    }
    this.#socket.write(text[index], 'latin1');
    this.#timer.refresh();
    setImmediate(() => this.#writeBytes(text, index + 1));
  }

  #probe() {
    if (this.#wasProbed || this.#socket.writableEnded) return;
    this.#wasProbed = true;
    this.#note('>', PROBE);
    this.#socket.write(PROBE, 'latin1');
  }

  /** Whether it is open may still be asked, once. */
  #onSilence() {
    if (!this.#wasProbed && !this.#socket.writableEnded && this.#reader.faults.length === 0) {
      this.#probe();
      this.#timer.refresh();
    } else {
      this.#finish('open');
    }
  }

  #finish(ending) {
    clearTimeout(this.#timer);
    this.#socket.removeAllListeners();
    this.#socket.on('error', () => {});
    this.#socket.destroy();
    if (ending !== 'open') this.#reader.receiveEnd();
    const { responses, interim, faults } = this.#reader;
    const isProbeAnswered = this.#wasProbed && responses.at(-1)?.content === PROBE_CONTENT;
    this.#note('=', ending);
    this.#resolve({
      responses: isProbeAnswered ? responses.slice(0, -1) : responses,
      interim,
      faults,
      fate: isProbeAnswered ? 'persist' : ending === 'open' ? 'silent' : 'close',
      ending,
      wasProbed: this.#wasProbed,
      transcript: this.#transcript,
    });
  }

  #note(direction, text) {
    this.#transcript.push([direction, text]);
  }
}

function persistCountOf({ expect, house }) {
  const counts = [...expect, ...house]
    .filter(({ fate }) => fate !== 'close')
    .map(({ statuses }) => statuses.length);
  return counts.length === 0 ? -1 : Math.max(...counts);
}
