// The response to a request for a file: which of its representations, on which conditions, and which
// bytes of it.
import { randomUUID } from 'node:crypto';
import type { HttpResponse } from '@holdline/net';
import { escapeHtml } from './escape.ts';
import { FileContent } from './file-content.ts';
import { fileValidators } from './file-validators.ts';
import { mediaType } from './media-types.ts';
import { errorPage, NO_SNIFF, pageResponse } from './page.ts';
import { PrebuiltFiles, type Representation } from './prebuilt-files.ts';
import { type FieldLine, fieldValue } from './semantics/field-values.ts';
import type { ConditionalRequest } from './semantics/preconditions.ts';
import { planResponse, type ResponsePlan } from './semantics/response-plan.ts';
import type { OpenedEntry, ServedFolder } from './served-folder.ts';

/** On every response for a file: a prebuilt one may come and go. */
const VARY: FieldLine = { name: 'vary', value: 'Accept-Encoding' };

/**
 * Answers GET and HEAD with the file that `names` lead to, whose handle it takes over. What is wrong
 * with the prebuilt files beside it, which are not needed, is told to `report`.
 */
export async function fileResponse(
  request: ConditionalRequest,
  folder: ServedFolder,
  names: readonly string[],
  original: OpenedEntry,
  report: (error: unknown) => void,
): Promise<HttpResponse> {
  const prebuilt = new PrebuiltFiles(folder, names, original, report);
  const name = names.at(-1) ?? '';
  const chosen = await prebuilt.select(fieldValue(request.fields, 'accept-encoding'));
  const others = chosen === null ? await prebuilt.fileNames() : [];
  if (chosen?.file !== original) await original.handle.close();
  return chosen === null ? notAcceptable(name, others) : answer(request, mediaType(name), chosen);
}

async function answer(
  request: ConditionalRequest,
  type: string,
  { file, coding }: Representation,
): Promise<HttpResponse> {
  const { handle, sizeBytes } = file;
  // One reading for Date and Last-Modified, so that they cannot contradict one another.
  const nowMs = Date.now();
  const validators = fileValidators(file, coding, nowMs);
  const selected = { mediaType: type, coding, sizeBytes, validators };
  const plan = planResponse(request, selected, nowMs, randomUUID);
  if (plan.status === 200 || plan.status === 206) {
    const fields = [...plan.fields, NO_SNIFF];
    return { status: plan.status, fields, content: new FileContent(handle, plan.parts) };
  }
  await handle.close();
  return withoutFile(plan);
}

function withoutFile({ status, fields }: ResponsePlan): HttpResponse {
  if (status === 304) return { status, fields };
  const page =
    status === 412
      ? errorPage(status, 'Precondition failed', 'The file is not the one that was asked for.')
      : errorPage(status, 'Range not satisfiable', 'The file does not have these bytes.');
  return { ...page, fields: [...(page.fields ?? []), ...fields] };
}

/**
 * «The server SHOULD generate content containing a list of available representation characteristics
 * and corresponding resource identifiers», RFC 9110 section 15.5.7.
 */
function notAcceptable(name: string, prebuiltNames: readonly string[]): HttpResponse {
  const items = [name, ...prebuiltNames].map(
    (item) => `<li><a href="${escapeHtml(encodeURIComponent(item))}">${escapeHtml(item)}</a></li>`,
  );
  const body = `<h1>Not acceptable</h1>
<p>Your client takes this file in none of the content codings that there are. One by one they are:</p>
<ul>
${items.join('\n')}
</ul>
<footer>Status 406, from holdline</footer>`;
  const page = pageResponse(406, { title: '406 Not acceptable', body });
  return { ...page, fields: [...(page.fields ?? []), VARY] };
}
