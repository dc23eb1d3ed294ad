// Of an end-entity certificate (RFC 5280 section 4.1), what the handshake itself has to know: which key it
// certifies, and whether that key may sign. Paths, names and dates are another's work.
import { contextTag, DER_TAG, DerFault, DerReader } from './der-reader.ts';

/** What a leaf says. */
export interface Leaf {
  /** 1, 2 or 3; "The certificate type MUST be X.509v3" (RFC 9846 section 4.5.1.2). */
  readonly version: number;
  /** Name of the issuer as it stands there, DER; a view of the certificate. */
  readonly issuer: Uint8Array;
  /** SubjectPublicKeyInfo as it stands there, DER; a view of the certificate. */
  readonly subjectPublicKeyInfo: Uint8Array;
  /**
   * False where a Key Usage extension is present without digitalSignature: "the digitalSignature bit MUST
   * be set if the Key Usage extension is present".
   */
  readonly canSign: boolean;
}

/** id-ce-keyUsage, 2.5.29.15. */
const KEY_USAGE = /* @__PURE__ */ Uint8Array.of(0x55, 0x1d, 0x0f);
/** digitalSignature is bit 0, which is the highest of the first octet. */
const DIGITAL_SIGNATURE = 0x80;
const VERSION_MAX = 3;

const SERIAL_NUMBER = DER_TAG.integer;
const VERSION = /* @__PURE__ */ contextTag(0, 'constructed');
const ISSUER_UNIQUE_ID = /* @__PURE__ */ contextTag(1, 'primitive');
const SUBJECT_UNIQUE_ID = /* @__PURE__ */ contextTag(2, 'primitive');
const EXTENSIONS = /* @__PURE__ */ contextTag(3, 'constructed');

/** Reads a certificate, DER; null for bytes that are not one. The work is linear in their number. */
export function readLeaf(certificate: Uint8Array): Leaf | null {
  try {
    return readCertificate(certificate);
  } catch (fault) {
    if (fault instanceof DerFault) return null;
    throw fault;
  }
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue } */
function readCertificate(certificate: Uint8Array): Leaf {
  const outer = new DerReader(certificate);
  const parts = outer.enter(DER_TAG.sequence);
  outer.finish();
  const leaf = readToBeSigned(parts.enter(DER_TAG.sequence));
  parts.contents(DER_TAG.sequence);
  parts.contents(DER_TAG.bitString);
  parts.finish();
  return leaf;
}

function readToBeSigned(fields: DerReader): Leaf {
  const version = fields.isNext(VERSION) ? readVersion(fields.enter(VERSION)) : 1;
  fields.contents(SERIAL_NUMBER);
  // signature, issuer, validity and subject.
  fields.contents(DER_TAG.sequence);
  const issuer = fields.encoding(DER_TAG.sequence);
  for (let field = 0; field < 2; field += 1) fields.contents(DER_TAG.sequence);
  const subjectPublicKeyInfo = fields.encoding(DER_TAG.sequence);
  if (fields.isNext(ISSUER_UNIQUE_ID)) fields.contents(ISSUER_UNIQUE_ID);
  if (fields.isNext(SUBJECT_UNIQUE_ID)) fields.contents(SUBJECT_UNIQUE_ID);
  const canSign = fields.isNext(EXTENSIONS) ? readExtensions(fields.enter(EXTENSIONS)) : true;
  fields.finish();
  return { version, issuer, subjectPublicKeyInfo, canSign };
}

/** Version ::= INTEGER { v1(0), v2(1), v3(2) } */
function readVersion(explicit: DerReader): number {
  const octets = explicit.contents(DER_TAG.integer);
  explicit.finish();
  const version = 1 + octets[0]!;
  if (octets.length !== 1 || version > VERSION_MAX) throw new DerFault('there is no such version');
  return version;
}

/** Whether the key usage, if it is among the extensions, lets the key sign. */
function readExtensions(explicit: DerReader): boolean {
  const extensions = explicit.enter(DER_TAG.sequence);
  explicit.finish();
  let canSign: boolean | null = null;
  while (!extensions.isAtEnd) {
    const extension = extensions.enter(DER_TAG.sequence);
    const name = extension.contents(DER_TAG.objectIdentifier);
    if (extension.isNext(DER_TAG.boolean)) extension.contents(DER_TAG.boolean);
    const value = extension.contents(DER_TAG.octetString);
    extension.finish();
    if (!isKeyUsage(name)) continue;
    // "A certificate MUST NOT include more than one instance of a particular extension" (RFC 5280 section 4.2).
    if (canSign !== null) throw new DerFault('there are two key usages');
    canSign = readKeyUsage(value);
  }
  return canSign ?? true;
}

function isKeyUsage(name: Uint8Array): boolean {
  return name.length === KEY_USAGE.length && name.every((octet, at) => octet === KEY_USAGE[at]);
}

/** KeyUsage ::= BIT STRING, whose first octet counts the unused bits of the last. */
function readKeyUsage(value: Uint8Array): boolean {
  const reader = new DerReader(value);
  const octets = reader.contents(DER_TAG.bitString);
  reader.finish();
  const unusedBits = octets[0];
  const isWellFormed = octets.length > 1 ? unusedBits! < 8 : unusedBits === 0;
  if (!isWellFormed) throw new DerFault('a bit string has a wrong form');
  return octets.length > 1 && (octets[1]! & DIGITAL_SIGNATURE) !== 0;
}
