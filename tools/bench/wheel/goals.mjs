// What the wheel is meant to reach, as functions of the medians of one run: by subject and by name.

function times(name) {
  return ({ wheel, node }) => node[name] / wheel[name];
}

function atLeast(limit) {
  return {
    text: `>= ${limit}x`,
    isMet: (figure) => figure >= limit,
    show: (figure) => `${figure.toFixed(1)}x`,
  };
}

function atMost(limit, unit, digits) {
  return {
    text: `<= ${limit} ${unit}`,
    isMet: (figure) => figure <= limit,
    show: (figure) => `${figure.toFixed(digits)} ${unit}`,
  };
}

/** Each goal: what it is about, its bound, and how its figure comes of the medians. */
const GOALS = [
  { label: 'schedule, delays spread, against setTimeout', ...atLeast(20), of: times('schedule') },
  { label: 'schedule, one duration for all', ...atLeast(4), of: times('scheduleAlike') },
  { label: 'touch in order, against refresh', ...atLeast(20), of: times('touchInOrder') },
  { label: 'touch shuffled', ...atLeast(6), of: times('touchShuffled') },
  { label: 'cancel shuffled, against clearTimeout', ...atLeast(2.5), of: times('cancel') },
  { label: 'memory per timer', ...atMost(64, 'B', 1), of: ({ wheel }) => wheel.bytes },
  ...[1e3, 1e4, 1e5, 1e6].map((pending) => ({
    label: `idle, ${pending} timers pending`,
    ...atMost(1, 'us/ms', 3),
    of: ({ wheel }) => wheel[`idleNsPerMs${pending}`] / 1000,
  })),
  {
    label: 'longest poll, delays spread',
    ...atMost(1, 'ms', 2),
    of: ({ wheel }) => wheel.worstCallMs,
  },
  {
    label: 'longest poll, all in one slot',
    ...atMost(1, 'ms', 2),
    of: ({ wheel }) => wheel.worstCallSlotMs,
  },
  {
    label: 'longest poll, all at one tick',
    ...atMost(1, 'ms', 2),
    of: ({ wheel }) => wheel.worstCallAlikeMs,
  },
];

/**
 * The lines of a table: a goal, its bound, and its figure in each run, a missed one marked. A run is
 * `{ name, medians }`; a goal for which it has no figure, because it had fewer timers, is left out.
 */
export function goalRows(runs) {
  const rows = [['goal', 'bound', ...runs.map(({ name }) => name)]];
  for (const { label, text, isMet, show, of } of GOALS) {
    const figures = runs.map(({ medians }) => of(medians));
    if (figures.some((figure) => !Number.isFinite(figure))) continue;
    rows.push([
      label,
      text,
      ...figures.map((figure) => `${show(figure)}${isMet(figure) ? '' : ' MISSED'}`),
    ]);
  }
  return rows;
}
