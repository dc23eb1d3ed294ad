// `Sec-WebSocket-Extensions` (RFC 6455 section 9.1):
//
//    extension-list  = 1#extension
//    extension       = extension-token *( ";" extension-param )
//    extension-param = token [ "=" (token | quoted-string) ]
//
// with «implied *LWS» between all of these, and empty elements of a list ignored (RFC 9110
// section 5.6.1.2).
import { isToken } from './handshake-head.ts';
import { DEFAULT_HANDSHAKE_LIMITS, type HandshakeLimits } from './handshake-limits.ts';
import { ListReader, type MalformedList } from './list-reader.ts';

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;

/** One parameter; a quoted value is given without quotes. */
export interface ExtensionParameter {
  readonly name: string;
  /** A token; null when the parameter has no value. */
  readonly value: string | null;
}

/** One element of the list. */
export interface Extension {
  readonly name: string;
  readonly parameters: readonly ExtensionParameter[];
}

/** What {@link parseExtensionList} finds. */
export type ExtensionListResult =
  | { readonly type: 'extensions'; readonly extensions: readonly Extension[] }
  | MalformedList;

/**
 * Parses the values of all field lines, which are «exactly equivalent» to one with commas between.
 * No lines are an empty list; lines without an element are malformed.
 */
export function parseExtensionList(
  lines: readonly string[],
  limits: HandshakeLimits = DEFAULT_HANDSHAKE_LIMITS,
): ExtensionListResult {
  const reader = new ListReader(lines, limits);
  const extensions: Extension[] = [];
  while (reader.nextElement()) {
    const name = reader.token('expected-token');
    const parameters = readParameters(reader, limits.extensionParametersMax);
    reader.endElement();
    extensions.push({ name, parameters });
  }
  return reader.fault ?? { type: 'extensions', extensions };
}

/** The field value for a list of extensions; throws TypeError for an empty one, or one that has no tokens. */
export function serializeExtensionList(extensions: readonly Extension[]): string {
  if (extensions.length === 0) throw new TypeError('a list of extensions has one at least');
  return extensions.map(serializeExtension).join(', ');
}

function serializeExtension({ name, parameters }: Extension): string {
  let text = checkedToken(name);
  for (const parameter of parameters) {
    text += `; ${checkedToken(parameter.name)}`;
    if (parameter.value !== null) text += `=${checkedToken(parameter.value)}`;
  }
  return text;
}

function checkedToken(text: string): string {
  if (!isToken(text)) throw new TypeError('names and values of extensions must be tokens');
  return text;
}

function readParameters(reader: ListReader, parametersMax: number): ExtensionParameter[] {
  const parameters: ExtensionParameter[] = [];
  for (let semicolon = reader.at; reader.take(SEMICOLON); semicolon = reader.at) {
    if (parameters.length === parametersMax) reader.fail('too-large', semicolon);
    const name = reader.token('expected-parameter');
    const value = reader.take(EQUALS) ? reader.value() : null;
    parameters.push({ name, value });
  }
  return parameters;
}
