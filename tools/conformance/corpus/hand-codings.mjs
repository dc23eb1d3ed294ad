// By hand, sentence by sentence: what a server of files sends to whom, where `packed.gz` lies beside
// `packed` (RFC 9110 section 12.5.3). Not sending it is never wrong.
import { family } from '../src/case.mjs';
import { persists } from '../src/expectation.mjs';
import { codingFault } from '../src/representation.mjs';
import { get } from '../src/requests.mjs';

const ok = [persists([200])];
const packed = (acceptEncoding) => get('/packed', `Accept-Encoding: ${acceptEncoding}\r\n`);

function identity(add) {
  for (const value of ['', 'identity', 'gzip;q=0', 'GZIP ; Q=0.000, *', '*;q=0, identity']) {
    const more = { level: 'MUST', contents: ['packed'] };
    add(`gzip is not acceptable: ${value}`, packed(value), ok, more);
  }
}

function gzip(add) {
  for (const value of ['gzip', 'x-gzip', '*', 'gzip;q=0.001', 'deflate, gzip;q=1.0, *;q=0.5']) {
    const steps = [packed('identity'), { await: 1 }, packed(value)];
    add(`gzip is acceptable: ${value}`, steps, [persists([200], [200])], {
      level: 'MUST',
      check: ({ responses }) => codingFault(responses),
    });
  }
}

function nothing(add) {
  for (const value of ['identity;q=0', '*;q=0', 'identity;q=0, compress']) {
    add(`nothing is acceptable: ${value}`, packed(value), [persists([406]), ...ok], {
      section: '9110 12.4.1',
      house: [persists([406])],
    });
  }
}

/** All of them. */
export function handCodingCases() {
  const shared = { section: '9110 12.5.3', isAboutFiles: true };
  return family('content-coding', shared, identity, gzip, nothing);
}
