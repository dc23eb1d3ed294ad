// Both ends of holdline's TLS on a pair in memory, and what went through it.
import { pemCredential, pinsFromPem } from '@holdline/tls/node';
import { afterEach } from 'vitest';
import { type End, memoryPair, type Transport, type TransportSink } from '../../src/index.ts';
import {
  connectTls,
  serveTls,
  type TlsConnection,
  type TlsConnectOptions,
  type TlsListener,
  type TlsServeOptions,
} from '../../src/tls/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';

export const CREDENTIAL = pemCredential({ cert: TEST_CERTIFICATE, key: TEST_KEY });
export const PINS = pinsFromPem(TEST_CERTIFICATE);

const listeners: TlsListener[] = [];

afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

/** Keeps what comes, and settles waits for it. */
export class Ear implements TransportSink {
  text = '';
  readonly ends: End[] = [];
  drains = 0;
  readonly transport: Transport;
  #check: () => void = () => {};

  constructor(transport: Transport) {
    this.transport = transport;
    transport.attach(this);
  }

  onData(data: Uint8Array): void {
    this.text += Buffer.from(data).toString('latin1');
    this.#check();
  }

  onEnd(end: End): void {
    this.ends.push(end);
    this.#check();
  }

  onDrain(): void {
    this.drains += 1;
    this.#check();
  }

  write(text: string): void {
    this.transport.write(Buffer.from(text, 'latin1'));
  }

  /** Waits until the condition holds. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (condition()) resolve();
      };
      this.#check();
    });
  }
}

/** A server on memory pairs; `connect` opens another pair. */
export class TlsBench {
  readonly listener: TlsListener;
  readonly served: TlsConnection[] = [];
  readonly ears: Ear[] = [];
  readonly failures: string[] = [];
  readonly faults: unknown[] = [];

  constructor(options: Partial<TlsServeOptions> = {}, echoes = false) {
    this.listener = serveTls(
      (connection) => {
        this.served.push(connection);
        const ear = new Ear(connection.transport);
        this.ears.push(ear);
        if (echoes) ear.onData = (data) => connection.transport.write(data);
      },
      {
        ...(options.credentials === undefined && options.cert === undefined
          ? { cert: TEST_CERTIFICATE, key: TEST_KEY }
          : {}),
        onHandshakeFailure: (error) => this.failures.push(error.code),
        onFault: (error) => this.faults.push(error),
        ...options,
      },
    );
    listeners.push(this.listener);
  }

  /** Connects over a pair in memory. */
  connect(options: TlsConnectOptions = { pinnedCertificates: PINS }): Promise<TlsConnection> {
    const [client, server] = memoryPair();
    this.listener.accept(server);
    return connectTls({ transport: client }, options);
  }
}
