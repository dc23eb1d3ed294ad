import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseWebSocketUrl } from '../src/websocket-url.ts';

test('RFC 6455 section 3: defaults', () => {
  expect(parseWebSocketUrl('ws://example.com')).toEqual({
    secure: false,
    host: 'example.com',
    port: 80,
    authority: 'example.com',
    resourceName: '/',
  });
  expect(parseWebSocketUrl('wss://example.com')).toMatchObject({ secure: true, port: 443 });
});

test('the port is in Host unless it is the default', () => {
  const authorities: [string, number, string][] = [
    ['ws://h:80', 80, 'h'],
    ['ws://h:', 80, 'h'],
    ['ws://h:443', 443, 'h:443'],
    ['wss://h:443', 443, 'h'],
    ['wss://h:80', 80, 'h:80'],
    ['ws://[::1]:9001/', 9001, '[::1]:9001'],
  ];
  for (const [url, port, authority] of authorities) {
    expect(parseWebSocketUrl(url)).toMatchObject({ port, authority });
  }
});

test('the resource name is path and query as written', () => {
  const names: [string, string][] = [
    ['ws://h/chat', '/chat'],
    ['ws://h//a/../b', '//a/../b'],
    ['ws://h?', '/'],
    ['ws://h/?', '/'],
    ['ws://h?a=b', '/?a=b'],
    ['ws://h/a?b?c/d', '/a?b?c/d'],
    ['ws://h/%23?%23', '/%23?%23'],
  ];
  for (const [url, resourceName] of names) {
    expect(parseWebSocketUrl(url)).toMatchObject({ host: 'h', resourceName });
  }
});

test('what URL leaves raw although no URI has it is percent-encoded', () => {
  const { href } = new URL('ws://h/[a]|?f={"b":[`c^\\|]}');
  expect(href).toBe('ws://h/[a]|?f={%22b%22:[`c^\\|]}');
  expect(parseWebSocketUrl(href).resourceName).toBe(
    '/%5Ba%5D%7C?f=%7B%22b%22:%5B%60c%5E%5C%7C%5D%7D',
  );
});

test('scheme and host have no case, an address has no brackets', () => {
  expect(parseWebSocketUrl('WSS://Example.COM/A')).toMatchObject({
    secure: true,
    host: 'example.com',
    resourceName: '/A',
  });
  expect(parseWebSocketUrl('ws://[FE80::1]').host).toBe('fe80::1');
});

test('http and https stand for ws and wss', () => {
  expect(parseWebSocketUrl('http://h/a')).toEqual(parseWebSocketUrl('ws://h/a'));
  expect(parseWebSocketUrl('https://h/a')).toEqual(parseWebSocketUrl('wss://h/a'));
});

test('what is not valid is said by component', () => {
  const invalid: [string, RegExp][] = [
    ['', /begins with/],
    ['example.com', /begins with/],
    ['ws:/h', /begins with/],
    ['//h', /begins with/],
    ['ftp://h', /scheme/],
    ['wsx://h', /scheme/],
    ['ws://h#', /fragment/],
    ['ws://h/a#b', /fragment/],
    ['ws://', /host/],
    ['ws:///a', /host/],
    ['ws://u:p@h', /host/],
    ['ws://h:0', /port/],
    ['ws://h:65536', /port/],
    ['ws://h h/', /host/],
    ['ws://h/a b', /path/],
    ['ws://h/a\nb', /path/],
    ['ws://h/%', /path/],
    ['ws://h/\u00e9', /path/],
    ['ws://h/?"', /query/],
    ['ws://h/?%2', /query/],
  ];
  for (const [url, message] of invalid) {
    expect(() => parseWebSocketUrl(url), url).toThrow(TypeError);
    expect(() => parseWebSocketUrl(url), url).toThrow(message);
  }
});

test('the serialisation of any URL without user and fragment is understood as the platform does', () => {
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (text) => {
      const url = new URL(text.replace(/^http/, 'ws'));
      const parsed = parseWebSocketUrl(url.href);
      expect(parsed.secure).toBe(url.protocol === 'wss:');
      expect(parsed.authority).toBe(url.host);
      expect(parsed.host).toBe(url.hostname);
      expect(parsed.resourceName).toBe(url.pathname + url.search);
    }),
  );
  const text = fc.string({ unit: 'grapheme', maxLength: 20 });
  fc.assert(
    fc.property(text, text, (path, search) => {
      const url = new URL('ws://h/');
      url.pathname = path.replaceAll('%', '');
      url.search = search.replaceAll('%', '');
      const { resourceName } = parseWebSocketUrl(url.href);
      expect(decodeURIComponent(resourceName)).toBe(decodeURIComponent(url.pathname + url.search));
    }),
  );
});
