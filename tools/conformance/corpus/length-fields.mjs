// Spellings of the two fields that frame a request's content, and what each means alone.

/**
 * @typedef {object} Spelling
 * @property {string} lines whole field lines
 * @property {'valid' | 'tolerable' | 'wrong' | 'broken' | 'foldable' | 'absent'} kind valid; may be
 *   accepted or refused; has to be refused; spoils the head; may be unfolded; or another field
 * @property {number} [size] Content-Length that it means
 * @property {boolean} [isOdd] tolerable, but not the same digits again
 * @property {number[]} [statuses] of a refusal
 * @property {number[]} [house] of holdline's refusal
 */

const length = (value, kind, size) => ({ lines: `Content-Length:${value}\r\n`, kind, size });
const coding = (value, kind, more = {}) => ({
  lines: `Transfer-Encoding:${value}\r\n`,
  kind,
  statuses: [400, 501],
  ...more,
});

/** Content-Length of 5, and whatever resembles it (RFC 9110 section 8.6). */
export const LENGTHS = [
  length(' 5', 'valid', 5),
  length('5', 'valid', 5),
  length('\t 5 \t', 'valid', 5),
  length(' 05', 'valid', 5),
  length(' 00000000000000000000000000000005', 'valid', 5),
  length(' 0', 'valid', 0),
  length(' 5, 5', 'tolerable', 5),
  length(' 5,5,5', 'tolerable', 5),
  { ...length(' 5,05', 'tolerable', 5), isOdd: true },
  { ...length(' 5,', 'tolerable', 5), isOdd: true },
  { ...length(' ,5', 'tolerable', 5), isOdd: true },
  length(' 5\t,\t5', 'tolerable', 5),
  ...[
    ...[
      '',
      ' ',
      ' +5',
      ' -5',
      ' -0',
      ' 5.0',
      ' 5.',
      ' 5e0',
      ' 0x5',
      ' 5h',
      ' "5"',
      " '5'",
      ' 5;',
      ' 5; a=b',
    ],
    ...[
      ' 5 5',
      ' 5, 6',
      ' 6, 5',
      ' 5, +5',
      ' 5; 5',
      ' 5 , 6',
      ' five',
      ' 0b101',
      ' 0o5',
      ' 5_0',
      " 5'0",
    ],
    ...[
      ' \xb2',
      ' \xd9\xa5',
      ' 1\xa05',
      ' NaN',
      ' Infinity',
      ' null',
      ' ,',
      ' 5,,6',
      ' (5)',
      ' 5/1',
    ],
    ...[' 05, 6', ' #5', ' $5', ' 5%', ' 5*', ' chunked', ' 5, chunked', ' ~5', ' =5', ' <5>'],
  ].map((value) => length(value, 'wrong')),
  ...['\0', '\v5', '\f5', ' 5\v', ' 5\x7f', '\x1f5', ' \x005'].map((value) =>
    length(value, 'wrong'),
  ),
  length('\r\n 5', 'foldable', 5),
  length(' 5\r\n ', 'foldable', 5),
  { lines: 'Content-Length : 5\r\n', kind: 'broken' },
  { lines: 'Content-Length\t: 5\r\n', kind: 'broken' },
  { lines: 'Content Length: 5\r\n', kind: 'broken' },
  { lines: 'Content-Length\0: 5\r\n', kind: 'broken' },
  { lines: 'Content-Length\r\n', kind: 'broken' },
  { lines: 'Content-Length 5\r\n', kind: 'broken' },
  { lines: '(Content-Length): 5\r\n', kind: 'broken' },
  { lines: 'CONTENT-LENGTH: 5\r\n', kind: 'valid', size: 5 },
  { lines: 'content-length: 5\r\n', kind: 'valid', size: 5 },
  { lines: 'cONTENT-lENGTH: 5\r\n', kind: 'valid', size: 5 },
  { lines: 'Content_Length: 5\r\n', kind: 'absent' },
  { lines: 'ContentLength: 5\r\n', kind: 'absent' },
  { lines: 'X-Content-Length: 5\r\n', kind: 'absent' },
  { lines: 'Content-Length5: 5\r\n', kind: 'absent' },
];

/** Numbers that do not fit where careless recipients put them; each is 5 in fewer bits. */
export const GREAT_LENGTHS = [
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 31n + 5n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 32n + 5n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 53n + 5n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 63n + 5n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 64n + 5n,
  2n ** 128n + 5n,
  10n ** 19n,
  10n ** 20n + 5n,
  10n ** 100n,
  10n ** 1000n,
].map((size) => `${size}`);

/** Transfer-Encoding: chunked, and whatever resembles it (RFC 9112 section 6.1). */
export const CODINGS = [
  coding(' chunked', 'valid'),
  coding('chunked', 'valid'),
  coding('\tchunked\t ', 'valid'),
  coding(' Chunked', 'valid'),
  coding(' CHUNKED', 'valid'),
  coding(' chunKed', 'valid'),
  coding(' chunked,', 'valid'),
  coding(' , chunked', 'valid'),
  coding(' ,,chunked, ,', 'valid'),
  ...[' gzip, chunked', ' x-gzip,chunked', ' deflate, chunked', ' compress, chunked'].map((value) =>
    coding(value, 'wrong', { house: [501], understood: true }),
  ),
  ...[' identity, chunked', ' foo, chunked', ' foo;a=b, chunked', ' foo;a="b,c", chunked'].map(
    (value) => coding(value, 'wrong', { house: [501] }),
  ),
  ...[
    ...[
      ' chunked, gzip',
      ' chunked, identity',
      ' identity',
      ' gzip',
      ' foo',
      ' chunkedx',
      ' xchunked',
    ],
    ...[' chunke', ' chunkd', ' chunked-', ' chunked_', ' chunked1', ' 0', ' trailers', ' br'],
    ...[' chunked,foo', ' chunked;foo', ' "chunked"', " 'chunked'", ' <chunked>', ' (chunked)'],
    ...[
      ' chunked chunked',
      ' chunked; chunked',
      ' chun ked',
      ' chunked:',
      ' chunked/1',
      ' chunked=',
    ],
    ...['', ' ', ' ,', ' , ,', ' chunked;', ' ;chunked', ' \xa0chunked', ' chunked\xa0'],
    ...[' \xefchunked', ' chunked\xff', ' ch\xfcnked', ' chunked, gzip, deflate', ' [chunked]'],
  ].map((value) => coding(value, 'wrong', { house: [400] })),
  ...[' chunked, chunked', ' chunked,chunked,chunked', ' chunked;q=1', ' chunked; a=b'].map(
    (value) => coding(value, 'wrong'),
  ),
  ...[' \vchunked', ' chunked\v', ' \fchunked', ' chunked\x7f', ' \x01chunked', ' chunked\x1b'].map(
    (value) => coding(value, 'wrong', { house: [400] }),
  ),
  ...[' chunked\0', '\0chunked', ' chunked\0gzip'].map((value) =>
    coding(value, 'wrong', { house: [400], replaceable: !value.includes('gzip') }),
  ),
  coding('\r\n chunked', 'foldable'),
  coding(' chunked\r\n ', 'foldable'),
  coding('\r\n\tchunked', 'foldable'),
  { lines: 'X: y\nTransfer-Encoding: chunked\r\n', kind: 'foldable' },
  { lines: 'Transfer-Encoding:\nchunked\r\n', kind: 'foldable' },
  { lines: 'Transfer-Encoding : chunked\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding\t: chunked\r\n', kind: 'broken' },
  { lines: 'Transfer Encoding: chunked\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding\0: chunked\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding\v: chunked\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding\r\n : chunked\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding chunked\r\n', kind: 'broken' },
  { lines: '"Transfer-Encoding": chunked\r\n', kind: 'broken' },
  { lines: 'Transfer-Encoding\xa0: chunked\r\n', kind: 'broken' },
  { lines: 'TRANSFER-ENCODING: chunked\r\n', kind: 'valid' },
  { lines: 'transfer-encoding: chunked\r\n', kind: 'valid' },
  { lines: 'tRANSFER-eNCODING: chunked\r\n', kind: 'valid' },
  { lines: 'Transfer_Encoding: chunked\r\n', kind: 'absent' },
  { lines: 'TransferEncoding: chunked\r\n', kind: 'absent' },
  { lines: 'X-Transfer-Encoding: chunked\r\n', kind: 'absent' },
  { lines: 'Transfer-Encoding-X: chunked\r\n', kind: 'absent' },
  { lines: 'TE: chunked\r\n', kind: 'absent' },
  { lines: 'Content-Encoding: chunked\r\n', kind: 'absent' },
  { lines: 'X: Transfer-Encoding: chunked\r\n', kind: 'absent' },
];
