// How long the peer takes to answer, smoothed as TCP does it (RFC 6298 section 2).

/** An estimate from at least one answer; milliseconds. */
export interface RoundTrip {
  /** The newest answer. */
  readonly latestMs: number;
  /** SRTT. */
  readonly smoothedMs: number;
  /** RTTVAR: how far answers are from that on average. */
  readonly variationMs: number;
  /** Answers so far. */
  readonly samples: number;
}

/** The estimate after another answer; `before` is null for the first. `latestMs` is 0 or more. */
export function nextRoundTrip(before: RoundTrip | null, latestMs: number): RoundTrip {
  if (before === null) {
    return { latestMs, smoothedMs: latestMs, variationMs: latestMs / 2, samples: 1 };
  }
  const distance = Math.abs(before.smoothedMs - latestMs);
  return {
    latestMs,
    smoothedMs: (7 / 8) * before.smoothedMs + (1 / 8) * latestMs,
    variationMs: (3 / 4) * before.variationMs + (1 / 4) * distance,
    samples: before.samples + 1,
  };
}
