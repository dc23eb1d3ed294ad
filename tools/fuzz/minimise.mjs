// As few inputs, as small and plain as they can be, that come by every place that all inputs come by.
import { shrink } from './shrink.mjs';

/** How often each place is taken by one of the entries. */
function takersOf(entries) {
  const takers = new Map();
  for (const { places } of entries) {
    for (const place of places) takers.set(place, (takers.get(place) ?? 0) + 1);
  }
  return takers;
}

/** The entries without those whose places others take as well, the largest tried first. */
function withoutSpare(entries) {
  const takers = takersOf(entries);
  const spare = new Set();
  for (const entry of entries.toSorted((left, right) => right.input.length - left.input.length)) {
    if (!entry.places.every((place) => takers.get(place) > 1)) continue;
    spare.add(entry);
    for (const place of entry.places) takers.set(place, takers.get(place) - 1);
  }
  return entries.filter((entry) => !spare.has(entry));
}

/**
 * Of entries `{ input, places }` some that together take all their places: for the rarest places first,
 * the smallest input that takes it. `known` are places that need no input.
 */
export function coverOf(entries, known = new Set()) {
  const wanted = entries.map(({ input, places }) => ({
    input,
    places: places.filter((place) => !known.has(place)),
  }));
  const bySize = wanted.toSorted((left, right) => left.input.length - right.input.length);
  const smallest = new Map();
  for (const entry of bySize) {
    for (const place of entry.places) if (!smallest.has(place)) smallest.set(place, entry);
  }
  const takers = takersOf(wanted);
  const rarestFirst = [...smallest.keys()].sort((a, b) => takers.get(a) - takers.get(b) || a - b);
  const covered = new Set();
  const chosen = [];
  for (const place of rarestFirst) {
    if (covered.has(place)) continue;
    const entry = smallest.get(place);
    chosen.push(entry);
    for (const other of entry.places) covered.add(other);
  }
  return withoutSpare(chosen);
}

/**
 * The same with each input shrunk to what still takes the places that no other takes. `placesOf`
 * executes an input and gives the places it takes, or null when it is a finding.
 */
export function minimise(entries, { known, headerBytes, triesMax, placesOf }) {
  const chosen = coverOf(entries, known);
  const takers = takersOf(chosen);
  const isWanted = (place) => takers.has(place);
  for (const entry of chosen) {
    const own = entry.places.filter((place) => takers.get(place) === 1);
    const takesOwn = (candidate) => {
      const places = new Set(placesOf(candidate) ?? []);
      return own.every((place) => places.has(place));
    };
    for (const place of entry.places) takers.set(place, takers.get(place) - 1);
    entry.input = shrink(entry.input, { headerBytes, fails: takesOwn, triesMax });
    entry.places = (placesOf(entry.input) ?? []).filter(isWanted);
    for (const place of entry.places) takers.set(place, takers.get(place) + 1);
  }
  return withoutSpare(chosen).map(({ input }) => input);
}
