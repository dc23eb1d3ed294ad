// In what our facade differs from `ws`: each item of the guide's list is shown on both.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DIFFERENCES } from './support/differences.ts';
import { IMPLEMENTATIONS, type WsModule } from './support/implementations.ts';

const [[, theirs], [, ours]] = IMPLEMENTATIONS as [[string, WsModule], [string, WsModule]];
const guide = readFileSync(new URL('../../../../docs/guide/ws.md', import.meta.url), 'utf8');

describe('what differs from ws', () => {
  for (const [sentence, difference] of Object.entries(DIFFERENCES)) {
    it(sentence, async () => {
      expect(await difference.program(ours)).toEqual(difference.ours);
      expect(await difference.program(theirs)).toEqual(difference.theirs);
    });
  }

  it('is listed in the guide', () => {
    const text = guide.replaceAll(/\s+/g, ' ');
    expect(Object.keys(DIFFERENCES).filter((sentence) => !text.includes(sentence))).toEqual([]);
  });
});
