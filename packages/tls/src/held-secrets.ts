// Secrets of a handshake under way, so that they are overwritten when it fails.
import { wipe } from './secret-bytes.ts';

/** What a failed handshake must forget (RFC 9846 section 6). */
export class HeldSecrets {
  private readonly secrets: { destroy(): void }[] = [];

  /** Something that overwrites itself. */
  hold(secret: { destroy(): void }): void {
    this.secrets.push(secret);
  }

  /** Bytes, which are given back. */
  holdBytes(secret: Uint8Array): Uint8Array {
    this.secrets.push({ destroy: () => wipe(secret) });
    return secret;
  }

  /** Overwrites all. */
  destroy(): void {
    for (const secret of this.secrets) secret.destroy();
    this.secrets.length = 0;
  }
}
