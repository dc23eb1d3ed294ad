// Values that mean nothing, sent by option so that servers keep ignoring what they do not know (RFC 8701).
import type { Extension } from '../extensions/extension-values.ts';
import { greaseCode } from '../extensions/grease.ts';
import type { ClientHelloContent } from '../messages/client-hello.ts';

/** The hello with a value of each kind added (section 3.1); `random` has 8 bytes. */
export function greaseHello(content: ClientHelloContent, random: Uint8Array): ClientHelloContent {
  const code = (index: number): number => greaseCode(random[index] ?? 0);
  const { extensions, cipherSuites } = content;
  const groups = extensions.supportedGroups ?? [];
  const shares = extensions.keyShares ?? [];
  const group = code(1);
  return {
    ...content,
    cipherSuites: [code(0), ...cipherSuites],
    extensions: {
      ...extensions,
      supportedGroups: [group, ...groups],
      supportedVersions: [code(2), ...(extensions.supportedVersions ?? [])],
      signatureAlgorithms: [code(3), ...(extensions.signatureAlgorithms ?? [])],
      keyShares: [{ group, keyExchange: Uint8Array.of(0) }, ...shares],
    },
    otherExtensions: greaseExtensions(random[4] ?? 0, random[5] ?? 0),
  };
}

/** Two extensions of different types, one empty and one with a byte. */
export function greaseExtensions(first: number, second: number): readonly Extension[] {
  const type = greaseCode(first);
  const other = greaseCode(second);
  const another = other === type ? greaseCode(second + 1) : other;
  return [
    { type, data: new Uint8Array(0) },
    { type: another, data: Uint8Array.of(0) },
  ];
}
