// What an input of the opening handshake means: a head, and what either side would like.

/** Bytes of an input before its head: whose it is, the server's choice, the client's offers, the limits. */
export const HEADER_BYTES = 4;

const OFFERS = [
  { clientMaxWindowBits: true },
  {},
  { serverNoContextTakeover: true, serverMaxWindowBits: 10 },
  { clientNoContextTakeover: true, clientMaxWindowBits: 12 },
];
const CHOICES = [
  {},
  { clientNoContextTakeover: false, serverMaxWindowBits: 9 },
  { clientNoContextTakeover: 'unless-limited', clientMaxWindowBits: 8 },
  { serverNoContextTakeover: true, clientNoContextTakeover: false },
];
const SUBPROTOCOLS = ['chat', 'superchat', 'v1'];
const SMALL_LIMITS = {
  listBytesMax: 40,
  listElementsMax: 2,
  emptyElementsMax: 1,
  extensionParametersMax: 2,
};

/** Lines of `name: value`; the last colon of none makes the whole line a name. */
function fieldsOf(lines) {
  return lines.map((line) => {
    const colon = line.indexOf(':');
    if (colon < 0) return { name: line, value: '' };
    return { name: line.slice(0, colon), value: line.slice(colon + 1) };
  });
}

/** Whoever is chosen by the bits of a byte. */
const chosen = (all, byte) => all.filter((_, index) => ((byte >> index) & 1) === 1);

/** The meaning of an input. */
export class Script {
  constructor(input, defaultLimits) {
    const [flags = 0, choice = 0, offers = 0, limits = 0] = input;
    const [first = '', ...lines] = Buffer.from(input.subarray(HEADER_BYTES))
      .toString('latin1')
      .split('\n');
    this.isRequest = (flags & 1) === 0;
    this.first = first;
    this.fields = fieldsOf(lines);
    this.limits = (limits & 1) === 0 ? defaultLimits : SMALL_LIMITS;
    this.choice = {
      subprotocols: chosen(SUBPROTOCOLS, choice >> 3),
      deflate: (choice & 4) === 4 ? null : CHOICES[choice & 3],
    };
    this.opening = {
      subprotocols: chosen(SUBPROTOCOLS, offers >> 4),
      subprotocolRequired: (flags & 2) === 2,
      deflate: chosen(OFFERS, offers),
    };
  }

  /** `METHOD TARGET MINOR`, the last of which may be missing. */
  get request() {
    const [method = '', target = '', minor = '1'] = this.first.split(' ');
    return { method, target, minorVersion: Number.parseInt(minor, 10) || 0, fields: this.fields };
  }

  /** A status. */
  get response() {
    return { status: Number.parseInt(this.first, 10) || 0, fields: this.fields };
  }
}

/** Lists that may come in several lines, which say the same as one (RFC 9110 section 5.3). */
const LISTS = ['connection', 'upgrade', 'sec-websocket-extensions'];
const REQUEST_LISTS = [...LISTS, 'sec-websocket-protocol'];

/** Values of the lines with a name. */
export function valuesOf(fields, lowerName) {
  return fields
    .filter(({ name }) => name.toLowerCase() === lowerName)
    .map(({ value }) => value.replace(/^[ \t]+|[ \t]+$/g, ''));
}

/** The same head, said in another way: names in capitals, lists in one line, white space around values. */
export function restated(fields, isRequest) {
  const lists = isRequest ? REQUEST_LISTS : LISTS;
  const isList = ({ name }) => lists.includes(name.toLowerCase());
  const joined = lists.flatMap((name) => {
    const values = valuesOf(fields, name);
    return values.length === 0 ? [] : [{ name, value: values.join(', ') }];
  });
  const single = fields.filter((field) => !isList(field));
  return [...joined, ...single].map(({ name, value }) => ({
    name: name.replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
    value: `\t ${value} `,
  }));
}
