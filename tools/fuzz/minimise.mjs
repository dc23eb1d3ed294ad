// As few inputs, as small and plain as they can be, that take every edge that all inputs take.
import { shrink } from './shrink.mjs';

/** How often each edge is taken by one of the entries. */
function takersOf(entries) {
  const takers = new Map();
  for (const { edges } of entries) {
    for (const edge of edges) takers.set(edge, (takers.get(edge) ?? 0) + 1);
  }
  return takers;
}

/** The entries without those whose edges others take as well, the largest tried first. */
function withoutSpare(entries) {
  const takers = takersOf(entries);
  const spare = new Set();
  for (const entry of entries.toSorted((left, right) => right.input.length - left.input.length)) {
    if (!entry.edges.every((edge) => takers.get(edge) > 1)) continue;
    spare.add(entry);
    for (const edge of entry.edges) takers.set(edge, takers.get(edge) - 1);
  }
  return entries.filter((entry) => !spare.has(entry));
}

/**
 * Of entries `{ input, edges }` some that together take all their edges: for the rarest edges first,
 * the smallest input that takes it. `known` are edges that need no input.
 */
export function coverOf(entries, known = new Set()) {
  const wanted = entries.map(({ input, edges }) => ({
    input,
    edges: edges.filter((edge) => !known.has(edge)),
  }));
  const bySize = wanted.toSorted((left, right) => left.input.length - right.input.length);
  const smallest = new Map();
  for (const entry of bySize) {
    for (const edge of entry.edges) if (!smallest.has(edge)) smallest.set(edge, entry);
  }
  const takers = takersOf(wanted);
  const rarestFirst = [...smallest.keys()].sort((a, b) => takers.get(a) - takers.get(b) || a - b);
  const covered = new Set();
  const chosen = [];
  for (const edge of rarestFirst) {
    if (covered.has(edge)) continue;
    const entry = smallest.get(edge);
    chosen.push(entry);
    for (const other of entry.edges) covered.add(other);
  }
  return withoutSpare(chosen);
}

/**
 * The same with each input shrunk to what still takes the edges that no other takes. `edgesOf`
 * executes an input and gives the edges it takes, or null when it is a finding.
 */
export function minimise(entries, { known, headerBytes, triesMax, edgesOf }) {
  const chosen = coverOf(entries, known);
  const takers = takersOf(chosen);
  const isWanted = (edge) => takers.has(edge);
  for (const entry of chosen) {
    const own = entry.edges.filter((edge) => takers.get(edge) === 1);
    const takesOwn = (candidate) => {
      const edges = new Set(edgesOf(candidate) ?? []);
      return own.every((edge) => edges.has(edge));
    };
    for (const edge of entry.edges) takers.set(edge, takers.get(edge) - 1);
    entry.input = shrink(entry.input, { headerBytes, fails: takesOwn, triesMax });
    entry.edges = (edgesOf(entry.input) ?? []).filter(isWanted);
    for (const edge of entry.edges) takers.set(edge, takers.get(edge) + 1);
  }
  return withoutSpare(chosen).map(({ input }) => input);
}
