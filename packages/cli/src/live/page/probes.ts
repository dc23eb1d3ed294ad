// The buttons: each makes requests of a kind, over whichever connections the browser takes for them.
import type { Announce } from './connection-table.ts';
import { formatCount } from './format.ts';

/** What the server answers to a request of ours. */
interface ProbeAnswer {
  readonly connection: number;
  /** 1 for the first request of the connection. */
  readonly request: number;
}

/** Makes the buttons of a page work. What they did is announced. */
export function enableProbes(buttons: Iterable<HTMLButtonElement>, announce: Announce): void {
  for (const button of buttons) {
    const { kind = 'plain', count = '1' } = button.dataset;
    button.addEventListener('click', async () => {
      const asked = Array.from({ length: Number(count) }, () => ask(kind));
      announce(describe(kind, await Promise.all(asked)));
    });
    button.disabled = false;
  }
}

/** Null when the connection ended before the answer did. */
async function ask(kind: string): Promise<ProbeAnswer | null> {
  try {
    // Else the browser would wait with the second of two equal requests, to take both from one.
    const response = await fetch(`probe?kind=${kind}`, { cache: 'no-store' });
    return (await response.json()) as ProbeAnswer;
  } catch {
    return null;
  }
}

function describe(kind: string, answers: readonly (ProbeAnswer | null)[]): string {
  const [first] = answers;
  const got = answers.filter((answer) => answer !== null);
  if (kind === 'cut' && got.length === 0) return 'The server cut the response off, as asked.';
  if (kind === 'keys' && first !== null && first !== undefined) {
    return `The server has updated its keys of connection ${first.connection}.`;
  }
  if (got.length < answers.length) {
    return `${formatCount(answers.length - got.length, 'request')} got no answer.`;
  }
  if (got.length === 1 && first !== null && first !== undefined) {
    const close = kind === 'close' ? ', and closes it' : '';
    return `Answered over connection ${first.connection}, as its request ${first.request}${close}.`;
  }
  const ids = [...new Set(got.map(({ connection }) => connection))].sort((a, b) => a - b);
  return `${formatCount(got.length, 'request')} answered over connections ${ids.join(', ')}.`;
}
