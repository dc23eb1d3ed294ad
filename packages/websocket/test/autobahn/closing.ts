// Section 7: the closing handshake, close codes and reasons.
import { closePayload, joined, latin1 } from '../support/frames.ts';
import { type AutobahnCase, closes, sent, text, utf8 } from './case.ts';

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const NORMAL = 1000;
const PROTOCOL_ERROR = 1002;
const goodbye = sent(CLOSE, closePayload(NORMAL));
const HELLO = 'Hello World!';
const VALID = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const INVALID = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
/** Of which the suite only takes note; nobody may use them. */
const BEYOND = [5000, 65_535];
const large = 'BAsd7&jh23'.repeat(26_215).slice(0, 256 * 1024);

/** Every case of the section. */
export const closingCases: readonly AutobahnCase[] = [
  closes('7.1.1', [sent(TEXT, HELLO), goodbye], [text(HELLO)], NORMAL),
  closes('7.1.2', [goodbye, goodbye], [], NORMAL),
  closes('7.1.3', [goodbye, sent(PING)], [], NORMAL),
  closes('7.1.4', [goodbye, sent(TEXT, HELLO)], [], NORMAL),
  closes('7.1.5', [sent(TEXT, 'fragment1', false), goodbye, sent(0, 'fragment2')], [], NORMAL),
  closes(
    '7.1.6',
    [sent(TEXT, large), sent(TEXT, HELLO), goodbye, sent(PING)],
    [text(large), text(HELLO)],
    NORMAL,
  ),
  closes('7.3.1', [sent(CLOSE)], [], 0),
  closes('7.3.2', [sent(CLOSE, 'a')], [], PROTOCOL_ERROR),
  closes('7.3.3', [goodbye], [], NORMAL),
  closes('7.3.4', [sent(CLOSE, closePayload(NORMAL, HELLO))], [], NORMAL),
  closes('7.3.5', [sent(CLOSE, closePayload(NORMAL, '*'.repeat(123)))], [], NORMAL),
  closes('7.3.6', [sent(CLOSE, closePayload(NORMAL, '*'.repeat(124)))], [], PROTOCOL_ERROR),
  closes(
    '7.5.1',
    [
      sent(
        CLOSE,
        joined(
          closePayload(NORMAL),
          latin1('\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80'),
          utf8('edited'),
        ),
      ),
    ],
    [],
    1007,
  ),
  ...VALID.map((code, index) =>
    closes(`7.7.${index + 1}`, [sent(CLOSE, closePayload(code))], [], code),
  ),
  ...INVALID.map((code, index) =>
    closes(`7.9.${index + 1}`, [sent(CLOSE, closePayload(code))], [], PROTOCOL_ERROR),
  ),
  ...BEYOND.map((code, index) =>
    closes(`7.13.${index + 1}`, [sent(CLOSE, closePayload(code))], [], PROTOCOL_ERROR),
  ),
];
