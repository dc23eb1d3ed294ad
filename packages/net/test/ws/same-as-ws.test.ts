// The same programs on `ws` and on our facade: what they see must be the same.
import { describe, expect, it } from 'vitest';
import { CLIENT_PROGRAMS } from './support/client-programs.ts';
import { IMPLEMENTATIONS, type WsModule } from './support/implementations.ts';
import { SERVER_PROGRAMS } from './support/server-programs.ts';

const [[, theirs], [, ours]] = IMPLEMENTATIONS as [[string, WsModule], [string, WsModule]];

describe('a program of ws', () => {
  for (const [name, program] of Object.entries({ ...CLIENT_PROGRAMS, ...SERVER_PROGRAMS })) {
    it(`${name}, on both`, async () => {
      const expected = await program(theirs);
      expect(await program(ours)).toEqual(expected);
    });
  }
});
