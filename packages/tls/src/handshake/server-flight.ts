// A server's flight: ServerHello, EncryptedExtensions, perhaps CertificateRequest, Certificate and
// CertificateVerify, Finished (RFC 9846 sections 4.2.3, 4.4, 4.5).
import type { Credential } from '../credential.ts';
import type { ServerChooseCertificateEvent } from '../events.ts';
import type { ClientHelloExtensions, EncryptedExtensions } from '../extensions/extension-values.ts';
import { serializeCertificate } from '../messages/certificate.ts';
import { serializeCertificateVerify } from '../messages/certificate-verify.ts';
import { serializeEncryptedExtensions } from '../messages/encrypted-extensions.ts';
import { serializeServerHello } from '../messages/server-hello.ts';
import { NAMED_GROUP } from '../named-group.ts';
import { PeerFault } from '../peer-fault.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import { SIGNATURE_SCHEME } from '../signature-scheme.ts';
import { heartbeatMode } from './agreements.ts';
import { certificateRequest } from './certificate-wishes.ts';
import { suitable } from './client-authentication.ts';
import { Decision } from './decision.ts';
import { ExpectClientCertificate } from './expect-client-certificate.ts';
import { ExpectClientFinished } from './expect-client-finished.ts';
import type { ReadHello } from './expect-client-hello.ts';
import { finishedMessage } from './finished-proof.ts';
import { HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import {
  type ChosenCredential,
  certificateMessage,
  isIssuedBy,
  sign,
  suit,
} from './own-certificate.ts';
import { PeerAcceptance } from './peer-acceptance.ts';
import { limitReceiving, limitSending } from './record-sizes.ts';
import type { ServerChoice } from './server-choice.ts';
import type { Step } from './state.ts';

type Run = HandshakeRun<TlsServerSettings>;

const RANDOM_BYTES = 32;
const NO_CONTEXT: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Answers a hello that has all that is needed; `share` is null with a pre-shared key alone. */
export function beginFlight(
  run: Run,
  read: ReadHello,
  choice: ServerChoice,
  share: Uint8Array | null,
): Step {
  if (choice.psk !== null) {
    const keys = sendHello(run, read, choice, share);
    return finishFlight(run, keys, PeerAcceptance.byPreSharedKey());
  }
  return chooseCertificate(run, read.extensions, (chosen) => {
    const keys = sendHello(run, read, choice, share);
    return authenticate(run, keys, read.extensions, chosen);
  });
}

/** The credential that suits the client best, or the caller's choice. */
function chooseCertificate(
  run: Run,
  extensions: ClientHelloExtensions,
  proceed: (chosen: ChosenCredential) => Step,
): Step {
  const { credentials } = run.settings;
  const schemes = extensions.signatureAlgorithms ?? [];
  const authorities = extensions.certificateAuthorities ?? [];
  if (credentials !== 'ask') return proceed(bestThatSuits(credentials, schemes, authorities));
  const event: ServerChooseCertificateEvent = {
    type: 'choose-certificate',
    id: run.nextId(),
    schemes,
    certificateSchemes: extensions.signatureAlgorithmsCert ?? schemes,
    authorities,
    serverName: run.agreed.serverName,
    protocol: run.agreed.protocol,
    offeredProtocols: extensions.protocols ?? [],
  };
  return new Decision<'choose-certificate'>(event, (given) =>
    proceed(given === null ? bestThatSuits([], schemes, []) : suitable(given, schemes)),
  );
}

/** The first whose key signs as the client verifies; of these, the first that its authorities have issued, if any. */
function bestThatSuits(
  credentials: readonly Credential[],
  schemes: readonly number[],
  authorities: readonly Uint8Array[],
): ChosenCredential {
  const suited = credentials
    .map((credential) => suit(credential, schemes))
    .filter((chosen) => chosen !== null);
  const isGuided = authorities.length > 0 && suited.length > 1;
  const guided = isGuided && suited.find(({ credential }) => isIssuedBy(credential, authorities));
  const [first] = suited;
  if (guided) return guided;
  if (first !== undefined) return first;
  const detail = 'no certificate here whose key signs under an offered scheme';
  throw new PeerFault('TLS_NO_COMMON_SIGNATURE_SCHEME', detail);
}

/** ServerHello and EncryptedExtensions, and the keys between them. */
function sendHello(
  run: Run,
  { hello, extensions }: ReadHello,
  { suite, psk, group }: ServerChoice,
  share: Uint8Array | null,
): HandshakeKeys {
  const { channel, agreed } = run;
  const answer =
    group === null || share === null ? null : run.crypto.answerKeyExchange(group, share);
  if (group !== null && answer === null) {
    throw new PeerFault('TLS_INVALID_KEY_EXCHANGE', `share of group ${NAMED_GROUP[group]}`);
  }
  agreed.group = group;
  agreed.pskIdentity = psk?.psk.identity ?? null;
  const keyShare =
    group === null || answer === null
      ? {}
      : { keyShare: { group: NAMED_GROUP[group], keyExchange: answer.share } };
  const content = {
    legacySessionIdEcho: hello.legacySessionId,
    cipherSuite: suite.code,
    extensions: { ...keyShare, ...(psk === null ? {} : { preSharedKey: psk.index }) },
  };
  run.send(serializeServerHello(run.randomBytes(RANDOM_BYTES), content));
  if (hello.legacySessionId.length > 0 && !agreed.wasRetried) channel.sendChangeCipherSpec();
  const keys = new HandshakeKeys(run, suite, psk?.psk.secret ?? null, answer?.secret ?? null);
  channel.protectSending(suite, keys.server);
  channel.protectReceiving(suite, keys.client);
  channel.reader.takesClearAlerts = true;
  if (extensions.earlyData === true) {
    channel.reader.skipEarlyData(run.settings.limits.earlyDataBytesMax);
  }
  run.send(serializeEncryptedExtensions(encryptedExtensions(run, extensions)));
  return keys;
}

function encryptedExtensions(run: Run, offered: ClientHelloExtensions): EncryptedExtensions {
  const { settings, agreed, channel } = run;
  const mode = heartbeatMode(settings.heartbeat);
  const heartbeat = offered.heartbeat === undefined ? null : mode;
  if (heartbeat !== null && offered.heartbeat !== undefined) {
    agreed.agreeHeartbeat(heartbeat, offered.heartbeat);
    channel.reader.takesHeartbeats = true;
  }
  agreed.postHandshakeAuth = offered.postHandshakeAuth === true && agreed.pskIdentity === null;
  // "If the server has a group it prefers to the ones in the key_share extension but is still willing
  // to accept the ClientHello, it SHOULD send supported_groups" (section 4.3.7).
  const prefersAnother = agreed.group !== null && agreed.group !== settings.groups[0];
  const usedServerName = agreed.serverName !== null && settings.credentials === 'ask';
  return {
    ...(usedServerName && agreed.pskIdentity === null ? { serverName: true as const } : {}),
    ...sizeExtensions(run, offered),
    ...(prefersAnother
      ? { supportedGroups: settings.groups.map((group) => NAMED_GROUP[group]) }
      : {}),
    ...(heartbeat === null ? {} : { heartbeat }),
    ...(agreed.protocol === null ? {} : { protocol: agreed.protocol }),
  };
}

/** "A server that supports the record_size_limit extension MUST ignore a max_fragment_length that appears in a ClientHello if both extensions appear" (RFC 8449 section 5). */
function sizeExtensions(run: Run, offered: ClientHelloExtensions): EncryptedExtensions {
  const { recordSizeLimit: own } = run.settings;
  const { recordSizeLimit, maxFragmentLength } = offered;
  if (recordSizeLimit !== undefined) {
    limitRecords(run, offered, own, recordSizeLimit);
    return { recordSizeLimit: own };
  }
  if (maxFragmentLength === undefined) return {};
  // "The negotiated length applies for the duration of the session" to both sides (RFC 6066 section 4).
  limitRecords(run, offered, maxFragmentLength + 1, maxFragmentLength + 1);
  return { maxFragmentLength };
}

function limitRecords(
  { channel, agreed }: Run,
  offered: ClientHelloExtensions,
  own: number,
  peer: number,
): void {
  limitSending(channel, peer);
  // Early data that is to be skipped was made before our limit was known.
  if (offered.earlyData === true) agreed.recordBytesMaxLater = own;
  else limitReceiving(channel, own);
}

/** CertificateRequest, where clients are to show one, Certificate and CertificateVerify. */
function authenticate(
  run: Run,
  keys: HandshakeKeys,
  offered: ClientHelloExtensions,
  chosen: ChosenCredential,
): Step {
  const { settings, transcript } = run;
  const asks = settings.clientCertificate !== 'none';
  const request = asks ? certificateRequest(settings, NO_CONTEXT) : null;
  if (request !== null) run.send(request.message);
  const wantsOcsp = offered.statusRequest !== undefined && offered.statusRequest !== null;
  run.send(serializeCertificate(certificateMessage(NO_CONTEXT, chosen.credential, wantsOcsp)));
  const { scheme } = chosen;
  run.agreed.signatureScheme = scheme;
  const nextId = (): number => run.nextId();
  return sign(chosen, 'server', transcript.hash(), nextId, (signature) => {
    run.send(serializeCertificateVerify({ scheme: SIGNATURE_SCHEME[scheme], signature }));
    return finishFlight(run, keys, request === null ? PeerAcceptance.ofAnonymousClient() : request);
  });
}

/** Finished; from then on we send under the keys of the application traffic, alerts included. */
function finishFlight(
  run: Run,
  keys: HandshakeKeys,
  next: PeerAcceptance | { readonly extensionTypes: readonly number[] },
): Step {
  const { transcript, crypto, channel } = run;
  const { suite } = keys;
  run.send(finishedMessage(crypto, suite.hash, keys.server, transcript.hash()));
  const secrets = keys.toApplication(run);
  channel.protectSending(suite, secrets.server);
  if (next instanceof PeerAcceptance) return new ExpectClientFinished(run, keys, secrets, next);
  return new ExpectClientCertificate(run, keys, secrets, next.extensionTypes);
}
