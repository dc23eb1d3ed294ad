// The bodies of `fetch`: what a caller gives, as content to be sent, and content that comes, as a
// stream of the platform's.
import type { ClientRequestContent } from '../client/client-request.ts';

/** A request's body, ready to be sent. */
export interface FetchBody {
  /** Null when there is none. */
  readonly content: ClientRequestContent | null;
  /** -1 when it is not known before the end. */
  readonly byteCount: number;
  /** Whether `content` can be sent more than once. */
  readonly isReplayable: boolean;
}

/** No body. */
export const NO_BODY: FetchBody = Object.freeze({
  content: null,
  byteCount: 0,
  isReplayable: true,
});

/**
 * The body of `request`, which the platform has extracted from `source`. What is at hand as a whole
 * is sent with its length and can be repeated; a Blob is read piece by piece.
 */
export async function requestBody(request: Request, source: unknown): Promise<FetchBody> {
  if (request.body === null) return NO_BODY;
  if (source instanceof Blob) {
    return { content: () => iterable(source.stream()), byteCount: source.size, isReplayable: true };
  }
  if (isAtHand(source)) {
    const content = new Uint8Array(await request.arrayBuffer());
    return { content, byteCount: content.length, isReplayable: true };
  }
  return { content: iterable(request.body), byteCount: -1, isReplayable: false };
}

function isAtHand(source: unknown): boolean {
  return (
    typeof source === 'string' ||
    source instanceof ArrayBuffer ||
    ArrayBuffer.isView(source) ||
    source instanceof URLSearchParams ||
    source instanceof FormData
  );
}

/** The types do not know that the platform's streams can be iterated. */
function iterable(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  return stream as unknown as AsyncIterable<Uint8Array>;
}

/**
 * A byte stream of content, read no faster than its reader does. Canceling it calls `abort`, and
 * `reasonOf` makes the error that readers see.
 */
export function responseStream(
  content: AsyncIterator<Uint8Array>,
  abort: () => void,
  reasonOf: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      type: 'bytes',
      async pull(controller) {
        try {
          const { done, value } = await content.next();
          if (done === true) {
            controller.close();
            // A reader with a buffer of its own waits for this.
            controller.byobRequest?.respond(0);
          } else if (value.length > 0) {
            // A byte stream takes the whole memory over, of which these bytes may be a part only.
            controller.enqueue(new Uint8Array(value));
          }
        } catch (error) {
          controller.error(reasonOf(error));
        }
      },
      cancel: abort,
    },
    { highWaterMark: 0 },
  );
}
