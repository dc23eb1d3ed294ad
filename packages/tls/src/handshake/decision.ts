// A question to the caller, for whose answer the handshake stands still.
import type { Credential, PreSharedKey } from '../credential.ts';
import type {
  ChoosePskEvent,
  ClientChooseCertificateEvent,
  ServerChooseCertificateEvent,
  SignEvent,
  VerifyPeerEvent,
} from '../events.ts';
import type { Step } from './state.ts';

/** A pre-shared key among those that a client offers. */
export interface PskChoice {
  /** Index of its identity. */
  readonly index: number;
  readonly psk: PreSharedKey;
}

/** What answers each kind of question. */
export interface Answers {
  readonly 'verify-peer': true;
  readonly 'choose-certificate': Credential | null;
  readonly sign: Uint8Array;
  readonly 'choose-psk': PskChoice | null;
}

/** The events that ask. */
export type DecisionEvent =
  | VerifyPeerEvent
  | SignEvent
  | ServerChooseCertificateEvent
  | ClientChooseCertificateEvent
  | ChoosePskEvent;

/** An event that waits for its answer. */
export class Decision<Kind extends keyof Answers> {
  /** What the caller sees. */
  readonly event: DecisionEvent & { readonly type: Kind };
  private readonly proceed: (answer: Answers[Kind]) => Step;

  /** `proceed` goes on with the answer. It throws LocalProtocolError, before it changes anything, for one that cannot be. */
  constructor(
    event: DecisionEvent & { readonly type: Kind },
    proceed: (answer: Answers[Kind]) => Step,
  ) {
    this.event = event;
    this.proceed = proceed;
  }

  /** The step behind the answer. Throws PeerFault, too. */
  answer(answer: Answers[Kind]): Step {
    return this.proceed(answer);
  }
}

/** A decision of any kind. */
export type AnyDecision = { [Kind in keyof Answers]: Decision<Kind> }[keyof Answers];
