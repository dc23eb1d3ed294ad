// The certificate and the key of Ed25519 among the credentials of the tests, for runtimes that read no
// files and providers that read no PEM. Self-signed, and made for tests alone.
const certificate = [
  'MIIBdDCCASagAwIBAgIUcSqYfoGSet+UnJtV3YKBn4KCGxcwBQYDK2VwMBoxGDAWBgNVBAMMD2VkMjU1MTkuZXhh',
  'bXBsZTAgFw0yNjExMjMyMjU5NDNaGA8yMTI2MTAzMDIyNTk0M1owGjEYMBYGA1UEAwwPZWQyNTUxOS5leGFtcGxl',
  'MCowBQYDK2VwAyEAFY8P4jJqmTIm821M9XyF2Hl5HXzkSbcyIUirMDxNxUmjfDB6MB0GA1UdDgQWBBQCVIuwjZH+',
  '6JT2j7IQ3nal8i6sizAfBgNVHSMEGDAWgBQCVIuwjZH+6JT2j7IQ3nal8i6sizAPBgNVHRMBAf8EBTADAQH/MBoG',
  'A1UdEQQTMBGCD2VkMjU1MTkuZXhhbXBsZTALBgNVHQ8EBAMCB4AwBQYDK2VwA0EAsPXRL1E7zlSuzKpCabLBX2Cf',
  'L2yJasgFIiZ3jAib8s6DQOrkLp9urTr4Cdx/HWxQb2/tQslCOOA6v3EaoZq2Dw==',
].join('');
const seed = 'ttTw7fbiwucpDizwh78lHg2s9HhxqYpTgsBOj4lLLfY=';

/** What stands before the seed in a PKCS #8 of Ed25519 (RFC 8410 section 7). */
const PKCS8_HEAD = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const pem = (label, text) => `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;

/** The credential for node:crypto. */
export function nodeCredential({ pemCredential }) {
  const key = btoa(String.fromCharCode(...PKCS8_HEAD, ...bytesOf(seed)));
  return pemCredential({ cert: pem('CERTIFICATE', certificate), key: pem('PRIVATE KEY', key) });
}

/** The credential for the provider of noble's libraries. */
export function nobleCredential({ signingKey }) {
  return { chain: [bytesOf(certificate)], key: signingKey('ed25519', bytesOf(seed)) };
}
