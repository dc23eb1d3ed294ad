import { expect, test } from 'vitest';
import { mediaType } from '../src/media-types.ts';

test.each([
  ['index.html', 'text/html; charset=utf-8'],
  ['STYLE.CSS', 'text/css; charset=utf-8'],
  ['app.min.js', 'text/javascript; charset=utf-8'],
  ['app.mjs', 'text/javascript; charset=utf-8'],
  ['notes.txt', 'text/plain; charset=utf-8'],
  ['README.md', 'text/markdown; charset=utf-8'],
  ['data.json', 'application/json'],
  ['app.js.map', 'application/json'],
  ['app.webmanifest', 'application/manifest+json'],
  ['module.wasm', 'application/wasm'],
  ['logo.svg', 'image/svg+xml'],
  ['photo.JPeG', 'image/jpeg'],
  ['favicon.ico', 'image/vnd.microsoft.icon'],
  ['font.woff2', 'font/woff2'],
  ['film.mp4', 'video/mp4'],
  ['paper.pdf', 'application/pdf'],
  ['archive.tar.gz', 'application/gzip'],
  ['no-extension', 'application/octet-stream'],
  ['what.ever', 'application/octet-stream'],
  ['ends.with.', 'application/octet-stream'],
  ['x.constructor', 'application/octet-stream'],
  ['x.__proto__', 'application/octet-stream'],
])('%s is %s', (name, type) => {
  expect(mediaType(name)).toBe(type);
});
