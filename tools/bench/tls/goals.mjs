// What TLS is meant to reach, as functions of the figures of one run.
const IDLE_BYTES_MAX = 8192;

function atMost(limit, unit = 'x') {
  return { text: `<= ${limit}${unit}`, unit, isMet: (figure) => figure <= limit };
}

function atLeast(limit, unit = 'x') {
  return { text: `>= ${limit}${unit}`, unit, isMet: (figure) => figure >= limit };
}

/** How many times the messages per CPU second of node:tls ours are. */
function messages(key) {
  return ({ messages: of }) => of[key].cpuMicros.ratio('node', 'holdline');
}

/** By part, of which a run may have some only. */
const GOALS = {
  handshake: [
    {
      label: 'full handshake, CPU, x node:tls',
      ...atMost(0.75),
      of: ({ handshake }) => handshake.ratio('holdline', 'node'),
    },
  ],
  bulk: ['download', 'upload'].flatMap((job) => [
    {
      label: `${job}, MB/s, x node:tls`,
      ...atLeast(0.8),
      of: ({ bulk }) => bulk[job].speed.ratio('holdline', 'node'),
    },
    {
      label: `${job}, MB per CPU second, x node:tls`,
      ...atLeast(0.8),
      of: ({ bulk }) => bulk[job].cpuMicros.ratio('node', 'holdline'),
    },
  ]),
  messages: [
    ['64 B alone, per CPU second, x node:tls', 'one'],
    ['64 B, 16 records at once, per CPU second, x node:tls', 'records'],
    ['64 B, 16 in a record, per CPU second, x node:tls', 'batch'],
  ].map(([label, key]) => ({ label, ...atLeast(1), of: messages(key) })),
  idle: [
    ['idle connection of serveTls, settled, RSS', 'holdline', 'settled'],
    ['idle connection of serveTls, fresh, RSS', 'holdline', 'fresh'],
    ['idle connection of serveHttp, settled, RSS', 'holdlineHttp', 'settled'],
    ['idle connection of serveHttp, fresh, RSS', 'holdlineHttp', 'fresh'],
  ].map(([label, kind, when]) => ({
    label,
    ...atMost(IDLE_BYTES_MAX, ' B'),
    of: ({ idle }) => idle[kind][when].rss,
  })),
};

/** The lines of a table: a goal, its bound, and its figure in each run, a missed one marked. */
export function goalRows(runs) {
  const rows = [['goal', 'bound', ...runs.map(({ name }) => name)]];
  const goals = Object.entries(GOALS).filter(([part]) => part in runs[0].figures);
  for (const { label, text, unit, isMet, of } of goals.flatMap(([, each]) => each)) {
    const cells = runs.map(({ figures }) => {
      const figure = of(figures);
      const shown = unit === 'x' ? figure.toFixed(2) : figure.toFixed(0);
      return `${shown}${unit}${isMet(figure) ? '' : ' MISSED'}`;
    });
    rows.push([label, text, ...cells]);
  }
  return rows;
}
