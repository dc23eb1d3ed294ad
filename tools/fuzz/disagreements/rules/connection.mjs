// Disagreements about whether the connection goes on behind a message, and in which protocol.
import { isToken, words } from '../grammar.mjs';
import { joined, valuesOf } from '../observation.mjs';

const SERVER = ['server'];
const BOTH = ['server', 'client'];
const last = ({ ours, index }) => ours.messages[index - 1] ?? null;
const isConnectWithContent = (message) =>
  message.start[0] === 'CONNECT' &&
  ['content-length', 'transfer-encoding'].some((name) => valuesOf(message, name).length > 0);
const saysProxy = (message) => message !== null && valuesOf(message, 'proxy-connection').length > 0;

/** See `../list.mjs` for what a rule has. */
export const connectionRules = [
  {
    name: 'proxy-connection',
    roles: BOTH,
    stricter: 'neither',
    what: ['persistent', 'upgrade', 'verdict'],
    ours: /^closed$/,
    theirs: /^/,
    when: (context) => saysProxy(context.what === 'verdict' ? last(context) : context.message),
    example: String.raw`GET / HTTP/1.1\r\nHost: a\r\nProxy-Connection: close\r\n\r\n`,
    outcome: [true, false, true],
    section: 'RFC 9112 section 9.3',
    sentence:
      'A recipient determines whether a connection is persistent or not based on the protocol version and Connection header field (Section 7.6.1 of [HTTP]) in the most recently received message, if any',
    why: 'Proxy-Connection was never in a standard (RFC 9112 appendix C.2.2). Node’s parser takes it for Connection.',
  },
  {
    name: 'keep-alive-and-close',
    roles: BOTH,
    stricter: 'neither',
    what: 'persistent',
    when: ({ message }) => {
      const options = words(joined(message, 'connection'));
      return options.includes('close') && options.includes('keep-alive');
    },
    example: String.raw`GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n`,
    outcome: [false, true, true],
    section: 'RFC 9112 section 9.3',
    sentence:
      'If the "close" connection option is present (Section 9.6), the connection will not persist after the current response',
    why: 'That rule comes first.',
  },
  {
    name: 'data-behind-the-last-message',
    roles: BOTH,
    stricter: 'node',
    when: (context) => last(context) !== null && !last(context).persistent,
    example: String.raw`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['closed', 'HPE_CLOSED_CONNECTION', 'accepts'],
    section: 'RFC 9112 section 9.6',
    sentence: 'The server MUST NOT process any further requests received on that connection.',
    why: 'Neither does. The last message was in order, so what follows is thrown away. node:http answers it with 400, and does so in place of the response to the last request if that is not out yet.',
  },
  {
    name: 'faults-behind-an-offer',
    roles: SERVER,
    stricter: 'holdline',
    ours: /^(?:incomplete|closed|HTTP1_.*)$/,
    theirs: /^(?:rest|hidden)$/,
    when: (context) => last(context)?.upgrade === true,
    example: String.raw`GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\nGET`,
    outcome: ['incomplete', 'rest', 'rest'],
    section: 'RFC 9110 section 7.8',
    sentence:
      'A server MAY ignore a received Upgrade header field if it wishes to continue using the current protocol on that connection.',
    why: 'Behind an offer that nobody takes, HTTP goes on. Node’s parser stops there and hides faults until the next head.',
  },
  {
    name: 'last-byte-behind-an-offer',
    roles: SERVER,
    stricter: 'holdline',
    ours: /^HTTP1_/,
    theirs: /^incomplete$/,
    when: ({ message, offset, text }) => message.upgrade && offset === text.length - 1,
    example: String.raw`POST / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: toy\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\n`,
    outcome: ['HTTP1_BARE_LF', 'incomplete', 'accepts'],
    section: 'RFC 9110 section 7.8',
    sentence:
      'A server MAY ignore a received Upgrade header field if it wishes to continue using the current protocol on that connection.',
    why: 'Node’s parser hides faults of the content, too. When the wrong byte is the last one, it does not even show that it has stopped there.',
  },
  {
    name: 'offer-in-http-1.0',
    roles: SERVER,
    stricter: 'neither',
    what: 'upgrade',
    when: ({ message }) => message.minorVersion === 0 && !message.upgrade,
    example: String.raw`GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\n`,
    outcome: [false, true, true],
    section: 'RFC 9110 section 7.8',
    sentence:
      'A server that receives an Upgrade header field in an HTTP/1.0 request MUST ignore that Upgrade field.',
    why: 'Node’s parser reports an upgrade.',
  },
  {
    name: 'offer-of-no-protocol',
    roles: SERVER,
    stricter: 'neither',
    what: 'upgrade',
    when: ({ message }) =>
      !message.upgrade &&
      words(joined(message, 'upgrade')).every((one) => !one.split('/').every(isToken)),
    example: String.raw`GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: ,\r\n\r\n`,
    outcome: [false, true, true],
    section: 'RFC 9110 section 7.8',
    sentence: 'Upgrade = #protocol',
    why: 'There is nothing that a server could switch to.',
  },
  {
    name: 'behind-a-refused-connect',
    roles: SERVER,
    stricter: 'holdline',
    ours: /^closed$/,
    theirs: /^/,
    when: ({ options, ...context }) => !options.switches && last(context)?.start[0] === 'CONNECT',
    example: String.raw`CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`,
    outcome: ['closed', 'accepts', 'accepts'],
    section: 'RFC 9931 section 8',
    sentence:
      'proxy servers MUST close the underlying connection when rejecting a CONNECT request, without processing any further requests on that connection',
    why: 'What follows may have been meant for the tunnel, by somebody who does not know whose request it would become. node:http leaves a CONNECT to its caller.',
  },
  {
    name: 'content-of-connect',
    roles: SERVER,
    stricter: 'neither',
    what: ['content', 'verdict', 'trailers', 'trailing'],
    ours: /^/,
    theirs: /^(?:accepts|switched|hidden)$/,
    when: ({ ours, theirs, index }) =>
      [ours, theirs].some(({ messages }) =>
        messages.slice(0, index + 1).some(isConnectWithContent),
      ),
    example: String.raw`CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 2\r\n\r\nhi`,
    outcome: ['hi', '', 'hi'],
    section: 'RFC 9112 section 6',
    sentence: 'Request message framing is independent of method semantics.',
    why: 'A CONNECT with a length has content like any other request, and the tunnel begins behind it. Node’s parser takes it for the tunnel’s.',
  },
  {
    name: 'tab-behind-a-value',
    roles: BOTH,
    stricter: 'neither',
    what: ['persistent', 'upgrade', 'verdict'],
    agreeing: ['22', '24', '26'],
    ours: /^/,
    theirs: /^/,
    when: ({ text }) =>
      /\n(?:(?:proxy-)?connection|upgrade|content-length):[^\r\n]*\t[ \t]*\r\n/i.test(text),
    example: String.raw`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\t\r\n\r\n`,
    outcome: [false, true, false],
    section: 'RFC 9112 section 5.1',
    sentence: 'The field line value does not include that leading or trailing whitespace',
    why: 'A length with a tab behind it is refused there, and a connection option is not seen.',
  },
];
