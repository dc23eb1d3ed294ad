// One line for what went wrong on our side.
import type { ConnectionInfo, HttpExchange } from '@holdline/net';
import { escapePeerText } from './escape.ts';
import { describeError } from './system-error.ts';

/** `permission denied (EACCES) for #3.2 "GET /a.txt"`; null for what is no connection's. */
export function faultLine(error: unknown, where: HttpExchange | ConnectionInfo | null): string {
  const what = describeError(error);
  if (where === null) return what;
  if (!('head' in where)) return `${what} on #${where.id}.${where.requests}`;
  const { connection, number, head } = where;
  const request = `${escapePeerText(head.method)} ${escapePeerText(head.target)}`;
  return `${what} for #${connection.id}.${number} "${request}"`;
}
