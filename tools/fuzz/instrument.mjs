// Copies of built modules that count which edges of their control flow are taken, and the bytes of
// the arrays that they make. V8's own coverage
// is two orders of magnitude too slow to be asked after every execution.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'acorn';
import { full } from 'acorn-walk';
import MagicString from 'magic-string';
import { placeOf } from './coverage.mjs';

/** What each instrumented file begins with; `coverage.mjs` provides the object. */
const PROLOGUE = 'const __coverage = globalThis.__holdlineCoverage;\n';

let nextEdge = 0;

/** A statement or an expression that counts an edge of its own. */
function hit() {
  nextEdge = (nextEdge + 1) | 0;
  return `__coverage.hit(${placeOf(nextEdge)})`;
}

/** Counts the way into a statement, which gets braces if it has none. */
function intoStatement(text, node) {
  if (node === null || node === undefined) return;
  if (node.type === 'BlockStatement') text.appendRight(node.start + 1, `${hit()};`);
  else {
    text.appendRight(node.start, `{${hit()};`);
    text.appendLeft(node.end, '}');
  }
}

function intoExpression(text, node) {
  text.appendRight(node.start, `(${hit()},`);
  text.appendLeft(node.end, ')');
}

/** Counts the bytes of a typed array that is made. */
function countBytes(text, node) {
  text.appendRight(node.start, '__coverage.made(');
  text.appendLeft(node.end, ')');
}

function instrumentNode(text, node) {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      if (node.body.type === 'BlockStatement') intoStatement(text, node.body);
      else intoExpression(text, node.body);
      break;
    case 'IfStatement':
      intoStatement(text, node.consequent);
      intoStatement(text, node.alternate);
      break;
    case 'ForStatement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      intoStatement(text, node.body);
      break;
    case 'SwitchCase':
      if (node.consequent.length > 0) text.appendRight(node.consequent[0].start, `${hit()};`);
      break;
    case 'ConditionalExpression':
      intoExpression(text, node.consequent);
      intoExpression(text, node.alternate);
      break;
    case 'LogicalExpression':
      intoExpression(text, node.right);
      break;
    case 'NewExpression':
      if (/^[A-Z][a-z0-9]+Array$/i.test(node.callee.name ?? '')) countBytes(text, node);
      break;
    default:
  }
}

/** The text of a module with counters. */
export function instrumentText(source) {
  const text = new MagicString(source);
  const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  full(tree, (node) => instrumentNode(text, node));
  // The maps are not copied, and would not fit.
  return PROLOGUE + text.toString().replace(/^\/\/# sourceMappingURL=.*$/m, '');
}

/** Copies a folder of built modules and instruments each; returns the folder of the copies. */
export function instrumentFolder(source, target) {
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, { recursive: true });
  const files = readdirSync(target, { recursive: true }).sort();
  for (const name of files.filter((file) => file.endsWith('.js') || file.endsWith('.mjs'))) {
    const file = join(target, name);
    writeFileSync(file, instrumentText(readFileSync(file, 'utf8')));
  }
  return target;
}
