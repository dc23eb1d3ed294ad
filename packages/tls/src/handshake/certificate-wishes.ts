// What a server asks of its clients' certificates (RFC 9846 section 4.4.2).

import { EXTENSION_TYPE } from '../extensions/extension-type.ts';
import type { CertificateRequestExtensions } from '../extensions/extension-values.ts';
import { serializeCertificateRequest } from '../messages/certificate-request.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import { advertisedSchemes } from '../signature-scheme.ts';
import { greaseExtensions } from './client-grease.ts';

/** A CertificateRequest and the types of extensions that may answer it. */
export interface RequestMessage {
  readonly message: Uint8Array;
  readonly extensionTypes: readonly number[];
}

/** Makes a CertificateRequest. */
export function certificateRequest(
  settings: TlsServerSettings,
  context: Uint8Array,
): RequestMessage {
  const { clientAuthorities } = settings;
  const extensions: CertificateRequestExtensions = {
    signatureAlgorithms: advertisedSchemes(settings.signatureSchemes),
    ...(clientAuthorities.length === 0 ? {} : { certificateAuthorities: clientAuthorities }),
  };
  const random = new Uint8Array(2);
  if (settings.grease) settings.random(random);
  const meaningless = settings.grease ? greaseExtensions(random[0] ?? 0, random[1] ?? 0) : [];
  return {
    message: serializeCertificateRequest(context, extensions, meaningless),
    extensionTypes: [
      EXTENSION_TYPE.signature_algorithms,
      ...(clientAuthorities.length === 0 ? [] : [EXTENSION_TYPE.certificate_authorities]),
    ],
  };
}
