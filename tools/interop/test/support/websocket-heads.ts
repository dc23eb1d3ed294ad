// Heads of opening handshakes that are right, nearly right and wrong: a right one, of which one
// field has another value at a time.

/** A field's value: several for several lines, null for none. */
export type FieldChange = string | readonly string[] | null;

/** A head with something changed, under the name by which reports call it. */
export interface ChangedHead {
  readonly label: string;
  readonly method: string;
  readonly target: string;
  readonly minorVersion: number;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** The key of RFC 6455 section 1.3. */
export const SAMPLE_KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

const RIGHT_REQUEST: Readonly<Record<string, string>> = {
  Host: 'h',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': SAMPLE_KEY,
  'Sec-WebSocket-Version': '13',
};

const DEFLATE = 'permessage-deflate';
const WINDOW_VALUES = [
  ...['', '=7', '=8', '=9', '=10', '=15', '=16', '=08', '=010', '="10"', '="1\\0"', '=1e1', '=0xa'],
  ...['=10.0', '=-10', '=+10', '=a'],
];

const REQUEST_CHANGES: Readonly<Record<string, readonly FieldChange[]>> = {
  Host: [null, '', 'a b', 'h:80', 'h:99999', '[::1]', ['h', 'h'], 'u@h'],
  Upgrade: [
    ...[null, '', 'WebSocket', 'WEBSOCKET', 'h2c', 'websocket/13', 'websockets', ', websocket'],
    ...['h2c, websocket', 'websocket, h2c', ['websocket', 'h2c'], ['websocket', 'websocket']],
  ],
  Connection: [
    ...[null, 'keep-alive', 'upgrade', 'UPGRADE', 'keep-alive, Upgrade', 'Upgrade, keep-alive'],
    ...[['keep-alive', 'Upgrade'], 'close', 'close, Upgrade', ', Upgrade ,', 'Upgrade;q=1'],
  ],
  'Sec-WebSocket-Key': [
    ...[null, '', 'AQIDBAUGBwgJCgsMDQ4PEC==', 'dGhlIHNhbXBsZSBub25jZQ', 'AAAA', '===='],
    ...['dGhlIHNhbXBsZSBub25jZQ=', 'dGhlIHNhbXBsZSBub25jZQ= =', SAMPLE_KEY + SAMPLE_KEY],
    ...[[SAMPLE_KEY, SAMPLE_KEY], 'dGhlIHNhbXBsZSBub25jZ-==', 'dGhlIHNhbXBsZSBub25jZQ=a'],
  ],
  'Sec-WebSocket-Version': [
    ...[
      null,
      '',
      '0',
      '7',
      '8',
      '9',
      '12',
      '14',
      '25',
      '255',
      '256',
      '013',
      '13.0',
      '0xd',
      '1.3e1',
    ],
    ...['+13', '13, 8', '8, 13', ['13', '13'], ['13', '8'], ['8', '13'], 'x', '-13'],
  ],
  'Sec-WebSocket-Protocol': [
    ...['chat', 'chat, superchat', ['chat', 'superchat'], '', 'chat,', 'chat,,superchat', ',chat'],
    ...['chat, chat', 'Chat, chat', 'a b', 'a;b', '"a"', 'a/b', '\u00e9', ['a', ''], 'a\t,\tb'],
    ' , ',
  ],
  'Sec-WebSocket-Extensions': [
    ...['', 'foo', 'foo, bar', 'foo;', 'foo; a', 'foo; a=', 'foo; a=1', 'foo; a="1"'],
    ...['foo; a="\\1"', 'foo; a=""', 'foo; a="b c"', 'foo; a="b', 'foo; a = 1', 'foo ; a'],
    ...['foo;a;a', 'foo,', ',foo', 'foo,,bar', 'foo bar', 'foo=1', '"foo"', 'foo; "a"'],
    ...['foo; a=1=2', 'foo; a="1"b', '\u00e9', ', ,', ['foo', 'bar; a=1'], 'foo\t;\ta'],
    ...[DEFLATE, `${DEFLATE}, ${DEFLATE}`, `foo, ${DEFLATE}`, 'PERMESSAGE-DEFLATE'],
    ...[`${DEFLATE}; unknown`, `${DEFLATE}; unknown, ${DEFLATE}`, 'x-webkit-deflate-frame'],
    ...['', '=1', '=true', '; server_no_context_takeover'].map(
      (rest) => `${DEFLATE}; server_no_context_takeover${rest}`,
    ),
    ...['', '=0'].map((rest) => `${DEFLATE}; client_no_context_takeover${rest}`),
    ...WINDOW_VALUES.map((value) => `${DEFLATE}; server_max_window_bits${value}`),
    ...WINDOW_VALUES.map((value) => `${DEFLATE}; client_max_window_bits${value}`),
    `${DEFLATE}; server_max_window_bits=10; server_max_window_bits=10`,
    `${DEFLATE}; client_max_window_bits; client_max_window_bits=9`,
    `${DEFLATE}; server_max_window_bits=7, ${DEFLATE}`,
    `${DEFLATE}; server_max_window_bits=9; client_max_window_bits, ${DEFLATE}`,
    `${DEFLATE};client_max_window_bits ; server_no_context_takeover`,
    `${DEFLATE}; Server_no_context_takeover`,
    [`${DEFLATE}; server_max_window_bits=16`, DEFLATE],
  ],
  Origin: ['http://a', 'null', ['http://a', 'http://b'], ''],
  'Content-Length': ['0', '5', 'x'],
  'Transfer-Encoding': ['chunked'],
};

function requestHead(label: string, change: Partial<ChangedHead>): ChangedHead {
  const right = { method: 'GET', target: '/', minorVersion: 1, fields: withChanges(RIGHT_REQUEST) };
  return { ...right, ...change, label };
}

/** Every request, the right one first. */
export function changedRequests(): ChangedHead[] {
  const heads = [requestHead('right', {})];
  for (const [name, values] of Object.entries(REQUEST_CHANGES)) {
    for (const value of values) {
      const fields = withChanges(RIGHT_REQUEST, { [name]: value });
      heads.push(requestHead(`${name}: ${JSON.stringify(value)}`, { fields }));
    }
  }
  for (const method of ['POST', 'HEAD', 'OPTIONS', 'PUT'])
    heads.push(requestHead(method, { method }));
  for (const target of ['*', 'http://h/', 'http://h', 'ws://h/', '/a?b', '/a#b', 'h:80']) {
    heads.push(requestHead(`target ${target}`, { target }));
  }
  return [...heads, requestHead('HTTP/1.0', { minorVersion: 0 })];
}

/** What a server may change of its 101 response; `{accept}` stands for the right value. */
export const RESPONSE_CHANGES: Readonly<Record<string, readonly FieldChange[]>> = {
  Upgrade: [
    ...[null, '', 'WebSocket', 'h2c', 'websocket, h2c', 'websocket/13', ['websocket', 'websocket']],
  ],
  Connection: [null, 'upgrade', 'keep-alive', 'keep-alive, Upgrade', ['keep-alive', 'Upgrade']],
  'Sec-WebSocket-Accept': [
    ...[null, '', 'x', ' {accept} ', '{accept}=', '{accept}, {accept}', ['{accept}', '{accept}']],
  ],
  'Sec-WebSocket-Protocol': [
    ...[
      null,
      '',
      'chat',
      'superchat',
      'Chat',
      'other',
      'chat, superchat',
      ['chat', 'chat'],
      '"chat"',
    ],
  ],
  'Sec-WebSocket-Extensions': [
    ...[
      '',
      DEFLATE,
      `${DEFLATE},`,
      `"${DEFLATE}"`,
      'foo',
      `${DEFLATE}, foo`,
      `${DEFLATE}, ${DEFLATE}`,
    ],
    ...[[DEFLATE, DEFLATE], `${DEFLATE}; unknown`, `${DEFLATE}; server_no_context_takeover`],
    ...[`${DEFLATE}; client_no_context_takeover`, `${DEFLATE}; client_no_context_takeover=1`],
    ...WINDOW_VALUES.map((value) => `${DEFLATE}; server_max_window_bits${value}`),
    ...WINDOW_VALUES.map((value) => `${DEFLATE}; client_max_window_bits${value}`),
    `${DEFLATE}; client_max_window_bits=9; client_max_window_bits=9`,
    `${DEFLATE}; server_max_window_bits = 9`,
  ],
};

/** The fields with some of them changed. */
export function withChanges(
  right: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, FieldChange>> = {},
): { name: string; value: string }[] {
  const kept = Object.entries(right).filter(([name]) => !(name in changes));
  const changed = Object.entries(changes).flatMap(([name, change]) =>
    (change === null ? [] : [change].flat()).map((value): [string, string] => [name, value]),
  );
  return [...kept, ...changed].map(([name, value]) => ({ name, value }));
}
