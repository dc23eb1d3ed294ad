// A client in each of its states meets every message, every alert and every change_cipher_spec (RFC 9846
// sections 4, 5, 6 and appendix A.1).
import { describe, expect, test } from 'vitest';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';
import { type ClientCase, clientConversations } from './client-cases.ts';
import { p256Share } from './raw-client.ts';
import { TYPE } from './raw-peer.ts';
import { RawServer, SELECTS_TLS13 } from './raw-server.ts';

/** How a client comes to wait for something, and how it goes on from there. */
interface State {
  readonly name: string;
  /** The messages that it takes. */
  readonly takes: readonly number[];
  readonly reach: (peer: RawServer) => void;
  readonly goOn: (peer: RawServer) => void;
}

const hello = (peer: RawServer): void => peer.sendServerHello();
const extensions = (peer: RawServer): void => peer.send(peer.encryptedExtensions());
const request = (peer: RawServer): void => peer.send(peer.certificateRequest());
const certificate = (peer: RawServer): void => peer.send(peer.certificate());
const proof = (peer: RawServer): void => peer.send(peer.certificateVerify());
const finish = (peer: RawServer): void => peer.finish();
const retry = (peer: RawServer): void => {
  peer.sendRetryRequest({ extensions: [SELECTS_TLS13, extension(51, '0017')] });
  peer.share = p256Share();
};

const STEPS = [retry, hello, extensions, request, certificate, proof, finish];

/** The state in front of a step of the longest handshake; `skipped` ones are left out. */
function before(name: string, at: number, skipped: readonly number[], ...takes: number[]): State {
  const steps = STEPS.filter((_, index) => !skipped.includes(index));
  const from = steps.indexOf(STEPS[at]!);
  return {
    name,
    takes,
    reach: (peer) => {
      for (const step of steps.slice(0, from)) step(peer);
    },
    goOn: (peer) => {
      for (const step of steps.slice(from)) step(peer);
    },
  };
}

const STATES: readonly State[] = [
  before('for ServerHello', 1, [0, 3], 2),
  before('for ServerHello behind a HelloRetryRequest', 1, [3], 2),
  before('for EncryptedExtensions', 2, [0, 3], 8),
  before('for CertificateRequest or Certificate', 4, [0, 3], 11, 13),
  before('for Certificate', 4, [0], 11),
  before('for CertificateVerify', 5, [0, 3], 15),
  before('for Finished', 6, [0, 3], 20),
];
const IN_THE_CLEAR = 2;

function inState({ name, reach }: State, what: string, play: ClientCase['play']): ClientCase {
  return {
    name: `${name}: ${what}`,
    alert: 'unexpected_message',
    play: (peer) => {
      reach(peer);
      expect(peer.alerts).toEqual([]);
      play(peer);
    },
  };
}

describe('messages', () => {
  const types = Array.from({ length: 256 }, (_, type) => type);
  // A body that the format of each has room for.
  const body = (type: number): Uint8Array => (type === 5 ? bytes('') : bytes('00'));
  clientConversations(
    STATES.flatMap((state) =>
      types
        .filter((type) => !state.takes.includes(type))
        .map((type) =>
          inState(state, `message ${type}`, (peer) =>
            peer.sendHandshake(join(number(1, type), list(3, body(type)))),
          ),
        ),
    ),
  );
});

describe('records', () => {
  clientConversations(
    STATES.flatMap((state, index) => [
      inState(state, 'data', (peer) => peer.sendText('early')),
      inState(state, 'data without bytes', (peer) => peer.sendRecord(TYPE.data, bytes(''))),
      inState(state, 'an empty handshake record', (peer) => peer.sendHandshake(bytes(''))),
      inState(state, 'an empty alert', (peer) => peer.sendRecord(TYPE.alert, bytes(''))),
      inState(state, 'a heartbeat', (peer) => peer.sendRecord(TYPE.heartbeat, filled(19, 0))),
      inState(state, 'content type 25', (peer) => peer.sendRecord(25, bytes('00'))),
      inState(state, 'content type 0', (peer) => peer.sendRecord(0, bytes('00'))),
      inState(state, 'content type 23 inside a message', (peer) => {
        peer.sendHandshake(bytes(`${state.takes[0]!.toString(16).padStart(2, '0')} 00`));
        peer.sendText('inside');
      }),
      inState(state, 'an alert inside a message', (peer) => {
        peer.sendHandshake(bytes(`${state.takes[0]!.toString(16).padStart(2, '0')} 00`));
        peer.sendAlert(2, 40);
      }),
      ...(index < IN_THE_CLEAR
        ? []
        : [
            inState(state, 'a handshake record in the clear', (peer) =>
              peer.sendClear(TYPE.handshake, peer.encryptedExtensions()),
            ),
            inState(state, 'an alert in the clear', (peer) =>
              peer.sendClear(TYPE.alert, bytes('0228')),
            ),
            inState(state, 'close_notify in the clear', (peer) =>
              peer.sendClear(TYPE.alert, bytes('0100')),
            ),
            inState(state, 'change_cipher_spec under a key', (peer) =>
              peer.sendRecord(TYPE.ccs, bytes('01')),
            ),
          ]),
    ]),
  );
});

describe('change_cipher_spec', () => {
  const bad = ['', '00', '02', 'ff', '0101', '0100', '010101'];
  clientConversations(
    STATES.flatMap((state) => [
      ...bad.map((data) =>
        inState(state, `of '${data}'`, (peer) => peer.sendClear(TYPE.ccs, bytes(data))),
      ),
      {
        ...inState(state, 'dropped', (peer) => {
          peer.sendClear(TYPE.ccs, bytes('01'));
          peer.sendClear(TYPE.ccs, bytes('01'), 0x0301);
          state.goOn(peer);
        }),
        alert: null,
      },
    ]),
  );
});

describe('alerts that end the handshake', () => {
  const descriptions = Array.from({ length: 256 }, (_, code) => code).filter(
    (code) => code !== 0 && code !== 90,
  );
  test.each(STATES)('$name: each is told, none is answered', ({ reach }) => {
    for (const description of descriptions) {
      const peer = new RawServer();
      reach(peer);
      const sent = peer.records.length;
      peer.sendAlert(description % 3, description);
      expect(peer.records.length).toBe(sent);
      expect(peer.events.map(({ type }) => type)).toContain('failed');
      const failed = peer.events.filter(({ type }) => type === 'failed');
      expect(failed).toMatchObject([
        { code: 'TLS_ALERT_RECEIVED', alert: null, receivedAlert: description },
      ]);
      expect(peer.events.at(-1)).toMatchObject({ type: 'closed', cause: 'failed' });
      expect(peer.machine.transport).toBe('close');
    }
  });

  test.each(STATES)('$name: malformed ones are answered', ({ reach }) => {
    for (const content of ['02', '022800', '02280228', '0100 0100']) {
      const peer = new RawServer();
      reach(peer);
      peer.sendRecord(TYPE.alert, bytes(content));
      expect(peer.alerts).toEqual(['decode_error']);
    }
  });

  test.each(STATES)('$name: close_notify ends it', ({ reach }) => {
    for (const level of [1, 2]) {
      const peer = new RawServer();
      reach(peer);
      peer.sendAlert(1, 90);
      peer.sendAlert(level, 0);
      expect(peer.alerts).toEqual(['close_notify']);
      expect(peer.events.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['user-canceled', 'end', 'closed']),
      );
      expect(peer.events.at(-1)).toMatchObject({ cause: 'canceled', receivedCloseNotify: true });
    }
  });

  test.each(STATES)('$name: user_canceled alone ends nothing', ({ reach, goOn }) => {
    const peer = new RawServer();
    reach(peer);
    peer.sendAlert(2, 90);
    goOn(peer);
    expect(peer.alerts).toEqual([]);
    expect(peer.talks()).toBe(true);
  });

  test.each(STATES)('$name: the end of the transport is a truncation', ({ reach }) => {
    const peer = new RawServer();
    reach(peer);
    peer.sendBytes(peer.record(TYPE.handshake, filled(9)).subarray(0, 7));
    peer.machine.receiveEnd(0, 'finished');
    peer.exchange();
    expect(peer.events.at(-2)).toMatchObject({ type: 'end', end: 'truncated' });
    expect(peer.events.at(-1)).toMatchObject({ type: 'closed', cause: 'truncated' });
    expect(peer.alerts).toEqual([]);
  });
});
