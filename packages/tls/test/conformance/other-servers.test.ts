// Who answers a client does not speak TLS 1.3, or no TLS at all: the message says what came (RFC 9846
// sections 4.2.3, 4.3.1 and 5).
import { expect, test } from 'vitest';
import { bytes, filled, join, list, message } from '../support/wire.ts';
import { clearRecord } from './raw-peer.ts';
import { RawServer } from './raw-server.ts';

const answers: readonly (readonly [string, string, Uint8Array, RegExp])[] = [
  [
    'HTTP',
    'unexpected_message',
    new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'),
    /HTTP in the clear/,
  ],
  [
    'SSH',
    'unexpected_message',
    new TextEncoder().encode('SSH-2.0-OpenSSH_9.2\r\n'),
    /text in the clear/,
  ],
  [
    'SMTP',
    'unexpected_message',
    new TextEncoder().encode('220 mail.example ESMTP\r\n'),
    /text in the clear/,
  ],
  ['SSL 2.0', 'unexpected_message', bytes('8003 000001'), /content type 128/],
  ['zeros', 'unexpected_message', filled(50, 0), /content type 0/],
  [
    'TLS 1.2',
    'protocol_version',
    clearRecord(
      22,
      message(
        'server_hello',
        bytes('0303'),
        filled(32, 3),
        bytes('00 c02f 00'),
        list(2, bytes('ff01 0001 00 0017 0000 000b 0002 0100 0023 0000')),
      ),
    ),
    /TLS 1\.2/,
  ],
  [
    'TLS 1.0',
    'protocol_version',
    clearRecord(
      22,
      message('server_hello', bytes('0301'), filled(32, 3), bytes('00 002f 00')),
      0x0301,
    ),
    /TLS 1\.0/,
  ],
  [
    'SSL 3.0',
    'protocol_version',
    clearRecord(
      22,
      message('server_hello', bytes('0300'), filled(32, 3), bytes('00 002f 00')),
      0x0300,
    ),
    /SSL 3\.0/,
  ],
  [
    'TLS 1.2 that could do better, with more messages in its record',
    'illegal_parameter',
    clearRecord(
      22,
      join(
        message(
          'server_hello',
          bytes('0303'),
          filled(24, 3),
          bytes('444f574e47524401'),
          bytes('00 c02f 00'),
        ),
        bytes('0b000003 000000 0e000000'),
      ),
    ),
    /downgraded/,
  ],
  [
    'TLS 1.2 with more messages in its record',
    'protocol_version',
    clearRecord(
      22,
      join(
        message('server_hello', bytes('0303'), filled(32, 3), bytes('00 c02f 00')),
        bytes('0b000003 000000 0e000000'),
      ),
    ),
    /TLS 1\.2/,
  ],
];
test.each(answers)('%s', (_, alert, answer, text) => {
  const peer = new RawServer();
  peer.sendBytes(answer);
  expect(peer.alerts).toEqual([alert]);
  const [failed] = peer.events.filter((event) => event.type === 'failed');
  expect(failed?.message).toMatch(text);
});
