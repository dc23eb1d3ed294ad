// The others' functions: what `ws` has in plain JavaScript, and the native addons it can use.
import buffer from 'node:buffer';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

const require = createRequire(import.meta.url);
const { isUtf8 } = buffer;

/** Version of a package of the benchmark's. */
export function versionOf(name) {
  return require(`${name}/package.json`).version;
}

/** `ws`'s own file, which it does not export, as it is where the platform has nothing to offer. */
function loadWs(path) {
  const root = dirname(require.resolve('ws/package.json'));
  process.env.WS_NO_BUFFER_UTIL = '1';
  process.env.WS_NO_UTF_8_VALIDATE = '1';
  buffer.isUtf8 = undefined;
  try {
    return require(join(root, 'lib', path));
  } finally {
    buffer.isUtf8 = isUtf8;
  }
}

/** `mask(source, mask, output, offset, length)` and `unmask(buffer, mask)` of each. */
export const MASKERS = { ws: loadWs('buffer-util.js'), native: require('bufferutil') };

/** Whether all of some bytes is UTF-8, by each. */
export const VALIDATORS = {
  ws: loadWs('validation.js').isValidUTF8,
  native: require('utf-8-validate'),
  node: isUtf8,
};
