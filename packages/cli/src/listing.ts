// The page that shows what is in a folder without an index.html.
import type { HttpResponse } from '@holdline/net';
import { escapeHtml } from './escape.ts';
import { pageResponse } from './page.ts';
import type { FolderEntries, FolderEntry } from './served-folder.ts';

const STYLE = `table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; font-size: .8125rem; color: var(--soft); }
th, td { padding: .5rem 1.5rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
td:first-child { overflow-wrap: anywhere; width: 100%; }
td:nth-child(n+2), th:nth-child(n+2) { white-space: nowrap; color: var(--soft); text-align: right; }
th:last-child, td:last-child { padding-right: 0; }
@media (max-width: 32rem) { th:last-child, td:last-child { display: none; } }
`;

const collator = new Intl.Collator('en', { numeric: true });

/** The page for a folder; `names` lead to it. */
export function listing(names: readonly string[], { entries, isCut }: FolderEntries): HttpResponse {
  const title = `/${names.map((name) => `${name}/`).join('')}`;
  const sorted = [...entries].sort(
    (left, right) =>
      Number(right.isFolder) - Number(left.isFolder) || collator.compare(left.name, right.name),
  );
  const rows = sorted.map(row);
  if (names.length > 0) rows.unshift('<tr><td><a href="../">../</a></td><td></td><td></td></tr>');
  const summary = isCut
    ? `The first ${entries.length} entries`
    : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`;
  const body = `<h1>${escapeHtml(title)}</h1>
<table>
<thead><tr><th scope="col">Name</th><th scope="col">Size</th><th scope="col">Modified (UTC)</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<footer>${summary}, served by holdline</footer>`;
  return pageResponse(200, { title, style: STYLE, body });
}

function row({ name, isFolder, sizeBytes, modifiedMs }: FolderEntry): string {
  const slash = isFolder ? '/' : '';
  const link = `<a href="${escapeHtml(encodeURIComponent(name))}${slash}">${escapeHtml(name)}${slash}</a>`;
  const size = isFolder ? '' : formatBytes(sizeBytes);
  return `<tr><td>${link}</td><td>${size}</td><td>${formatTime(modifiedMs)}</td></tr>`;
}

/** Three digits at most, in powers of 1024. */
function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `2026-11-23 13:20`; empty for a time that no calendar has. */
function formatTime(unixMs: number): string {
  const date = new Date(unixMs);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 16).replace('T', ' ');
}
