// What the WebSocket code is meant to reach, as functions of the figures of one run.
const MEGABYTE = 1e6;
const MANY = 10_000;

function atMost(limit, unit = 'x') {
  return { text: `<= ${limit}${unit}`, unit, isMet: (figure) => figure <= limit };
}

function atLeast(limit, unit = 'x') {
  return { text: `>= ${limit}${unit}`, unit, isMet: (figure) => figure >= limit };
}

/** How many times our time a peer takes, in one mode of one case. */
function times(mode, key, peer) {
  return ({ codec }) => codec[mode][key].ratio(peer, 'ours');
}

const CODEC_GOALS = [
  ['read 16 B, x ws with its addon', 4, times('native', 'binary16', 'ws')],
  ['read 125 B, x ws with its addon', 3, times('native', 'binary125', 'ws')],
  ['read text of 64 B, x ws with its addon', 1.8, times('native', 'text64', 'ws')],
  ['read 16 KiB, x ws with its addon', 0.6, times('native', 'binary16k', 'ws')],
  ['read 16 KiB, x ws without addon', 2, times('plain', 'binary16k', 'ws')],
  ['read 16 KiB, both with bufferutil, x ws', 1, times('injected', 'binary16k', 'ws')],
  ['frame 64 B, server, x Sender.frame', 2, times('serverFrames', 'server', 'ws')],
  ['frame 64 B, masked, x Sender.frame', 2.3, times('clientFrames', 'masked', 'ws')],
  ['write 16 x 64 B, server, x Sender', 2, times('serverWrites', 'server16', 'ws')],
  ['write 16 x 64 B, masked, x Sender', 2.3, times('clientWrites', 'masked16', 'ws')],
  ['write 64 B alone, server, x Sender', 2, times('serverWrites', 'server', 'ws')],
  ['write 64 B alone, masked, x Sender', 2.3, times('clientWrites', 'masked', 'ws')],
].map(([label, limit, of]) => ({ label, ...atLeast(limit), of }));

const ECHO_GOALS = [
  {
    label: 'echo 64 B, CPU, x raw',
    ...atMost(1.07),
    of: ({ echo }) => echo.one.ratio('holdline', 'raw'),
  },
  {
    label: 'echo 64 B, CPU, x ws',
    ...atMost(0.8),
    of: ({ echo }) => echo.one.ratio('holdline', 'ws'),
  },
  {
    label: 'echo 16 x 64 B, CPU, x raw',
    ...atMost(1.6),
    of: ({ echo }) => echo.sixteen.ratio('holdline', 'raw'),
  },
  {
    label: 'echo 16 x 64 B, messages per CPU, x ws',
    ...atLeast(5),
    of: ({ echo }) => echo.sixteen.ratio('ws', 'holdline'),
  },
  {
    label: 'echo 16 KiB, messages per CPU, x ws',
    ...atLeast(1.15),
    of: ({ echo }) => echo.large.ratio('ws', 'holdline'),
  },
  {
    label: 'echo compressed JSON, messages per CPU, x ws',
    ...atLeast(1.2),
    of: ({ echo }) => echo.compressed.ratio('ws', 'holdline'),
  },
];

const IDLE_GOALS = [
  {
    label: 'idle connection, settled, RSS, x raw',
    ...atMost(1.25),
    of: ({ idle }) => idle.holdline.settled / idle.raw.settled,
  },
  {
    label: 'idle connection, fresh, RSS, x raw',
    ...atMost(1.25),
    of: ({ idle }) => idle.holdline.fresh / idle.raw.fresh,
  },
  {
    label: '10,000 idle compressed connections, RSS',
    ...atMost(200, ' MB'),
    of: ({ compressedIdle }) => (compressedIdle.holdlineDeflate.rss * MANY) / MEGABYTE,
  },
  {
    label: 'the same, with takeover both ways, x ws',
    ...atMost(1),
    of: ({ compressedIdle }) => compressedIdle.holdlineKept.rss / compressedIdle.wsDeflate.rss,
  },
];

/** By part, of which a run may have some only. */
const GOALS = { codec: CODEC_GOALS, echo: ECHO_GOALS, idle: IDLE_GOALS };

/** The lines of a table: a goal, its bound, and its figure in each run, a missed one marked. */
export function goalRows(runs) {
  const rows = [['goal', 'bound', ...runs.map(({ name }) => name)]];
  const goals = Object.entries(GOALS).filter(([part]) => part in runs[0].figures);
  for (const { label, text, unit, isMet, of } of goals.flatMap(([, each]) => each)) {
    const cells = runs.map(({ figures }) => {
      const figure = of(figures);
      return `${figure.toFixed(2)}${unit}${isMet(figure) ? '' : ' MISSED'}`;
    });
    rows.push([label, text, ...cells]);
  }
  return rows;
}
