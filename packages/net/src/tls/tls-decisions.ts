// Answers a machine's decisions by what its owner's handlers say, now or later.
import type { AlertName, Credential } from '@holdline/tls/client';
import type { TlsConnection, TlsMachine } from './tls-connection.ts';
import type {
  AnyTlsEvent,
  AnyTlsHandlers,
  Eventually,
  PeerVerdict,
  TlsServerHandlers,
} from './tls-handlers.ts';

/** Events that ask for something. */
export type DecisionEvent = Extract<AnyTlsEvent, { readonly id: number }>;

/** What a handler has said, to the machine. */
type Answer = (machine: TlsMachine, now: number) => void;

/** Asks the handler and answers the machine, which goes on then. An id that is no longer open is no matter. */
export function decide(
  event: DecisionEvent,
  connection: TlsConnection,
  handlers: AnyTlsHandlers,
): void {
  let answer: Eventually<Answer>;
  try {
    answer = ask(event, connection, handlers);
  } catch (error) {
    connection.refuse(event.id, 'internal_error', error);
    return;
  }
  const give = (settled: Answer): void => {
    try {
      connection.answer(settled);
    } catch (error) {
      // Such as a certificate whose key does not suit this peer: the question is still open.
      connection.refuse(event.id, 'internal_error', error);
    }
  };
  if (typeof answer === 'function') give(answer);
  else {
    answer.then(give, (error: unknown) => connection.refuse(event.id, 'internal_error', error));
  }
}

function ask(
  event: DecisionEvent,
  connection: TlsConnection,
  handlers: AnyTlsHandlers,
): Eventually<Answer> {
  const { id } = event;
  switch (event.type) {
    case 'verify-peer':
      return then(
        required(handlers.verifyPeer, 'verifyPeer').call(handlers, event, connection),
        (verdict) => verified(id, verdict),
      );
    case 'sign':
      return then(
        required(handlers.sign, 'sign').call(handlers, event, connection),
        (signature) => (machine, now) => machine.answerSignature(id, signature, now),
      );
    case 'choose-certificate': {
      const choose = required(handlers.chooseCertificate, 'chooseCertificate');
      // The handlers are those of the role that asks.
      const chosen: Eventually<Credential | null> = choose.call(
        handlers,
        event as never,
        connection,
      );
      return then(
        chosen,
        (credential) => (machine, now) => machine.chooseCertificate(id, credential, now),
      );
    }
    case 'choose-psk': {
      const { choosePsk } = handlers as TlsServerHandlers;
      const chosen = required(choosePsk, 'choosePsk').call(handlers, event, connection);
      return then(chosen, (choice) => (machine, now) => machine.choosePsk?.(id, choice, now));
    }
  }
}

function verified(id: number, verdict: PeerVerdict): Answer {
  if (verdict === true) return (machine, now) => machine.acceptPeer(id, now);
  const alert: AlertName = verdict === false ? 'certificate_unknown' : verdict;
  return (machine, now) => machine.refuse(id, alert, now);
}

function required<Handler>(handler: Handler | undefined, name: string): Handler {
  if (handler === undefined) throw new TypeError(`there is no ${name} to decide that`);
  return handler;
}

function then<Value, Next>(
  value: Eventually<Value>,
  next: (value: Value) => Next,
): Eventually<Next> {
  return isPromise(value) ? value.then(next) : next(value);
}

function isPromise<Value>(value: Eventually<Value>): value is PromiseLike<Value> {
  return typeof (value as PromiseLike<Value> | null)?.then === 'function';
}
