// Whose TLS it is to be.
import { quote, UsageError } from '../option-parser.ts';

/** `holdline` is this project's, `node` that of node:tls, which is OpenSSL's. */
export type TlsEngine = 'holdline' | 'node';

/** Undefined when it was not said. Throws {@link UsageError}. */
export function engineOption(text: string | undefined): TlsEngine | undefined {
  if (text === undefined || text === 'holdline' || text === 'node') return text;
  throw new UsageError(`--tls-engine takes holdline or node, not ${quote(text)}`);
}
