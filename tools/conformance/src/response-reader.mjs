// Reads responses from a connection as a careful client does (RFC 9112 sections 4, 5 and 6.3), and
// notes whatever is not as the grammar has it.

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d) ([\t -~\x80-\xff]*)$/;
const FIELD_LINE =
  /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*((?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?)[\t ]*$/;

/** A response, complete or not. */
export class Response {
  status = 0;
  minorVersion = 1;
  /** Lower-case names; [name, value] in order. @type {[string, string][]} */
  fields = [];
  content = '';
  isComplete = false;

  /** All values of a field, joined. */
  field(name) {
    const values = this.fields.filter(([key]) => key === name).map(([, value]) => value);
    return values.length === 0 ? null : values.join(', ');
  }

  /** Whether a field's list has this token, in any case. */
  lists(name, token) {
    const members = (this.field(name) ?? '').toLowerCase().split(',');
    return members.some((member) => member.trim() === token);
  }
}

/** Fed with text (latin1), it fills `responses` (final ones) and `interim`, and notes `faults`. */
export class ResponseReader {
  /** @type {Response[]} */
  responses = [];
  /** Informational responses, with the number of final ones before each. */
  interim = [];
  /** @type {string[]} */
  faults = [];
  #methods;
  #unread = '';
  #current = null;
  #read = this.#readHead;
  #chunkBytes = 0;

  /** `methods` of the requests to be answered; GET where there is none. */
  constructor(methods) {
    this.#methods = methods;
  }

  receive(text) {
    this.#unread += text;
    while (this.#read()) {
      // Each call has read one element.
    }
  }

  /** The connection has ended: what is close-delimited is complete now. */
  receiveEnd() {
    if (this.#read === this.#readUntilEnd) this.#complete();
    if (this.#current !== null) this.faults.push('a response was cut off');
    else if (this.#unread !== '') this.faults.push('bytes that are no response');
  }

  /** The last final response, complete or not. */
  get last() {
    return this.#current ?? this.responses.at(-1) ?? null;
  }

  #takeLine() {
    const end = this.#unread.indexOf('\r\n');
    if (end === -1) return null;
    const line = this.#unread.slice(0, end);
    this.#unread = this.#unread.slice(end + 2);
    return line;
  }

  #readHead() {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end === -1) return this.#refuseGarbage();
    const [startLine = '', ...lines] = this.#unread.slice(0, end).split('\r\n');
    this.#unread = this.#unread.slice(end + 4);
    const response = new Response();
    const match = STATUS_LINE.exec(startLine);
    if (match === null) return this.#fail(`status-line ${JSON.stringify(startLine)}`);
    response.minorVersion = Number(match[1]);
    response.status = Number(match[2]);
    for (const line of lines) {
      const field = FIELD_LINE.exec(line);
      if (field === null) return this.#fail(`field line ${JSON.stringify(line)}`);
      response.fields.push([field[1].toLowerCase(), field[2]]);
    }
    return this.#begin(response);
  }

  /** HTTP/0.9 has no head: its response is never going to be one of ours. */
  #refuseGarbage() {
    const start = this.#unread.slice(0, 7);
    if ('HTTP/1.'.startsWith(start) || start === 'HTTP/1.') return false;
    return this.#fail(`no status-line but ${JSON.stringify(this.#unread.slice(0, 20))}`);
  }

  #begin(response) {
    const { status } = response;
    if (status < 200) {
      response.isComplete = true;
      this.interim.push({ response, after: this.responses.length });
      return true;
    }
    this.#current = response;
    const method = this.#methods[this.responses.length] ?? 'GET';
    const coding = response.field('transfer-encoding');
    const length = response.field('content-length');
    if (method === 'HEAD' || status === 204 || status === 304) return this.#complete();
    if (coding !== null) {
      if (coding.toLowerCase() !== 'chunked') return this.#fail(`transfer coding ${coding}`);
      this.#read = this.#readChunkSize;
    } else if (length !== null) {
      if (!/^\d{1,15}$/.test(length)) return this.#fail(`content-length ${length}`);
      this.#chunkBytes = Number(length);
      this.#read = this.#readLength;
    } else {
      this.#read = this.#readUntilEnd;
    }
    return true;
  }

  #readLength() {
    if (this.#unread.length < this.#chunkBytes) return false;
    this.#current.content = this.#unread.slice(0, this.#chunkBytes);
    this.#unread = this.#unread.slice(this.#chunkBytes);
    return this.#complete();
  }

  #readUntilEnd() {
    this.#current.content += this.#unread;
    this.#unread = '';
    return false;
  }

  #readChunkSize() {
    const line = this.#takeLine();
    if (line === null) return false;
    if (!/^[0-9a-f]{1,8}$/i.test(line)) return this.#fail(`chunk-size ${JSON.stringify(line)}`);
    this.#chunkBytes = Number.parseInt(line, 16);
    this.#read = this.#chunkBytes === 0 ? this.#readTrailer : this.#readChunk;
    return true;
  }

  #readChunk() {
    if (this.#unread.length < this.#chunkBytes + 2) return false;
    const chunk = this.#unread.slice(0, this.#chunkBytes);
    const lineEnd = this.#unread.slice(this.#chunkBytes, this.#chunkBytes + 2);
    if (lineEnd !== '\r\n') return this.#fail('no CRLF after chunk-data');
    this.#current.content += chunk;
    this.#unread = this.#unread.slice(this.#chunkBytes + 2);
    this.#read = this.#readChunkSize;
    return true;
  }

  #readTrailer() {
    const line = this.#takeLine();
    if (line === null) return false;
    return line === '' ? this.#complete() : true;
  }

  #complete() {
    this.#current.isComplete = true;
    this.responses.push(this.#current);
    this.#current = null;
    this.#read = this.#readHead;
    return true;
  }

  /** Nothing can be read after this. */
  #fail(fault) {
    this.faults.push(fault);
    this.#current = null;
    this.#unread = '';
    this.#read = () => {
      this.#unread = '';
      return false;
    };
    return false;
  }
}
