// The response of `fetch`: the platform's, with what its constructor cannot be told.

/** Where a Response came from. */
export interface ResponseSource {
  /** URL of the last request, without fragment. */
  readonly url: string;
  /** Whether that was another than the first. */
  readonly redirected: boolean;
  /** `cors` once a redirect has left the first origin. */
  readonly type: 'basic' | 'cors';
}

/** Lets a Response that was constructed, and its clones, say where it came from. */
export function withSource(response: Response, source: ResponseSource): Response {
  const { url, redirected, type } = source;
  const clone = (): Response => withSource(Response.prototype.clone.call(response), source);
  return Object.defineProperties(response, {
    url: { value: url },
    redirected: { value: redirected },
    type: { value: type },
    clone: { value: clone },
  });
}
