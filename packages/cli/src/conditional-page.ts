// Conditions on what is made anew for each request, and so has neither entity tag nor date.
import type { HttpResponse } from '@holdline/net';
import { errorPage } from './page.ts';
import {
  type ConditionalRequest,
  NO_VALIDATORS,
  preconditionStatus,
} from './semantics/preconditions.ts';

/**
 * The page, unless the request has a condition against it: an entity tag that it would have to have,
 * or `If-None-Match: *`, which any page fails (RFC 9110 section 13.2).
 */
export function conditionalPage(request: ConditionalRequest, page: HttpResponse): HttpResponse {
  const status = preconditionStatus(request, NO_VALIDATORS, Date.now());
  if (status === 200) return page;
  if (status === 412) return errorPage(412, 'Precondition failed', 'The page is another one.');
  const fields = (page.fields ?? []).filter(({ name }) => name === 'cache-control');
  return { status, fields };
}
