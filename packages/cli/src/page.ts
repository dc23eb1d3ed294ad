// The look that every page of the command has. No script, nothing from elsewhere, and a policy that
// keeps it so even if something was not escaped.
import type { HttpResponse } from '@holdline/net';
import { escapeHtml } from './escape.ts';

/** Browsers take the declared type for granted, on every response. */
export const NO_SNIFF: { readonly name: string; readonly value: string } = {
  name: 'x-content-type-options',
  value: 'nosniff',
};

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The look of everything that the command shows, as CSS. */
export const PAGE_STYLE = `:root { color-scheme: light dark; --line: light-dark(#dde1e8, #2c323d); --soft: light-dark(#5b6472, #9aa4b2);
  --card: light-dark(#fff, #171b22); --accent: light-dark(#0b6e5f, #4fd1b8); }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.6 system-ui, sans-serif; background: light-dark(#f5f6f8, #0e1116);
  color: light-dark(#1a1f27, #e7ebf0); }
main { max-width: 46rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 4.5rem) 1.25rem; }
h1 { font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.2; letter-spacing: -.02em; margin: 0 0 .75rem;
  overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 2.5rem 0 .75rem; }
p { margin: 0 0 1rem; max-width: 40rem; }
a { color: var(--accent); text-underline-offset: .25em; text-decoration-thickness: 1px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 4px; }
code, pre, .mono { font-family: ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace; font-size: .9em; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.15rem;
  margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.7; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .875rem; }
.soft { color: var(--soft); }
`;

/** What a page is made of. */
export interface Page {
  /** Plain text. */
  readonly title: string;
  /** HTML for the head of the page, such as a style of its own. */
  readonly style?: string;
  /** HTML. */
  readonly body: string;
}

/** A whole HTML document. */
function pageHtml({ title, style = '', body }: Page): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${PAGE_STYLE}${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** A response with a page, which is not kept by anyone. */
export function pageResponse(status: number, page: Page): HttpResponse {
  return {
    status,
    fields: [
      { name: 'content-type', value: 'text/html; charset=utf-8' },
      { name: 'cache-control', value: 'no-store' },
      { name: 'content-security-policy', value: POLICY },
      { name: 'referrer-policy', value: 'no-referrer' },
      NO_SNIFF,
    ],
    content: pageHtml(page),
  };
}

/** A response that says in a page what is wrong. `explanation` is plain text. */
export function errorPage(status: number, title: string, explanation: string): HttpResponse {
  const body = `<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(explanation)}</p>
<p><a href="/">Back to the start</a></p>
<footer>Status ${status}, from holdline</footer>`;
  return pageResponse(status, { title: `${status} ${title}`, body });
}

/** A response with one line of plain text. */
export function textResponse(
  status: number,
  text: string,
  fields: HttpResponse['fields'] = [],
): HttpResponse {
  const contentType = { name: 'content-type', value: 'text/plain; charset=utf-8' };
  return { status, fields: [...fields, contentType, NO_SNIFF], content: `${text}\n` };
}
