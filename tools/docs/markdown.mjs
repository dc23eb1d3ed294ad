// The little Markdown that the generated pages are made of.

/** The first lines of every generated page. */
export function pageHead(title, sources) {
  const files = sources.map((file) => `\`${file}\``).join(', ');
  return `# ${title}\n\n<!-- Generated from ${files} by tools/docs/main.mjs. Do not edit. -->\n`;
}

/** A table whose columns are as wide as their widest cell. */
export function table(headings, rows) {
  const cells = [headings, ...rows].map((row) => row.map(cell));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((text, at) => text.padEnd(widths[at])).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

/** Code within a line. */
export function code(text) {
  return text.includes('`') ? `\`\`${text}\`\`` : `\`${text}\``;
}

/** RFC sections become links. */
export function withLinks(text) {
  return text.replace(
    /\bRFC (\d{4}) sections? (\d+(?:\.\d+)*)/g,
    (words, rfc, section) =>
      `[${words}](https://www.rfc-editor.org/rfc/rfc${rfc}#section-${section})`,
  );
}

/** One paragraph on one line, in which a bar does not end the cell. */
function cell(text) {
  return text.replaceAll('\n\n', ' ').replaceAll('|', '\\|');
}
