// What stands before every resource: is the request meant for this server, and can it be done?
import type { HttpHandler } from '@holdline/net';
import type { HostGuard } from './host-guard.ts';
import { responseToMethod } from './methods.ts';
import { textResponse } from './page.ts';

/** Lets through to `resource` the GET and HEAD requests that are for a name of this server. */
export function site(guard: HostGuard, resource: HttpHandler): HttpHandler {
  return (exchange) => {
    const { head } = exchange;
    if (!guard.allows(head)) {
      // RFC 9110 section 15.5.20. The connection persists: other requests on it may be for us.
      const text = 'This server does not answer to that host name (holdline serve --host NAME).';
      return exchange.respond(textResponse(421, text));
    }
    const response = responseToMethod(head.method);
    return response === null ? resource(exchange) : exchange.respond(response);
  };
}
