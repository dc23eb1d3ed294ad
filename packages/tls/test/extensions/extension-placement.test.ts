import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE, type ExtensionName } from '../../src/extensions/extension-type.ts';
import { type CarrierName, readIn } from '../support/carriers.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, extension, filled, hex } from '../support/wire.ts';

const CARRIERS: readonly CarrierName[] = ['CH', 'SH', 'HRR', 'EE', 'CR', 'CT', 'NST'];

const share = hex(filled(32, 9));
const psk = `0008 0002 6162 00000000 0021 20 ${'07'.repeat(32)}`;

/** The table of RFC 9846 section 4.3 for what is known here, with a body that is right in each message. */
const TABLE: Readonly<Record<ExtensionName, Partial<Record<CarrierName, string>>>> = {
  server_name: { CH: '0006 00 0003 612e62', EE: '', CR: '' },
  max_fragment_length: { CH: '01', EE: '01' },
  status_request: { CH: '01 0000 0000', CR: '', CT: '01 000001 30' },
  supported_groups: { CH: '0002 001d', EE: '0002 001d' },
  ec_point_formats: { CH: '0100' },
  signature_algorithms: { CH: '0002 0403', CR: '0002 0403' },
  heartbeat: { CH: '01', EE: '02' },
  application_layer_protocol_negotiation: { CH: '0003 02 6832', EE: '0003 02 6832' },
  signed_certificate_timestamp: { CH: '', CR: '', CT: '0003 0001 61' },
  padding: { CH: '0000' },
  extended_main_secret: { CH: '' },
  record_size_limit: { CH: '4001', EE: '4001' },
  session_ticket: { CH: '' },
  pre_shared_key: { CH: psk, SH: '0000' },
  early_data: { CH: '', EE: '', NST: '00000000' },
  supported_versions: { CH: '02 0304', SH: '0304', HRR: '0304' },
  cookie: { CH: '0001 61', HRR: '0001 61' },
  psk_key_exchange_modes: { CH: '01 01' },
  certificate_authorities: { CH: '0003 0001 61', CR: '0003 0001 61' },
  oid_filters: { CR: '0000' },
  post_handshake_auth: { CH: '' },
  signature_algorithms_cert: { CH: '0002 0403', CR: '0002 0403' },
  key_share: { CH: `0024 001d 0020 ${share}`, SH: `001d 0020 ${share}`, HRR: '0017' },
  renegotiation_info: { CH: '00' },
};

/** Extensions that are known and ignored, so that a byte too many in them is no fault either. */
const IGNORED: Partial<Record<CarrierName, readonly ExtensionName[]>> = {
  CH: [
    'ec_point_formats',
    'padding',
    'extended_main_secret',
    'session_ticket',
    'renegotiation_info',
  ],
  CR: ['server_name'],
};

const cases = (Object.keys(TABLE) as ExtensionName[]).flatMap((name) =>
  CARRIERS.map((carrier) => ({ name, carrier, body: TABLE[name][carrier] })),
);
const allowed = cases.filter((one) => one.body !== undefined);
const forbidden = cases.filter((one) => one.body === undefined);
const known = (carrier: CarrierName, name: ExtensionName): boolean =>
  !(IGNORED[carrier]?.includes(name) ?? false);

describe('the table of RFC 9846 section 4.3', () => {
  test.each(allowed)('$name may be in $carrier', ({ name, carrier, body }) => {
    expect(faultOf(() => readIn(carrier, extension(EXTENSION_TYPE[name], body)))).toBe('nothing');
  });

  test.each(forbidden)('$name may not be in $carrier', ({ name, carrier }) => {
    const one = extension(EXTENSION_TYPE[name], '00');
    expect(faultOf(() => readIn(carrier, one))).toBe('TLS_MISPLACED_EXTENSION');
    // Also where it would be unsolicited.
    expect(faultOf(() => readIn(carrier, one, []))).toBe('TLS_MISPLACED_EXTENSION');
  });
});

describe('data behind the structure (section 4.3)', () => {
  test.each(allowed)('$name in $carrier', ({ name, carrier, body }) => {
    const one = extension(EXTENSION_TYPE[name], `${body ?? ''}00`);
    const expected = known(carrier, name) ? 'TLS_DECODE_ERROR' : 'nothing';
    expect(faultOf(() => readIn(carrier, one))).toBe(expected);
  });

  test.each(allowed.filter(({ name, carrier }) => known(carrier, name)))(
    '$name in $carrier cut at every byte',
    ({ name, carrier, body }) => {
      const whole = bytes(body ?? '');
      for (let length = 0; length < whole.length; length += 1) {
        const one = { type: EXTENSION_TYPE[name], data: whole.slice(0, length) };
        expect(faultOf(() => readIn(carrier, one))).toBe('TLS_DECODE_ERROR');
      }
    },
  );
});

describe('extensions that nobody knows', () => {
  const unknown = [0x0a0a, 0x3a3a, 0x7777, 14, 19, 22, 57];

  test.each(CARRIERS)('in %s', (carrier) => {
    const isResponse = ['SH', 'HRR', 'EE', 'CT'].includes(carrier);
    for (const type of unknown) {
      const one = extension(type, 'ff');
      expect(faultOf(() => readIn(carrier, one, []))).toBe(
        isResponse ? 'TLS_UNSOLICITED_EXTENSION' : 'nothing',
      );
    }
  });
});

describe('responses that were not asked for (section 4.3)', () => {
  const responses = allowed.filter(
    ({ name, carrier }) =>
      ['SH', 'HRR', 'EE', 'CT'].includes(carrier) && name !== 'supported_versions',
  );

  test.each(responses)('$name in $carrier', ({ name, carrier, body }) => {
    const act = () => readIn(carrier, extension(EXTENSION_TYPE[name], body), []);
    const isException = name === 'cookie' && carrier === 'HRR';
    expect(faultOf(act)).toBe(isException ? 'nothing' : 'TLS_UNSOLICITED_EXTENSION');
  });
});
