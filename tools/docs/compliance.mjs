// The rows of a compliance page: each is a sentence of an RFC, who obeys it, and what shows it.

/** What a row may say about a requirement. */
export const verdicts = ['done', 'partly', 'not', 'n/a'];

/** Whose requirement it is. */
export const parties = ['http1', 'websocket', 'tls', 'net', 'cli', 'caller'];

/** The rows of the page's tables with five columns: section, sentence, who, verdict, how. */
export function requirementsOf(page) {
  const found = [];
  page.split('\n').forEach((text, index) => {
    const cells = text
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells.length !== 5 || !/^\[?(\d|[A-Z][\].])/.test(cells[0])) return;
    const [section, sentence, who, verdict, how] = cells;
    found.push({ line: index + 1, section, sentence, who: who.split(', '), verdict, how });
  });
  return found;
}

/** What is wrong with a row, or null. */
export function requirementFault({ sentence, who, verdict, how }) {
  if (!/^«.+»$/.test(sentence)) return 'the sentence is not quoted';
  if (!/\b(MUST|SHOULD|REQUIRED|RECOMMENDED|ought|cannot)\b/.test(sentence))
    return 'nothing is required';
  if (!who.every((party) => parties.includes(party))) return `nobody is called ${who}`;
  if (!verdicts.includes(verdict)) return `${verdict} is no verdict`;
  const isShown = /\]\([^)]*(\.md#|\.test\.ts)[^)]*\)/.test(how);
  const isOurs = who.some((party) => party !== 'caller');
  if (verdict === 'done' && isOurs && !isShown) return 'done, but nothing shows it';
  return how === '' ? 'without a reason' : null;
}
