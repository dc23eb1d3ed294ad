// How a request for a representation is answered: its conditions first, then its ranges.
import { IDENTITY } from './accept-encoding.ts';
import { type ByteRange, selectByteRanges } from './byte-ranges.ts';
import { type FieldLine, fieldValue } from './field-values.ts';
import { formatHttpDate } from './http-date.ts';
import {
  type ContentPart,
  contentRange,
  lengthOf,
  multipartByteranges,
} from './multipart-byteranges.ts';
import {
  allowsRange,
  type ConditionalRequest,
  preconditionStatus,
  type Validators,
} from './preconditions.ts';

/** The representation that a request selects. */
export interface SelectedRepresentation {
  /** As in Content-Type, of what was encoded. */
  readonly mediaType: string;
  /** A content coding, or `identity`. */
  readonly coding: string;
  /** Of the encoded form. */
  readonly sizeBytes: number;
  readonly validators: Validators;
}

/** A response but for its content: where that is neither the representation nor nothing, a page. */
export interface ResponsePlan {
  readonly status: 200 | 206 | 304 | 412 | 416;
  readonly fields: readonly FieldLine[];
  /** Of the representation, for 200 and 206. */
  readonly parts: readonly ContentPart[];
}

/**
 * Answers GET and HEAD. `nowMs` is the time of the response, in Unix milliseconds; `makeBoundary` is
 * asked for what separates ranges, and must not be predictable by who has made the representation.
 */
export function planResponse(
  request: ConditionalRequest,
  selected: SelectedRepresentation,
  nowMs: number,
  makeBoundary: () => string,
): ResponsePlan {
  const status = preconditionStatus(request, selected.validators, nowMs);
  const context = { date: formatHttpDate(nowMs), vary: 'Accept-Encoding' };
  if (status === 412) return { status, fields: fieldLines(context), parts: [] };
  // «The server generating a 304 response MUST generate any of the following header fields that would
  // have been sent in a 200 (OK) response»: these; no others, which it «SHOULD NOT», 15.4.5.
  const shared = {
    ...context,
    // Ask again each time: what is served here is what somebody is working on.
    'cache-control': 'no-cache',
    etag: selected.validators.entityTag,
  };
  if (status === 304) return { status, fields: fieldLines(shared), parts: [] };
  const ranges = wantedRanges(request, selected, nowMs);
  if (ranges === 'unsatisfiable') {
    const unsatisfied = { ...context, 'content-range': `bytes */${selected.sizeBytes}` };
    return { status: 416, fields: fieldLines(unsatisfied), parts: [] };
  }
  if (ranges === 'ignored') return wholeResponse(selected, shared);
  // «SHOULD NOT generate other representation header fields beyond those required because the client
  // already has a prior response containing those header fields. Otherwise, a sender MUST», 15.3.7.
  const isContinued = fieldValue(request.fields, 'if-range') !== null;
  const metadata = isContinued ? shared : { ...shared, ...metadataOf(selected) };
  return partialResponse(selected, ranges, metadata, makeBoundary);
}

/** Fields by name; those that are null are left out. */
type Fields = Readonly<Record<string, string | null>>;

function wholeResponse(selected: SelectedRepresentation, shared: Fields): ResponsePlan {
  const { sizeBytes } = selected;
  const length = { 'content-length': String(sizeBytes), 'accept-ranges': 'bytes' };
  return {
    status: 200,
    fields: fieldLines({ ...shared, ...metadataOf(selected), ...length }),
    parts: sizeBytes === 0 ? [] : [{ first: 0, last: sizeBytes - 1 }],
  };
}

/** Where there are several ranges, the metadata's Content-Type is that of each part. */
function partialResponse(
  { sizeBytes, mediaType }: SelectedRepresentation,
  ranges: readonly ByteRange[],
  metadata: Fields,
  makeBoundary: () => string,
): ResponsePlan {
  const [range, ...others] = ranges;
  if (range !== undefined && others.length === 0) {
    const fields = fieldLines({
      ...metadata,
      'content-range': contentRange(range, sizeBytes),
      'content-length': String(lengthOf(range)),
    });
    return { status: 206, fields, parts: ranges };
  }
  const content = multipartByteranges(ranges, sizeBytes, mediaType, makeBoundary());
  const fields = fieldLines({
    ...metadata,
    'content-type': content.mediaType,
    'content-length': String(content.lengthBytes),
  });
  return { status: 206, fields, parts: content.parts };
}

function metadataOf({ mediaType, coding, validators }: SelectedRepresentation): Fields {
  const { lastModifiedMs } = validators;
  return {
    'content-type': mediaType,
    // «the coding named "identity" […] SHOULD NOT be included», section 8.4.
    'content-encoding': coding === IDENTITY ? null : coding,
    'last-modified': lastModifiedMs === null ? null : formatHttpDate(lastModifiedMs),
  };
}

/** The ranges of Range where it has to be obeyed. */
function wantedRanges(
  { method, fields }: ConditionalRequest,
  { sizeBytes, validators }: SelectedRepresentation,
  nowMs: number,
): ReturnType<typeof selectByteRanges> {
  const range = fieldValue(fields, 'range');
  // «GET is the only method for which range handling is defined», section 14.2.
  if (range === null || method !== 'GET') return 'ignored';
  const ifRange = fieldValue(fields, 'if-range');
  if (ifRange === null) return selectByteRanges(range, sizeBytes);
  if (!allowsRange(ifRange, validators, nowMs)) return 'ignored';
  const ranges = selectByteRanges(range, sizeBytes);
  // Step 5 of section 13.2.2: «if true and the Range is applicable to the selected representation,
  // respond 206 (Partial Content)», «otherwise, ignore the Range header field and respond 200 (OK)».
  return ranges === 'unsatisfiable' ? 'ignored' : ranges;
}

function fieldLines(fields: Fields): FieldLine[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === null ? [] : { name, value }));
}
