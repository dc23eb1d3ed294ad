// Where ws decides otherwise about an opening handshake than @holdline/websocket, and by which
// sentence. An outcome is a status, or `open` with what was agreed.

/** A reason for which some heads have two outcomes. */
export interface Difference {
  readonly section: string;
  readonly why: string;
  /** The labels of the heads. */
  readonly heads: RegExp;
  readonly ours: RegExp;
  readonly theirs: RegExp;
}

const OPEN = /^open/;
const PLAIN = /^open - -$/;
const BAD = /^400$/;

/** Of requests, which a server reads. */
export const REQUEST_DIFFERENCES: readonly Difference[] = [
  {
    section: 'RFC 6455 section 4.2.1, RFC 9112 section 3.2',
    why: 'a request has one valid Host; node checks none in a request for an upgrade',
    heads: /^Host: (?:null|""|"a b"|"h:99999"|\["h","h"\]|"u@h")$/,
    ours: BAD,
    theirs: PLAIN,
  },
  {
    section: 'RFC 9110 section 7.8',
    why: 'Upgrade is a list of protocols, of which the server chooses one',
    heads: /^Upgrade: (?:".*, .*"|\[.*\])$/,
    ours: PLAIN,
    theirs: BAD,
  },
  {
    section: 'RFC 9110 section 15.5.22',
    why: 'a server for WebSockets only answers 426 to a request for something else',
    heads: /^Upgrade: "(?:h2c|websocket\/13|websockets)"$/,
    ours: /^426$/,
    theirs: BAD,
  },
  {
    section: 'RFC 6455 section 4.2.2',
    why: 'another version is answered 426, which the section gives as its example',
    heads: /^Sec-WebSocket-Version: (?:null|"(?:0|7|9|12|14|25|255)")$/,
    ours: /^426$/,
    theirs: BAD,
  },
  {
    section: 'RFC 6455 section 4.2.1',
    why: 'version 8 was a draft',
    heads: /^Sec-WebSocket-Version: "8"$/,
    ours: /^426$/,
    theirs: PLAIN,
  },
  {
    section: 'RFC 6455 section 4.3',
    why: 'a version is a decimal number without leading zeros',
    heads: /^Sec-WebSocket-Version: "(?:013|13\.0|0xd|1\.3e1|\+13)"$/,
    ours: BAD,
    theirs: PLAIN,
  },
  {
    section: 'RFC 9110 section 5.6.1.2',
    why: 'a recipient ignores a reasonable number of empty list elements',
    heads: /^Sec-WebSocket-(?:Protocol|Extensions): (?:"(?:\w+,|,\w+|\w+,,\w+)"|\["a",""\])$/,
    ours: OPEN,
    theirs: BAD,
  },
  {
    section: 'RFC 6455 section 9.1',
    why: 'there may be white space around the equals sign («implied *LWS»)',
    heads: /^Sec-WebSocket-Extensions: "foo; a = 1"$/,
    ours: PLAIN,
    theirs: BAD,
  },
  {
    section: 'RFC 7692 section 7',
    why: 'an offer that is not valid is declined; the handshake goes on without it',
    heads: /^Sec-WebSocket-Extensions: \[?"permessage-deflate; /,
    ours: OPEN,
    theirs: BAD,
  },
  {
    section: 'RFC 7692 section 7.1.2',
    why: 'window bits are a decimal number without leading zeroes',
    heads: /_max_window_bits=(?:08|010|1e1|0xa|10\.0|\+10)"$/,
    ours: PLAIN,
    theirs: /^open - \{.*":(?:8|10)[,}]/,
  },
  {
    section: 'RFC 6454 section 7.3',
    why: 'a second Origin could hide the first from whoever decides by it',
    heads: /^Origin: \[/,
    ours: BAD,
    theirs: PLAIN,
  },
  {
    section: 'RFC 9110 section 9.3.1',
    why: 'the content of a GET request has no meaning here, and would be taken for frames',
    heads: /^(?:Content-Length: "5"|Transfer-Encoding: "chunked")$/,
    ours: BAD,
    theirs: PLAIN,
  },
  {
    section: 'RFC 6455 section 4.2.1',
    why: 'the target is a resource name, or an absolute http or https URI',
    heads: /^target (?:\*|ws:|\/a#b)/,
    ours: BAD,
    theirs: PLAIN,
  },
  {
    section: 'RFC 9110 section 7.8',
    why: 'a server ignores Upgrade in an HTTP/1.0 request',
    heads: /^HTTP\/1\.0$/,
    ours: /^426$/,
    theirs: PLAIN,
  },
];

/** Of responses, which a client reads. */
export const RESPONSE_DIFFERENCES: readonly Difference[] = [
  {
    section: 'RFC 9110 section 5.6.1.2',
    why: 'a recipient ignores a reasonable number of empty list elements',
    heads: /^Sec-WebSocket-Extensions: "permessage-deflate,"$/,
    ours: OPEN,
    theirs: /^failed$/,
  },
  {
    section: 'RFC 6455 section 9.1',
    why: 'there may be white space around the equals sign («implied *LWS»)',
    heads: /^Sec-WebSocket-Extensions: "permessage-deflate; server_max_window_bits = 9"$/,
    ours: OPEN,
    theirs: /^failed$/,
  },
  {
    section: 'RFC 7692 section 5',
    why: 'two extensions cannot share RSV1, be they the same',
    heads: /^Sec-WebSocket-Extensions: .*permessage-deflate"?, ?"?permessage-deflate/,
    ours: /^failed$/,
    theirs: OPEN,
  },
  {
    section: 'RFC 7692 section 7.1.2',
    why: 'window bits are a decimal number without leading zeroes',
    heads: /_max_window_bits=(?:08|010|1e1|0xa|10\.0|\+10)"$/,
    ours: /^failed$/,
    theirs: OPEN,
  },
];
