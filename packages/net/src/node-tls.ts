// node:tls, for whoever needs it. To import it is to make strings of all root certificates that Node
// brings along: half a megabyte and some milliseconds for every program without TLS.
import process from 'node:process';

/** The module, loaded when first asked for. */
export function nodeTls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}
