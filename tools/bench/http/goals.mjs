// What the server is meant to reach, as functions of the ratios of one run: by case and server, CPU per
// request, and bytes per idle connection.

function atMost(limit) {
  return { text: `<= ${limit}x`, isMet: (figure) => figure <= limit };
}

function atLeast(limit) {
  return { text: `>= ${limit}x`, isMet: (figure) => figure >= limit };
}

/** Each goal: what it is about, its bound, and how its figure comes of the ratios. */
const GOALS = [
  { label: 'plain GET, CPU, x raw', ...atMost(1.15), of: ({ toRaw }) => toRaw.plain },
  { label: 'plain GET, CPU, x node:http', ...atMost(0.62), of: ({ toNode }) => toNode.plain },
  { label: 'browser head, CPU, x raw', ...atMost(1.35), of: ({ toRaw }) => toRaw.browser },
  {
    label: 'pipelined x16, requests per CPU, x node:http',
    ...atLeast(8),
    of: ({ toNode }) => 1 / toNode.pipelined,
  },
  {
    label: 'pipelined x16, requests per CPU, x raw',
    ...atLeast(0.6),
    of: ({ toRaw }) => 1 / toRaw.pipelined,
  },
  {
    label: 'idle connection, settled, RSS, x raw',
    ...atMost(1.15),
    of: ({ idle }) => idle.settled,
  },
  { label: 'idle connection, fresh, RSS, x raw', ...atMost(1.15), of: ({ idle }) => idle.fresh },
];

/** The lines of a table: a goal, its bound, and its figure in each run, a missed one marked. */
export function goalRows(runs) {
  const rows = [['goal', 'bound', ...runs.map(({ name }) => name)]];
  for (const { label, text, isMet, of } of GOALS) {
    const figures = runs.map(({ ratios }) => of(ratios));
    const cells = figures.map((figure) => `${figure.toFixed(2)}x${isMet(figure) ? '' : ' MISSED'}`);
    rows.push([label, text, ...cells]);
  }
  return rows;
}
