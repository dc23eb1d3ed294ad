// What is asked in each case: the bytes of a request, and the wrk script that sends them.

const browserLines = [
  'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  'Accept-Encoding: gzip, deflate, br, zstd',
  'Accept-Language: en-GB,en;q=0.9,de;q=0.8',
  'Cache-Control: max-age=0',
  'Connection: keep-alive',
  'Sec-CH-UA: "Chromium";v="142", "Not_A Brand";v="99"',
  'Sec-CH-UA-Mobile: ?0',
  'Sec-CH-UA-Platform: "Linux"',
  'Sec-Fetch-Dest: document',
  'Sec-Fetch-Mode: navigate',
  'Sec-Fetch-Site: none',
  'Upgrade-Insecure-Requests: 1',
];
const BROWSER_BYTES = 666;

/** The plain request that wrk sends by itself. */
export function plainRequest(port) {
  return `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
}

/** What a browser sends, brought to 666 bytes by a cookie. */
function browserRequest(port) {
  const head = [`GET / HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...browserLines];
  const bare = `${head.join('\r\n')}\r\nCookie: session=\r\n\r\n`;
  const cookie = 'c'.repeat(Math.max(0, BROWSER_BYTES - bare.length));
  return bare.replace('session=', `session=${cookie}`);
}

/** The cases; a script makes wrk send `repeat` requests at once. */
export const CASES = [
  { key: 'plain', label: 'plain GET', request: plainRequest, repeat: 1 },
  {
    key: 'browser',
    label: `${BROWSER_BYTES}-byte browser head`,
    request: browserRequest,
    repeat: 1,
  },
  { key: 'pipelined', label: 'plain GET, pipelined x16', request: plainRequest, repeat: 16 },
];

/** A wrk script that sends exactly these bytes. */
export function wrkScript(request, repeat) {
  const bytes = JSON.stringify(request.repeat(repeat));
  return `local bytes = ${bytes}\nrequest = function() return bytes end\n`;
}
