// The fields of a head to be sent that decide about its framing and its connection. The machine
// owns framing: what a caller gives is either sent as given, because it is consistent, or refused.
import type { Field, Framing } from './events.ts';
import { LocalProtocolError } from './faults.ts';
import { parseContentLength } from './framing.ts';
import { isName, isToken, tokenListElements } from './grammar.ts';

/** What a caller's fields say about framing and connection. */
export interface OutgoingFields {
  /** Value of Content-Length; -1 when absent. */
  contentLength: number;
  /** `Transfer-Encoding: chunked` is among the fields. */
  chunked: boolean;
  /** `Connection: close` is among the fields. */
  close: boolean;
  /** `Connection: keep-alive` is among the fields. */
  keepAlive: boolean;
  /** Connection options other than close and keep-alive. */
  options: string;
  /** Value of Upgrade; empty when absent. */
  upgrade: string;
  /** Values of Host, for requests. */
  hosts: number;
  /** Date is among the fields. */
  date: boolean;
}

/** Reads them; throws LocalProtocolError for fields that contradict each other or that only the machine may send. */
export function outgoingFields(fields: readonly Field[]): OutgoingFields {
  const found: OutgoingFields = {
    contentLength: -1,
    chunked: false,
    close: false,
    keepAlive: false,
    options: '',
    upgrade: '',
    hosts: 0,
    date: false,
  };
  for (let index = 0; index < fields.length; index++) {
    const { name, value } = fields[index]!;
    switch (name.length) {
      case 4:
        if (isName(name, 'host')) found.hosts++;
        else if (isName(name, 'date')) found.date = true;
        break;
      case 7:
        if (isName(name, 'upgrade')) found.upgrade = value;
        break;
      case 10:
        readConnection(found, name, value);
        break;
      case 14:
        if (isName(name, 'content-length')) readContentLength(found, value);
        break;
      case 17:
        if (isName(name, 'transfer-encoding')) readTransferEncoding(found, value);
    }
  }
  // «A sender MUST NOT send a Content-Length header field in any message that contains a
  // Transfer-Encoding header field.» RFC 9112 section 6.2.
  if (found.chunked && found.contentLength !== -1) {
    throw framingError('Content-Length and Transfer-Encoding exclude each other');
  }
  return found;
}

/** A LocalProtocolError about framing. */
export function framingError(message: string): LocalProtocolError {
  return new LocalProtocolError('HTTP1_FRAMING_NOT_ALLOWED', message);
}

/** How a message that goes out is delimited. */
export interface OutgoingFraming {
  readonly framing: Framing;
  readonly contentLength: number;
}

/** What the machine adds to a message without a known length. */
export const CHUNKED_FIELD: Field = { name: 'Transfer-Encoding', value: 'chunked' };
/** What the machine adds to a message whose content is known to be empty. */
export const EMPTY_FIELD: Field = { name: 'Content-Length', value: '0' };

/** The Connection field that the machine adds. */
export function connectionField(options: string): Field {
  return { name: 'Connection', value: options };
}

/** A list of connection options with one more, unless it is among them. */
export function withOption(options: string, option: string): string {
  if (options === '') return option;
  const present = tokenListElements(options).some(
    (element) => element.toLowerCase() === option.toLowerCase(),
  );
  return present ? options : `${option}, ${options}`;
}

function readConnection(found: OutgoingFields, name: string, value: string): void {
  if (isName(name, 'keep-alive')) throw framingError('Keep-Alive is written by the machine');
  if (!isName(name, 'connection')) return;
  for (const option of tokenListElements(value)) {
    if (!isToken(option)) throw new TypeError('a connection option must be a token');
    const lower = option.toLowerCase();
    if (lower === 'close') found.close = true;
    else if (lower === 'keep-alive') found.keepAlive = true;
    else found.options += `${found.options === '' ? '' : ', '}${option}`;
  }
}

function readContentLength(found: OutgoingFields, value: string): void {
  const contentLength = value.includes(',') ? -1 : parseContentLength(value);
  if (contentLength === -1) throw framingError('Content-Length must be one decimal number');
  if (found.contentLength !== -1) throw framingError('there must be one Content-Length at most');
  found.contentLength = contentLength;
}

function readTransferEncoding(found: OutgoingFields, value: string): void {
  // Other codings would have to be applied by the caller and understood by the peer; nobody asks for them.
  if (value.toLowerCase() !== 'chunked' || found.chunked) {
    throw framingError('Transfer-Encoding can only be chunked, once');
  }
  found.chunked = true;
}
