// A client's answer to a CertificateRequest, in the handshake and after it: Certificate and, unless
// that is empty, CertificateVerify (RFC 9846 sections 4.5.1, 4.5.2, 4.7.2).
import type { TlsClientSettings } from '../client-settings.ts';
import type { Credential } from '../credential.ts';
import type { ClientChooseCertificateEvent } from '../events.ts';
import { LocalProtocolError } from '../local-error.ts';
import { serializeCertificate } from '../messages/certificate.ts';
import type { CertificateRequest } from '../messages/certificate-request.ts';
import { serializeCertificateVerify } from '../messages/certificate-verify.ts';
import type { Transcript } from '../schedule/transcript.ts';
import { SIGNATURE_SCHEME } from '../signature-scheme.ts';
import { Decision } from './decision.ts';
import { type ChosenCredential, certificateMessage, sign, suit } from './own-certificate.ts';
import type { Step } from './state.ts';

/** Of a run, what is needed also after it. */
export interface AuthenticatingClient {
  readonly settings: TlsClientSettings;
  nextId(): number;
}

/**
 * Makes the messages of the answer, which are added to the transcript, and goes on with them; nothing
 * is sent. Asks the caller for a certificate or a signature where that is how it is set up.
 */
export function answerRequest(
  client: AuthenticatingClient,
  request: CertificateRequest,
  transcript: Transcript,
  isAfterHandshake: boolean,
  proceed: (messages: readonly Uint8Array[]) => Step,
): Step {
  const { credential } = client.settings;
  const schemes = request.extensions.signatureAlgorithms ?? [];
  const answer = (chosen: ChosenCredential | null): Step =>
    authenticate(client, request, transcript, chosen, proceed);
  if (credential !== 'ask') {
    return answer(credential === null ? null : suit(credential, schemes));
  }
  const event = chooseEvent(client.nextId(), request, isAfterHandshake);
  return new Decision<'choose-certificate'>(event, (given) =>
    answer(given === null ? null : suitable(given, schemes)),
  );
}

/** As `suit`; throws LocalProtocolError when the peer accepts none of the key's schemes. */
export function suitable(credential: Credential, schemes: readonly number[]): ChosenCredential {
  const chosen = suit(credential, schemes);
  if (chosen === null) {
    const text = 'the key signs under no scheme that the peer accepts';
    throw new LocalProtocolError('TLS_CREDENTIAL_NOT_SUITABLE', text);
  }
  return chosen;
}

function authenticate(
  client: AuthenticatingClient,
  request: CertificateRequest,
  transcript: Transcript,
  chosen: ChosenCredential | null,
  proceed: (messages: readonly Uint8Array[]) => Step,
): Step {
  const wantsOcsp = request.extensions.statusRequest === true;
  const shown = certificateMessage(request.context, chosen?.credential ?? null, wantsOcsp);
  const certificate = serializeCertificate(shown);
  transcript.add(certificate);
  if (chosen === null) return proceed([certificate]);
  const { scheme } = chosen;
  const nextId = (): number => client.nextId();
  return sign(chosen, 'client', transcript.hash(), nextId, (signature) => {
    const verify = serializeCertificateVerify({ scheme: SIGNATURE_SCHEME[scheme], signature });
    transcript.add(verify);
    return proceed([certificate, verify]);
  });
}

function chooseEvent(
  id: number,
  { extensions }: CertificateRequest,
  isAfterHandshake: boolean,
): ClientChooseCertificateEvent {
  const schemes = extensions.signatureAlgorithms ?? [];
  return {
    type: 'choose-certificate',
    id,
    schemes,
    certificateSchemes: extensions.signatureAlgorithmsCert ?? schemes,
    authorities: extensions.certificateAuthorities ?? [],
    oidFilters: extensions.oidFilters ?? [],
    isAfterHandshake,
  };
}
