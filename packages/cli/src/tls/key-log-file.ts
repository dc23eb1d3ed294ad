// The file of `--keylog`, by which Wireshark and its like read a connection (RFC 9850).
import { openSync, writeSync } from 'node:fs';
import { quote, UsageError } from '../option-parser.ts';
import { describeError } from '../system-error.ts';

/**
 * Appends lines to a file, which is made for the user's eyes only where it is not there. Throws
 * {@link UsageError} when it cannot be written.
 */
export function keyLogFile(file: string): (line: string) => void {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'a', 0o600);
  } catch (error) {
    throw new UsageError(`--keylog ${quote(file)}: ${describeError(error)}`);
  }
  return (line) => {
    writeSync(descriptor, `${line}\n`);
  };
}
