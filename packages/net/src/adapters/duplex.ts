// Any byte stream of Node as a transport: a tunnel, a child process's pipes joined, a test's double.
import type { Duplex } from 'node:stream';
import { type StreamKind, StreamTransport } from './stream.ts';

const DUPLEX: StreamKind = {
  capabilities: Object.freeze({ halfClose: true, reset: false, authenticEnd: false }),
  // What was written to a PassThrough is the very object that comes out.
  sharesInput: true,
  writesNothing: true,
  close(stream: Duplex): void {
    stream.end(() => stream.destroy());
  },
  abort(stream: Duplex): void {
    stream.destroy();
  },
};

/**
 * The transport of a Duplex stream of bytes, which it takes over. What it reads is copied, since
 * the stream may share it with whoever wrote it. Throws TypeError for a stream of objects.
 */
export function duplexTransport(stream: Duplex): StreamTransport {
  if (stream.readableObjectMode || stream.writableObjectMode || stream.readableEncoding !== null) {
    throw new TypeError('a transport carries bytes, this stream carries something else');
  }
  return new StreamTransport(stream, DUPLEX);
}
