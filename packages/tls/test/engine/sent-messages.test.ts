// What the RFC wants to see in messages that are sent, and that no peer would refuse for the lack of it.
import { expect, test } from 'vitest';
import { parseCertificateRequest } from '../../src/messages/certificate-request.ts';
import { parseClientHello, parseClientHelloExtensions } from '../../src/messages/client-hello.ts';
import { parseEncryptedExtensions } from '../../src/messages/encrypted-extensions.ts';
import { parseServerHello } from '../../src/messages/server-hello.ts';
import { NAMED_GROUP } from '../../src/named-group.ts';
import { EnginePair, type PairOptions } from '../support/engine-pair.ts';

const EVERY_TYPE: readonly number[] = Array.from({ length: 0x10000 }, (_, type) => type);
const TYPE = { clientHello: 1, serverHello: 2, encryptedExtensions: 8, certificateRequest: 13 };

/** What a server sends in a handshake, by type. */
function sentBy(pair: EnginePair): Map<number, Uint8Array> {
  const sent = new Map<number, Uint8Array>();
  pair.server.tamper((message) => {
    sent.set(message[0]!, message.slice());
    return message;
  });
  return sent;
}

function groupsTold(options: PairOptions): readonly number[] | undefined {
  const pair = new EnginePair(options);
  const sent = sentBy(pair);
  pair.exchange();
  expect(pair.isSecured).toBe(true);
  const message = sent.get(TYPE.encryptedExtensions)!;
  return parseEncryptedExtensions(message, EVERY_TYPE).supportedGroups;
}

test('a server that would rather have had a share of another group says all of its groups (section 4.3.7)', () => {
  const client = { groups: ['x25519', 'secp256r1'], keyShareGroups: ['x25519'] } as const;
  const rather = { groups: ['secp384r1', 'secp256r1', 'x25519'] } as const;
  expect(groupsTold({ client, server: rather })).toEqual(
    rather.groups.map((group) => NAMED_GROUP[group]),
  );
  expect(groupsTold({ client, server: { groups: ['x25519', 'secp256r1'] } })).toBeUndefined();
});

test('randoms and shares are made anew for each connection and each side (sections 4.2.3, 4.3.8)', () => {
  const seen = new Set<string>();
  for (let round = 0; round < 3; round++) {
    const pair = new EnginePair();
    const sent = sentBy(pair);
    // The client has said hello when it was made.
    const record = pair.client.machine.nextOutput()!.slice();
    pair.client.machine.outputAccepted(record.length, 0);
    const hello = parseClientHello(record.subarray(5));
    pair.server.machine.receive(record, 0);
    pair.exchange();
    seen.add(hello.random.join());
    for (const { keyExchange } of parseClientHelloExtensions(hello).keyShares ?? []) {
      seen.add(keyExchange.join());
    }
    seen.add(parseServerHello(sent.get(TYPE.serverHello)!).random.join());
  }
  expect(seen.size).toBe(9);
});

test('contexts of requests after the handshake are long, and none comes twice (section 4.4.2)', () => {
  const contexts = new Set<string>();
  const pair = new EnginePair({ client: { postHandshakeAuth: true, credential: 'ask' } });
  pair.exchange();
  const sent = sentBy(pair);
  for (let round = 0; round < 3; round++) {
    pair.server.machine.requestCertificate(0);
    const { context } = parseCertificateRequest(sent.get(TYPE.certificateRequest)!);
    expect(context.length).toBeGreaterThanOrEqual(16);
    contexts.add(context.join());
  }
  expect(contexts.size).toBe(3);
});
