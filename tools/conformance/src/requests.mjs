// Building blocks of requests. All text here is one character per byte (latin1).

/** The field that every HTTP/1.1 request needs, with a name that every server under test answers. */
export const HOST = 'Host: localhost\r\n';

/** A GET request; `fields` are whole lines with their CRLF. */
export const get = (target = '/', fields = '') => `GET ${target} HTTP/1.1\r\n${HOST}${fields}\r\n`;

/** A request with any method; `fields` are whole lines with their CRLF. */
export const request = (method, target = '/', fields = '') =>
  `${method} ${target} HTTP/1.1\r\n${HOST}${fields}\r\n`;

/** A POST request; `fields` has to frame the `body`. */
export const post = (fields, body = '', target = '/') =>
  `POST ${target} HTTP/1.1\r\n${HOST}${fields}\r\n${body}`;

/** A POST request with the chunked coding; `body` is the coded form. */
export const chunked = (body, fields = '') => post(`Transfer-Encoding: chunked\r\n${fields}`, body);

/** The chunked form of `hello`. */
export const HELLO = '5\r\nhello\r\n0\r\n\r\n';

/** The request that must never be answered: what smuggling would let through. */
export const HIDDEN = get('/hidden');

/** What proves that the connection persists; its response has its own content. */
export const PROBE = get('/probe', 'Connection: close\r\n');
