import { code, table, withLinks } from '../markdown.mjs';

/**
 * An interface as a heading, its sentence, and a table of its members. Types with a section on the
 * same page, which `known` names, are links.
 */
export function interfaceSection({ name, doc, members }, known, depth, title = code(name)) {
  const properties = members.filter((member) => !member.isMethod && member.name !== 'type');
  const methods = members.filter((member) => member.isMethod);
  const parts = [`${depth} ${title}`];
  if (doc !== '') parts.push(withLinks(doc));
  if (properties.length > 0) {
    const rows = properties.map((member) => [
      code(member.name + (member.isOptional ? '?' : '')),
      typeLink(member.type, known),
      withLinks(member.doc),
    ]);
    const isExplained = properties.some((member) => member.doc !== '');
    const columns = isExplained ? ['', 'type', 'meaning'] : ['', 'type'];
    const cells = rows.map((row) => row.slice(0, columns.length));
    parts.push(table(columns, cells));
  }
  for (const method of methods) parts.push(`${code(method.type)}\n\n${withLinks(method.doc)}`);
  return parts.join('\n\n');
}

/** A union of words as a heading, its sentence, and the words. */
export function unionSection({ name, doc, alternatives }, depth) {
  const words = alternatives.map((alternative) => code(alternative.name)).join(', ');
  return `${depth} ${code(name)}\n\n${withLinks(doc)}\n\nOne of ${words}.`;
}

function typeLink(type, known) {
  const name = /^(?:readonly )?(\w+)(?:\[\])?(?: \| null)?$/.exec(type)?.[1];
  return known.includes(name) ? `[${code(type)}](#${name.toLowerCase()})` : code(type);
}
