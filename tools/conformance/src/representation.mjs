// What responses say of a representation, held against its content and against themselves (RFC 9110
// sections 8.8, 14 and 15.3.7).

const CONTENT_RANGE = /^bytes (\d+)-(\d+)\/(\d+)$/;
const ENTITY_TAG = /^(?:W\/)?"[!#-~\x80-\xff]*"$/;

/** What of a 206 or 416 contradicts itself; null when nothing does. */
export function partialFault(response) {
  const range = response.field('content-range');
  if (response.status === 416) {
    return range === null || /^bytes \*\/\d+$/.test(range) ? null : `Content-Range: ${range}`;
  }
  if (response.status !== 206) return null;
  if (range === null) return partsOf(response) === null ? 'no parts in 206' : null;
  const match = CONTENT_RANGE.exec(range);
  if (match === null) return `Content-Range: ${range}`;
  const [first, last, complete] = match.slice(1).map(Number);
  return first <= last && last < complete ? null : `Content-Range: ${range}`;
}

/** What of a 200 is not this content; other responses have another reason. */
export function wholeFault({ status, content }, expected) {
  return status !== 200 || content === expected ? null : `content ${JSON.stringify(content)}`;
}

/** What of a 206 is not these ranges of the content in their order, or of a 200 not the whole. */
export function contentOfRanges(response, content, ranges) {
  if (response.status !== 206) return wholeFault(response, content);
  const single = response.field('content-range');
  const parts = single === null ? partsOf(response) : [[single, response.content]];
  if (parts === null) return 'a multipart that cannot be taken apart';
  const expected = ranges.map(([first, last]) => [
    `bytes ${first}-${last}/${content.length}`,
    content.slice(first, last + 1),
  ]);
  const [received, wanted] = [parts, expected].map((list) => JSON.stringify(list));
  return received === wanted ? null : `${received}, not ${wanted}`;
}

/** Content-Range and content of each body part; null when it is no multipart/byteranges. */
function partsOf(response) {
  const type = response.field('content-type') ?? '';
  const boundary = /^multipart\/byteranges; *boundary="?([^"]{1,70})"?$/i.exec(type)?.[1];
  if (boundary === undefined) return null;
  // «Additional CRLFs might precede the first boundary string in the body», section 14.6.
  const [preamble, ...parts] = `\r\n${response.content}`.split(`\r\n--${boundary}`);
  if (!/^(\r\n)*$/.test(preamble) || !parts.pop()?.startsWith('--')) return null;
  return parts.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const range = /^content-range: *(.*)$/im.exec(part.slice(0, end))?.[1];
    return [range, part.slice(end + 4)];
  });
}

/**
 * What of a 304, behind a 200 for the same, it has too much or too little: «any of the following
 * header fields that would have been sent in a 200 (OK) response», and no other metadata.
 */
export function notModifiedFault([full, response]) {
  for (const name of ['etag', 'vary', 'cache-control', 'expires', 'content-location']) {
    if (full.field(name) !== response.field(name)) return `304 without the ${name} of 200`;
  }
  const metadata = ['content-type', 'content-encoding', 'content-language'];
  const other = metadata.find((name) => response.field(name) !== null);
  return other === undefined ? null : `304 with ${other}`;
}

/**
 * What of a response that may be encoded, behind one that is not, is wrong: «a strong entity tag for a
 * content-encoded representation has to be distinct from the entity tag of an unencoded
 * representation», section 8.8.3.3.
 */
export function codingFault([plain, response]) {
  if (response.field('content-encoding') === null) return wholeFault(response, plain.content);
  if (!response.lists('vary', 'accept-encoding')) return 'encoded without Vary';
  const tag = response.field('etag');
  const isShared = tag !== null && !tag.startsWith('W/') && tag === plain.field('etag');
  return isShared ? 'one entity tag for two codings' : null;
}

/** What of the validators of any response is not as it has to be; `add` takes level and text. */
export function checkValidators(response, add) {
  const tag = response.field('etag');
  if (tag !== null && !ENTITY_TAG.test(tag)) add('MUST', 'no entity tag in ETag (9110 8.8.3)');
  const modified = response.field('last-modified');
  if (modified === null) return;
  const [modifiedMs, dateMs] = [modified, response.field('date')].map(Date.parse);
  if (new Date(modifiedMs).toUTCString() !== modified) add('MUST', 'no IMF-fixdate (9110 5.6.7)');
  if (modifiedMs > dateMs) add('MUST', 'Last-Modified later than Date (9110 8.8.2.1)');
}

/** What of a partial response or a refused range is not as it has to be. */
export function checkPartial(response, add) {
  const fault = partialFault(response);
  if (fault !== null) add('MUST', `${fault} (RFC 9110 14.4)`);
  const range = response.field('content-range');
  const type = response.field('content-type') ?? '';
  if (response.status === 416 && range === null) {
    add('SHOULD', '416 without Content-Range (RFC 9110 15.5.17)');
  }
  if (response.status === 206 && range !== null && type.startsWith('multipart/byteranges')) {
    add('MUST', 'Content-Range beside several parts (RFC 9110 15.3.7.2)');
  }
}
