// Which media type a file has, by its name. Browsers are told not to guess (`nosniff`), so what a
// page is made of has to be right; everything else is bytes.

const UTF_8 = '; charset=utf-8';

/** What is sent for names that say nothing (RFC 2046 section 4.5.1). */
const OCTET_STREAM = 'application/octet-stream';

/** Extensions, lower-case, by media type (the IANA registry's; JavaScript by RFC 9239). */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/gzip': 'gz tgz',
  'application/json': 'json map',
  'application/ld+json': 'jsonld',
  'application/manifest+json': 'webmanifest',
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'application/wasm': 'wasm',
  'application/xhtml+xml': 'xhtml xht',
  'application/xml': 'xml xsl xslt',
  'application/atom+xml': 'atom',
  'application/rss+xml': 'rss',
  'application/zip': 'zip',
  'application/zstd': 'zst',
  'application/x-bzip2': 'bz2',
  'application/x-tar': 'tar',
  'application/vnd.apple.mpegurl': 'm3u8',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/midi': 'mid midi',
  'audio/mp4': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/ogg': 'oga ogg opus',
  'audio/wav': 'wav',
  'audio/webm': 'weba',
  'font/collection': 'ttc',
  'font/otf': 'otf',
  'font/ttf': 'ttf',
  'font/woff': 'woff',
  'font/woff2': 'woff2',
  'image/apng': 'apng',
  'image/avif': 'avif',
  'image/bmp': 'bmp',
  'image/gif': 'gif',
  'image/heic': 'heic',
  'image/jpeg': 'jpg jpeg jfif',
  'image/jxl': 'jxl',
  'image/png': 'png',
  'image/svg+xml': 'svg',
  'image/tiff': 'tif tiff',
  'image/vnd.microsoft.icon': 'ico cur',
  'image/webp': 'webp',
  'model/gltf+json': 'gltf',
  'model/gltf-binary': 'glb',
  'text/calendar': 'ics',
  'text/css': 'css',
  'text/csv': 'csv',
  'text/html': 'html htm',
  'text/javascript': 'js mjs cjs',
  'text/markdown': 'md markdown',
  // Sources are to be read, not run; `ts` is a program here more often than a film.
  'text/plain':
    'txt text log conf ini toml yaml yml ts mts cts tsx jsx c h cc cpp hpp go java kt lua php pl py rb rs sh sql swift diff patch',
  'text/tab-separated-values': 'tsv',
  'text/vcard': 'vcf',
  'text/vtt': 'vtt',
  'video/mp4': 'mp4 m4v',
  'video/mpeg': 'mpg mpeg',
  'video/ogg': 'ogv',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
};

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(EXTENSIONS).flatMap(([type, extensions]) =>
    extensions
      .split(' ')
      .map((extension): [string, string] => [
        extension,
        type.startsWith('text/') ? type + UTF_8 : type,
      ]),
  ),
);

/** The `Content-Type` of a file by its name's last extension in any case; text is said to be UTF-8. */
export function mediaType(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  if (dot < 1) return OCTET_STREAM;
  return TYPES.get(fileName.slice(dot + 1).toLowerCase()) ?? OCTET_STREAM;
}
