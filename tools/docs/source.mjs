// Reads what the pages tell out of TypeScript sources: interfaces, unions, constant tables, and the
// comment above each. Nothing is executed, so that the pages can be made without a build.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

/** The folder of the whole workspace. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A source of the workspace, by its path relative to it. */
export function readModule(file) {
  return parseModule(file, readFileSync(join(root, file), 'utf8'));
}

/** A parsed source; throws SyntaxError for what is not TypeScript. */
export function parseModule(file, text) {
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const docs = new Map();
  for (const { type, value, end } of comments) {
    if (type !== 'Block' || !value.startsWith('*')) continue;
    // A comment belongs to what comes next, whatever blanks, or the bar of a union, stand between.
    docs.set(end + /^[\s|]*/.exec(text.slice(end))[0].length, proseOf(value));
  }
  return { file, text, program, docs };
}

/** An interface: what it says of itself, and its members with those that it inherits. */
export function interfaceOf(module, name) {
  const imported = importOf(module, name);
  if (imported !== null) return interfaceOf(imported, name);
  const { statement, declaration } = declarationOf(module, name);
  if (declaration.type !== 'TSInterfaceDeclaration') throw new TypeError(`${name} is no interface`);
  const inherited = declaration.extends
    .map(({ expression }) => expression.name)
    .filter((base) => !isForeign(module, base))
    .flatMap((base) => interfaceOf(module, base).members);
  const own = declaration.body.body.map((member) => memberOf(module, member));
  return { name, doc: docOf(module, statement), members: [...own, ...inherited] };
}

/** A class: what it says of itself, and its public members, without the constructor. */
export function classOf(module, name) {
  const { statement, declaration } = declarationOf(module, name);
  if (declaration.type !== 'ClassDeclaration') throw new TypeError(`${name} is no class`);
  const members = declaration.body.body
    .filter(({ key, kind, computed }) => {
      return key.type === 'Identifier' && !computed && kind !== 'constructor' && kind !== 'set';
    })
    .map((member) => classMemberOf(module, member));
  return { name, doc: docOf(module, statement), members };
}

/** A union: what it says of itself, and each alternative as its text with its comment. */
export function unionOf(module, name) {
  const { statement, declaration } = declarationOf(module, name);
  const { typeAnnotation } = declaration;
  const types = typeAnnotation.type === 'TSUnionType' ? typeAnnotation.types : [typeAnnotation];
  const alternatives = types.map((type) => ({
    name: type.typeName?.name ?? type.literal?.value ?? textOf(module, type),
    doc: docOf(module, type),
  }));
  return { name, doc: docOf(module, statement), alternatives };
}

/** A table in a constant: what it says of itself, and each row's key, value and comment. */
export function tableOf(module, name) {
  const { statement, declaration } = declarationOf(module, name);
  const rows = objectIn(declaration.init).properties.map((property) => ({
    key: property.key.name ?? property.key.value,
    value: property.value,
    doc: docOf(module, property),
  }));
  return { name, doc: docOf(module, statement), rows };
}

/** The rows of an object inside a table. */
export function objectRows(node) {
  return node.properties.map(({ key, value }) => ({ key: key.name ?? key.value, value }));
}

/** The value of a literal, negative numbers and Infinity included. */
export function literalOf(node) {
  if (node.type === 'Literal') return node.value;
  const isInfinity = node.type === 'MemberExpression' && node.property.name === 'POSITIVE_INFINITY';
  if (isInfinity) return Number.POSITIVE_INFINITY;
  throw new TypeError(`a ${node.type} is no literal`);
}

/** What stands in the source, on one line. */
export function textOf(module, node) {
  const text = module.text.slice(node.start, node.end).replace(/\s+/g, ' ');
  return text.replace(/^\| /, '').replace(/\( /g, '(').replace(/, \)/g, ')');
}

function memberOf(module, member) {
  const isMethod = member.type === 'TSMethodSignature';
  const name = member.key.name;
  const text = textOf(module, member).replace(/;$/, '');
  const type = isMethod ? text : textOf(module, member.typeAnnotation.typeAnnotation);
  return { name, type, isMethod, isOptional: member.optional, doc: docOf(module, member) };
}

function classMemberOf(module, member) {
  const isMethod = member.kind === 'method';
  const annotation = member.kind === 'get' ? member.value.returnType : member.typeAnnotation;
  const type = isMethod
    ? textOf(module, { start: member.start, end: member.value.body.start }).trim()
    : textOf(module, annotation.typeAnnotation);
  return { name: member.key.name, type, isMethod, isOptional: false, doc: docOf(module, member) };
}

/** The module of the same package that a name is imported from, or null. Types keep their names here. */
function importOf(module, name) {
  const specifier = specifierOf(module, name);
  return specifier?.startsWith('.') ? readModule(join(dirname(module.file), specifier)) : null;
}

/** Of another package, which has a page of its own, or of the platform. */
function isForeign(module, name) {
  const specifier = specifierOf(module, name);
  return specifier === null ? !isDeclared(module, name) : !specifier.startsWith('.');
}

function isDeclared(module, name) {
  return module.program.body.some((statement) => {
    return (statement.declaration ?? statement).id?.name === name;
  });
}

function specifierOf(module, name) {
  const found = module.program.body.find(
    ({ type, specifiers }) =>
      type === 'ImportDeclaration' && specifiers.some(({ local }) => local.name === name),
  );
  return found?.source.value ?? null;
}

function declarationOf(module, name) {
  for (const statement of module.program.body) {
    const declaration = statement.declaration ?? statement;
    if (declaration.id?.name === name) return { statement, declaration };
    for (const declarator of declaration.declarations ?? []) {
      if (declarator.id.name === name) return { statement, declaration: declarator };
    }
  }
  throw new ReferenceError(`${module.file} declares no ${name}`);
}

/** The object literal inside `as const`, parentheses and `Object.freeze`. */
function objectIn(node) {
  if (node.type === 'ObjectExpression') return node;
  return objectIn(node.type === 'CallExpression' ? node.arguments[0] : node.expression);
}

function docOf(module, node) {
  return module.docs.get(node.start) ?? '';
}

/** A comment's paragraphs without its stars, each on one line. */
function proseOf(comment) {
  const lines = comment
    .slice(1)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  return lines
    .join('\n')
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll('\n', ' '))
    .join('\n\n')
    .replace(/\{@link (\w+)\}/g, '`$1`');
}
