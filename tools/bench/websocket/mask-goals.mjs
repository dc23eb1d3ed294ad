// What masking is meant to reach, as functions of the ratios of one run: the others' time to ours.
import process from 'node:process';

const KIB = 1024;
const NODE_MAJOR = Number.parseInt(process.versions.node, 10);
/** Of the native addon's speed; the older compiler makes less of our loop. */
const OF_NATIVE = NODE_MAJOR >= 26 ? 0.5 : 0.28;

/** The least of what the cases of a size say. */
function least(ratios, size, key) {
  return Math.min(...ratios.filter((ratio) => ratio.size === size).map((ratio) => ratio[key]));
}

function inPlace(size, key) {
  return ({ inPlace: ratios }) =>
    least(
      ratios.filter(({ alignment }) => alignment !== 'alone'),
      size,
      key,
    );
}

const GOALS = [
  ...[5, 16, 64, 125].flatMap((size) => [
    {
      label: `mask ${size} B, x ws, whose view is made`,
      bound: 2,
      of: inPlace(size, 'wsWithView'),
    },
    { label: `mask ${size} B, x ws, whose view is given`, bound: 2, of: inPlace(size, 'ws') },
  ]),
  { label: 'mask 16 KiB, x ws', bound: 10, of: inPlace(16 * KIB, 'ws') },
  { label: 'mask 1 MiB, x ws', bound: 10, of: inPlace(KIB * KIB, 'ws') },
  { label: 'mask 16 KiB, x bufferutil', bound: OF_NATIVE, of: inPlace(16 * KIB, 'native') },
  { label: 'mask 1 MiB, x bufferutil', bound: OF_NATIVE, of: inPlace(KIB * KIB, 'native') },
];

/** The lines of a table: a goal, its bound, and its figure at the worst alignment, a missed one marked. */
export function goalRows(runs) {
  const rows = [['goal, at the worst alignment', 'bound', ...runs.map(({ name }) => name)]];
  for (const { label, bound, of } of GOALS) {
    const cells = runs.map(({ figures }) => {
      const figure = of(figures);
      return `${figure.toFixed(2)}x${figure >= bound ? '' : ' MISSED'}`;
    });
    rows.push([label, `>= ${bound}x`, ...cells]);
  }
  return rows;
}
