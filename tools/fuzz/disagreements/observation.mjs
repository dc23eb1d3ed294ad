// What a parser made of a stream, in words that every parser can be asked for: its messages, and
// how it went on behind them.

/** One message of an observation, filled as it comes. */
export class Message {
  /** Method and target of a request, status and reason phrase of a response. */
  start = ['', ''];
  minorVersion = 1;
  /** Pairs of a name in lower case and a value, one code unit per byte. */
  fields = [];
  /** The connection can go on behind this message. */
  persistent = true;
  /** Another protocol was offered (a request) or begins behind this head (a response). */
  upgrade = false;
  content = '';
  trailers = [];
  isComplete = false;
}

/**
 * How an observation ends: `rest` between two messages, `incomplete` inside one, `refused` for a
 * fault, `closed` behind a message that is the last, `switched` to another protocol.
 */
export class Observation {
  messages = [];
  end = 'rest';
  /** The parser's own word for the fault it refused, or empty. */
  code = '';
  /** Bytes of the stream before the fault. */
  offset = -1;
  /** What belongs to the protocol that was switched to. */
  trailing = '';

  /** The message that is under way, or null. */
  get open() {
    const last = this.messages.at(-1);
    return last === undefined || last.isComplete ? null : last;
  }

  /** Messages that were read to their end. */
  get completeCount() {
    return this.messages.length - (this.open === null ? 0 : 1);
  }
}

/** One code unit per byte. */
export function latin1(data) {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1');
}

/** The values of a message's fields with this name. */
export function valuesOf(message, name) {
  return message.fields.filter((field) => field[0] === name).map((field) => field[1]);
}

/** The same in one, as RFC 9110 section 5.3 combines them. */
export function joined(message, name) {
  return valuesOf(message, name).join(', ');
}
