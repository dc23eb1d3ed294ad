// Entity tags (RFC 9110 section 8.8.3) as they stand in fields: `"…"`, or `W/"…"` for a weak one.
import { isWhitespace } from './field-values.ts';

const COMMA = 0x2c;

/** entity-tag = [ %s"W/" ] DQUOTE *( %x21 / %x23-7E / obs-text ) DQUOTE */
const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;

const NONE: readonly string[] = [];

/**
 * The value of If-Match or If-None-Match: `*`, or its entity tags. A value that is neither has none:
 * If-Match is then false and If-None-Match true, which is the careful answer in both cases.
 */
export function parseEntityTags(value: string): '*' | readonly string[] {
  if (value === '*') return value;
  const tags: string[] = [];
  let mayBegin = true;
  let position = 0;
  while (position < value.length) {
    const code = value.charCodeAt(position);
    if (code === COMMA || isWhitespace(code)) {
      if (code === COMMA) mayBegin = true;
      position += 1;
      continue;
    }
    const tag = mayBegin ? entityTagAt(value, position) : null;
    if (tag === null) return NONE;
    tags.push(tag);
    position += tag.length;
    mayBegin = false;
  }
  return tags;
}

/** Whether a value is one entity tag, which If-Range has in place of a date. */
export function isEntityTag(value: string): boolean {
  return entityTagAt(value, 0) === value;
}

/** «two entity tags are equivalent if both are not weak and their opaque-tags match», 8.8.3.2. */
export function matchesStrongly(left: string, right: string): boolean {
  return left === right && !isWeak(left);
}

/** «if their opaque-tags match character-by-character, regardless of either or both being tagged». */
export function matchesWeakly(left: string, right: string): boolean {
  return opaqueTagOf(left) === opaqueTagOf(right);
}

function entityTagAt(value: string, position: number): string | null {
  ENTITY_TAG.lastIndex = position;
  return ENTITY_TAG.exec(value)?.[0] ?? null;
}

function isWeak(tag: string): boolean {
  return tag.startsWith('W/');
}

function opaqueTagOf(tag: string): string {
  return isWeak(tag) ? tag.slice(2) : tag;
}
