// The parser of each handshake message by its type, and its writer where the two are each other's reverse.

/** Extensions that whoever answers may assume were offered. */
export const OFFERED = [0, 1, 5, 10, 13, 15, 16, 18, 28, 41, 42, 43, 44, 45, 47, 48, 49, 50, 51];
const HASH_BYTES = 32;

/** Of the instrumented modules. */
export function parsersOf(modules) {
  const { clientHello, serverHello, certificate, finished, ticket, keyUpdate } = modules;
  return {
    1: {
      parse: (message) => {
        const hello = clientHello.parseClientHello(message);
        clientHello.parseClientHelloExtensions(hello);
      },
    },
    2: {
      parse: (message) => {
        const hello = serverHello.parseServerHello(message);
        if (hello.isRetryRequest) serverHello.parseHelloRetryRequestExtensions(hello, OFFERED);
        else serverHello.parseServerHelloExtensions(hello, OFFERED);
      },
    },
    4: { parse: ticket.parseNewSessionTicket },
    5: { parse: finished.parseEndOfEarlyData },
    8: {
      parse: (message) => modules.encryptedExtensions.parseEncryptedExtensions(message, OFFERED),
      write: modules.encryptedExtensions.serializeEncryptedExtensions,
    },
    11: {
      parse: (message) => {
        const read = certificate.parseCertificate(message, OFFERED);
        for (const { data } of read.entries) modules.leaf.readLeaf(data);
        return read;
      },
    },
    13: { parse: modules.certificateRequest.parseCertificateRequest },
    15: {
      parse: modules.certificateVerify.parseCertificateVerify,
      write: modules.certificateVerify.serializeCertificateVerify,
    },
    20: {
      parse: (message) => finished.parseFinished(message, HASH_BYTES),
      write: finished.serializeFinished,
    },
    24: { parse: keyUpdate.parseKeyUpdate, write: keyUpdate.serializeKeyUpdate },
  };
}
