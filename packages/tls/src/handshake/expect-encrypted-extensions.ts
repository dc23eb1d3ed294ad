// A client that shares keys with the server: EncryptedExtensions comes (RFC 9846 section 4.4.1).
import type { TlsClientSettings } from '../client-settings.ts';
import type { EncryptedExtensions } from '../extensions/extension-values.ts';
import { parseEncryptedExtensions } from '../messages/encrypted-extensions.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { PeerFault } from '../peer-fault.ts';
import { heartbeatMode } from './agreements.ts';
import { ExpectServerCertificate } from './expect-server-certificate.ts';
import { ExpectServerFinished } from './expect-server-finished.ts';
import type { HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import { PeerAcceptance } from './peer-acceptance.ts';
import { limitReceiving, limitSending } from './record-sizes.ts';
import { expectMessage, type HandshakeState, type Step } from './state.ts';

type Run = HandshakeRun<TlsClientSettings>;

/** Expects EncryptedExtensions. */
export class ExpectEncryptedExtensions implements HandshakeState {
  private readonly run: Run;
  private readonly keys: HandshakeKeys;
  private readonly offeredTypes: readonly number[];
  private readonly hasPsk: boolean;

  constructor(run: Run, keys: HandshakeKeys, offeredTypes: readonly number[], hasPsk: boolean) {
    this.run = run;
    this.keys = keys;
    this.offeredTypes = offeredTypes;
    this.hasPsk = hasPsk;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, keys } = this;
    expectMessage(message, HANDSHAKE_TYPE.encrypted_extensions);
    const extensions = parseEncryptedExtensions(message, this.offeredTypes);
    run.transcript.add(message);
    this.agree(extensions);
    if (!this.hasPsk) return new ExpectServerCertificate(run, keys, this.offeredTypes, null);
    return new ExpectServerFinished(run, keys, PeerAcceptance.byPreSharedKey(), null);
  }

  private agree({ protocol, heartbeat, recordSizeLimit }: EncryptedExtensions): void {
    const { settings, agreed, channel } = this.run;
    if (protocol !== undefined) {
      if (!settings.protocols.includes(protocol)) {
        throw new PeerFault('TLS_INVALID_SELECTED_PROTOCOL', 'a protocol that was not offered');
      }
      agreed.protocol = protocol;
    }
    const mode = heartbeatMode(settings.heartbeat);
    if (heartbeat !== undefined && mode !== null) {
      agreed.agreeHeartbeat(mode, heartbeat);
      channel.reader.takesHeartbeats = true;
    }
    agreed.postHandshakeAuth = settings.postHandshakeAuth;
    if (recordSizeLimit !== undefined) {
      limitReceiving(channel, settings.recordSizeLimit);
      limitSending(channel, recordSizeLimit);
    }
  }
}
