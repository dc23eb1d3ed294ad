// The four forms of a request-target (RFC 9112 section 3.2).
import { isTunnelAuthority, parseAuthority } from './authority.ts';
import type { TargetForm } from './events.ts';
import { consistsOf, isToken, PERCENT, percentIsComplete } from './grammar.ts';

/** A request-target understood: its form, and the authority it names itself (null: ask Host). */
export interface ParsedTarget {
  readonly form: TargetForm;
  readonly authority: string | null;
}

const SLASH = 0x2f;
/** The form of nearly all. */
export const ORIGIN: ParsedTarget = /* @__PURE__ */ Object.freeze({
  form: 'origin',
  authority: null,
});
const ASTERISK: ParsedTarget = /* @__PURE__ */ Object.freeze({ form: 'asterisk', authority: null });

/**
 * Null when the target has none of the forms that RFC 9112 section 3.2 allows for the method.
 * `bits` are the byte classes allowed in paths and queries.
 */
export function parseTarget(method: string, target: string, bits: number): ParsedTarget | null {
  if (method === 'CONNECT') {
    // «the authority-form of request-target is only used for CONNECT requests», and the reverse.
    return isTunnelAuthority(target) ? { form: 'authority', authority: target } : null;
  }
  if (target.charCodeAt(0) === SLASH) return isPathAndQuery(target, bits) ? ORIGIN : null;
  if (target === '*') return method === 'OPTIONS' ? ASTERISK : null;
  return parseAbsolute(target, bits);
}

/** `absolute-URI = scheme ":" hier-part [ "?" query ]`, RFC 3986 section 4.3. */
function parseAbsolute(target: string, bits: number): ParsedTarget | null {
  const colon = target.indexOf(':');
  if (colon < 1 || !isScheme(target.slice(0, colon))) return null;
  const scheme = target.slice(0, colon).toLowerCase();
  const isHttp = scheme === 'http' || scheme === 'https';
  if (!target.startsWith('//', colon + 1)) {
    // An http URI has an authority (RFC 9110 section 4.2.1); of others there may be none.
    // `a.example:80` fits absolute-URI by the letter, as a scheme and a path, but only CONNECT may
    // mean what it says. What two parties could read differently is refused.
    const isTunnel = isTunnelAuthority(target);
    const valid = !isHttp && !isTunnel && isPathAndQuery(target.slice(colon + 1), bits);
    return valid ? { form: 'absolute', authority: '' } : null;
  }
  const start = colon + 3;
  const end = authorityEnd(target, start);
  if (!isPathAndQuery(target.slice(end), bits)) return null;
  const authorityText = withoutUserinfo(target.slice(start, end), isHttp);
  const authority = parseAuthority(authorityText);
  if (authority === null) return null;
  // «A sender MUST NOT generate an "http" URI with an empty host identifier. A recipient that
  // processes such a URI reference MUST reject it as invalid.» RFC 9110 section 4.2.1.
  if (isHttp && authority.host === '') return null;
  return { form: 'absolute', authority: authorityText };
}

function isPathAndQuery(text: string, bits: number): boolean {
  return text === '' || (consistsOf(text, bits | PERCENT) && percentIsComplete(text));
}

function authorityEnd(target: string, start: number): number {
  for (let at = start; at < target.length; at++) {
    const code = target.charCodeAt(at);
    if (code === 0x2f || code === 0x3f) return at;
  }
  return target.length;
}

/**
 * Userinfo in an http URI is an error (RFC 9110 section 4.2.4); it stays in the text, where `@`
 * then fails as a host. Other schemes may have it.
 */
function withoutUserinfo(authority: string, isHttp: boolean): string {
  return isHttp ? authority : authority.slice(authority.lastIndexOf('@') + 1);
}

/** `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`, RFC 3986 section 3.1. */
function isScheme(text: string): boolean {
  return isToken(text) && /^[a-z][a-z0-9+.-]*$/i.test(text);
}
