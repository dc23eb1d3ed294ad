// UTF-8: texts of several scripts, validated, and validated and decoded.
import { VALIDATORS } from './peers.mjs';

const KIB = 1024;
const SCRIPTS = {
  JSON: '{"id":417,"name":"wheel","tags":["a","b"],"ok":true},',
  Japanese: '日本語の文章とテスト、漢字かな混じり文。',
  emoji: 'ok 😀😃 and 😄👍🏽 ',
};
const SIZES = [16, 125, KIB, 64 * KIB];

/** So many bytes of a text, filled up with spaces where a character would be cut. */
function cut(text, size) {
  const bytes = Buffer.alloc(size, ' ');
  const { written } = new TextEncoder().encodeInto(text.repeat(Math.ceil(size / 10)), bytes);
  return bytes.fill(' ', written);
}

/** A text of each script and size, in the middle of a chunk. */
export function textCases() {
  return Object.entries(SCRIPTS).flatMap(([script, text]) =>
    SIZES.map((size) => {
      const chunk = Buffer.alloc(size + 8);
      chunk.set(cut(text, size), 6);
      const view = chunk.subarray(6, 6 + size);
      const amount = size >= KIB ? `${size / KIB} KiB` : `${size} B`;
      return { script, size, label: `${script}, ${amount}`, chunk, view };
    }),
  );
}

/** Who validates; a pass does it `times` times. */
export const VALIDATING = {
  ours: ({ Utf8Validator }, { view }) => {
    const validator = new Utf8Validator();
    return () => validator.push(view) && validator.isComplete;
  },
  oursInjected: ({ Utf8Validator }, { view }) => {
    const validator = new Utf8Validator(VALIDATORS.node);
    return () => validator.push(view) && validator.isComplete;
  },
  ws: (_build, { view }) => {
    return () => VALIDATORS.ws(view);
  },
  native: (_build, { view }) => {
    return () => VALIDATORS.native(view);
  },
  node: (_build, { view }) => {
    return () => VALIDATORS.node(view);
  },
};

/** Who makes a string of it, or finds that it is none. */
export const DECODING = {
  ours: ({ decodeUtf8 }, { chunk, size }) => {
    return () => decodeUtf8(chunk, 6, 6 + size) !== null;
  },
  // The bytes of a runtime that has no Buffer, or those that were put together.
  oursPlain: ({ decodeUtf8 }, { view }) => {
    const plain = new Uint8Array(view);
    return () => decodeUtf8(plain) !== null;
  },
  // As its receiver does it, whose long texts go to node's check.
  ws: (_build, { view, size }) => {
    const isValid = size < 24 ? VALIDATORS.ws : VALIDATORS.node;
    return () => isValid(view) && view.toString() !== '';
  },
};
