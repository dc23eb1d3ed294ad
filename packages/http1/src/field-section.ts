// The fields of a head or a trailer section that was found valid, out of its text.
import type { ControlFields } from './control-fields.ts';
import type { Field } from './events.ts';
import { isWhitespace, trimWhitespace } from './grammar.ts';

/**
 * The fields in `text` from `start` on, up to the empty line; those that steer the connection also
 * go to `control`.
 */
export function sectionFields(text: string, start: number, control: ControlFields | null): Field[] {
  const fields: { name: string; value: string }[] = [];
  for (const line of text.slice(start).split('\r\n')) {
    if (line === '') break;
    if (isWhitespace(line.charCodeAt(0))) {
      // «replace each received obs-fold with one or more SP octets», RFC 9112 section 5.2.
      fields[fields.length - 1]!.value += ` ${trimWhitespace(line)}`;
    } else {
      const colon = line.indexOf(':');
      const value = trimWhitespace(line.slice(colon + 1));
      fields.push({ name: line.slice(0, colon).toLowerCase(), value });
    }
  }
  for (const field of fields) {
    // What a fold has added may be nothing but white space.
    field.value = trimWhitespace(field.value);
    control?.add(field.name, field.value);
  }
  return fields;
}
