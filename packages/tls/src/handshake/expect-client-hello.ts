// A server at the beginning: ClientHello comes, and once more after a HelloRetryRequest (RFC 9846
// sections 4.2.2, 4.2.4).
import type { PreSharedKey } from '../credential.ts';
import type { ClientHelloExtensions } from '../extensions/extension-values.ts';
import {
  type ClientHello,
  parseClientHello,
  parseClientHelloExtensions,
} from '../messages/client-hello.ts';
import { checkSecondClientHello, type RetryTerms } from '../messages/client-hello-change.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { serializeHelloRetryRequest } from '../messages/server-hello.ts';
import { NAMED_GROUP } from '../named-group.ts';
import { PeerFault } from '../peer-fault.ts';
import { hashOfKey } from '../pre-shared-keys.ts';
import { hashOf } from '../schedule/hkdf-label.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import type { PskChoice } from './decision.ts';
import type { HandshakeRun } from './handshake-run.ts';
import { checkBinder } from './psk-binders.ts';
import { chooseParameters, chooseProtocol, type ServerChoice, shareOf } from './server-choice.ts';
import { beginFlight } from './server-flight.ts';
import { choosePsk, findPsk } from './server-psk.ts';
import { expectMessage, type HandshakeState, type Step } from './state.ts';

type Run = HandshakeRun<TlsServerSettings>;

const TLS13 = 0x0304;
const TLS12 = 0x0303;
/** TLS_FALLBACK_SCSV (RFC 7507 section 2). */
const FALLBACK_SCSV = 0x5600;
const COOKIE_BYTES = 32;

/** A hello with what it says. */
export interface ReadHello {
  readonly hello: ClientHello;
  readonly extensions: ClientHelloExtensions;
}

/** Expects the first ClientHello. */
export class ExpectClientHello implements HandshakeState {
  private readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run } = this;
    const read = readHello(run, message);
    const { hello, extensions } = read;
    run.channel.reader.changeCipherSpec = 'dropped';
    run.clientRandom = hello.random.slice();
    run.agreed.serverName = extensions.serverName ?? null;
    if (run.settings.requiresServerName && run.agreed.serverName === null) {
      throw new PeerFault('TLS_MISSING_SERVER_NAME', 'the client names no server');
    }
    run.agreed.protocol = chooseProtocol(run.settings, extensions.protocols);
    return choosePsk(run, hello.cipherSuites, extensions, (psk) => this.proceed(read, psk));
  }

  private proceed(read: ReadHello, psk: PskChoice | null): Step {
    const { run } = this;
    const { hello, extensions } = read;
    const choice = chooseParameters(run.settings, hello.cipherSuites, extensions, psk);
    const { suite, group } = choice;
    if (choice.psk !== null) checkFirstBinder(run, read, choice.psk);
    run.transcript.choose(suite.hash);
    run.transcript.add(hello.message);
    const share = group === null ? null : shareOf(extensions, group);
    const needsShare = group !== null && share === null;
    if (needsShare || run.settings.sendsCookie) return this.retry(read, choice, needsShare);
    return beginFlight(run, read, choice, share);
  }

  private retry({ hello, extensions }: ReadHello, choice: ServerChoice, needsShare: boolean): Step {
    const { run } = this;
    const { group } = choice;
    const cookie = run.settings.sendsCookie ? run.randomBytes(COOKIE_BYTES) : null;
    const selectedGroup = needsShare && group !== null ? NAMED_GROUP[group] : null;
    run.agreed.wasRetried = true;
    run.transcript.replaceFirstHello();
    run.send(
      serializeHelloRetryRequest({
        legacySessionIdEcho: hello.legacySessionId,
        cipherSuite: choice.suite.code,
        extensions: {
          ...(selectedGroup === null ? {} : { keyShare: selectedGroup }),
          ...(cookie === null ? {} : { cookie }),
        },
      }),
    );
    if (hello.legacySessionId.length > 0) run.channel.sendChangeCipherSpec();
    if (extensions.earlyData === true) {
      run.channel.reader.skipEarlyData(run.settings.limits.earlyDataBytesMax);
    }
    return new ExpectSecondClientHello(run, hello, choice, { selectedGroup, cookie });
  }
}

/** Expects the ClientHello that answers a HelloRetryRequest. */
class ExpectSecondClientHello implements HandshakeState {
  private readonly run: Run;
  private readonly first: ClientHello;
  private readonly choice: ServerChoice;
  private readonly terms: RetryTerms;

  constructor(run: Run, first: ClientHello, choice: ServerChoice, terms: RetryTerms) {
    this.run = run;
    this.first = first;
    this.choice = choice;
    this.terms = terms;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, choice } = this;
    const read = readHello(run, message);
    const { hello, extensions } = read;
    checkSecondClientHello(this.first, hello, this.terms);
    run.channel.reader.endEarlyData();
    const psk = choice.psk === null ? null : this.samePsk(extensions, choice.psk.psk);
    const share = choice.group === null ? null : shareOf(extensions, choice.group);
    if (choice.group !== null && share === null) {
      throw new PeerFault('TLS_INVALID_KEY_SHARE', 'no share of the group that was asked for');
    }
    this.addToTranscript(read, psk);
    return beginFlight(run, read, { ...choice, psk }, share);
  }

  /** The pre-shared key that was chosen by the first hello, at its place in the second. */
  private samePsk(extensions: ClientHelloExtensions, psk: PreSharedKey): PskChoice {
    const again = findPsk(extensions, [psk]);
    if (again === null) {
      throw new PeerFault('TLS_CLIENT_HELLO_CHANGED', 'the chosen pre-shared key is gone');
    }
    return again;
  }

  /** "The initial ClientHello and HelloRetryRequest are included in the transcript" of the binder. */
  private addToTranscript({ hello, extensions }: ReadHello, psk: PskChoice | null): void {
    const { transcript, crypto } = this.run;
    const end = hello.truncationBytes;
    if (psk === null) {
      transcript.add(hello.message);
      return;
    }
    transcript.add(hello.message.subarray(0, end));
    checkBinder(crypto, psk.psk, transcript.hash(), binderOf(extensions, psk));
    transcript.add(hello.message.subarray(end));
  }
}

/** Version first, and only then everything else: what a hello means depends on it. */
function readHello(run: Run, message: Uint8Array): ReadHello {
  expectMessage(message, HANDSHAKE_TYPE.client_hello);
  const hello = parseClientHello(message);
  run.channel.reassembler.checkAligned();
  if (hello.supportedVersions?.includes(TLS13) !== true) throw unsupportedVersion(hello);
  return { hello, extensions: parseClientHelloExtensions(hello) };
}

function unsupportedVersion({ cipherSuites, legacyVersion }: ClientHello): PeerFault {
  // "If TLS_FALLBACK_SCSV appears in ClientHello.cipher_suites and the highest protocol version
  // supported by the server is higher than the version indicated in ClientHello.client_version, the
  // server MUST respond with a fatal inappropriate_fallback alert" (RFC 7507 section 3).
  if (cipherSuites.includes(FALLBACK_SCSV) && legacyVersion <= TLS12) {
    return new PeerFault('TLS_INAPPROPRIATE_FALLBACK', 'TLS_FALLBACK_SCSV without TLS 1.3');
  }
  return new PeerFault('TLS_UNSUPPORTED_VERSION', 'the client does not offer TLS 1.3');
}

/** A first hello's binder is over that hello alone, by the hash of the key. */
function checkFirstBinder({ crypto }: Run, { hello, extensions }: ReadHello, psk: PskChoice): void {
  const truncated = hello.message.subarray(0, hello.truncationBytes);
  const transcriptHash = hashOf(crypto, hashOfKey(psk.psk), truncated);
  checkBinder(crypto, psk.psk, transcriptHash, binderOf(extensions, psk));
}

function binderOf(extensions: ClientHelloExtensions, psk: PskChoice): Uint8Array {
  return extensions.preSharedKey?.binders[psk.index] ?? new Uint8Array(0);
}
