// The requests of a client connection that wait for their responses (RFC 9112 section 9.3.2), and
// what is known about those that may still follow.
import type { RequestHead, UnansweredRequest } from './events.ts';
import type { RequestPlan } from './request-plan.ts';
import { retryVerdicts } from './reuse.ts';

/** A request whose final response is not complete. */
export interface Outstanding {
  readonly method: string;
  readonly target: string;
  /** Protocols offered, in lower case. */
  readonly upgrade: readonly string[];
  /** Where its first byte stands in the connection's output. */
  readonly firstByte: number;
  /** Bytes of the connection's input when its first byte was handed out; Infinity before. */
  answersFrom: number;
  /** 100 (Continue) is waited for before the content. */
  expectsContinue: boolean;
  /** Informational responses received. */
  informational: number;
}

/** How far a connection has come in both directions. */
export interface Progress {
  readonly handedOutBytes: number;
  readonly receivedBytes: number;
}

/** First in, first out. */
export class Pipeline {
  /** Requests sent on this connection. */
  requests = 0;
  /** The request sent last said close. */
  lastWasSent = false;
  /** Requests that the server still allows, as far as it said (`Keep-Alive: max=`). */
  allowed: number = Number.POSITIVE_INFINITY;
  private readonly outstanding: Outstanding[] = [];

  /** Requests without a complete response. */
  get length(): number {
    return this.outstanding.length;
  }

  /** The request that the next response answers. */
  get oldest(): Outstanding | undefined {
    return this.outstanding[0];
  }

  /** The request sent last. */
  get newest(): Outstanding | undefined {
    return this.outstanding.at(-1);
  }

  /** After such a request the bytes may be another protocol's, so nothing is sent behind it. */
  get mayEndHttp(): boolean {
    return this.outstanding.some(
      ({ method, upgrade }) => method === 'CONNECT' || upgrade.length > 0,
    );
  }

  /** A request is on its way. */
  push(head: RequestHead, plan: RequestPlan, firstByte: number): void {
    const { method, target } = head;
    const { upgrade, expectsContinue } = plan;
    this.outstanding.push({
      method,
      target,
      upgrade,
      firstByte,
      answersFrom: Number.POSITIVE_INFINITY,
      expectsContinue,
      informational: 0,
    });
    this.requests++;
    this.allowed--;
    this.lastWasSent = plan.closes;
  }

  /** The oldest request has its response. */
  shift(): void {
    this.outstanding.shift();
  }

  /** Output was handed out: what had been received by then answers no request in it. */
  handOut({ handedOutBytes, receivedBytes }: Progress): void {
    for (let index = this.outstanding.length - 1; index >= 0; index--) {
      const request = this.outstanding[index]!;
      if (request.answersFrom !== Number.POSITIVE_INFINITY) return;
      if (request.firstByte < handedOutBytes) request.answersFrom = receivedBytes;
    }
  }

  /** The server said how many requests may follow the one that it answers now. */
  allow(requestsMax: number): void {
    this.allowed = requestsMax - (this.outstanding.length - 1);
  }

  /** What becomes of the requests when the connection ends now. */
  unanswered(handedOutBytes: number, responseBegun: boolean): UnansweredRequest[] {
    const fates = this.outstanding.map(({ method, firstByte }, index) => ({
      method,
      sent: firstByte < handedOutBytes,
      responseBegun: responseBegun && index === 0,
    }));
    const verdicts = retryVerdicts(fates);
    return this.outstanding.map(({ method, target }, index) => {
      return { method, target, verdict: verdicts[index]! };
    });
  }
}
