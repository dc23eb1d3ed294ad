import { describe, expect, test } from 'vitest';
import { readChangeset } from '../checks/workspace.mjs';

describe('a changeset', () => {
  const known = ['@holdline/http1', 'holdline'];

  test('names packages and says something', () => {
    const text = '---\n"@holdline/http1": minor\nholdline: patch\n---\n\nFaster.\n';
    expect(readChangeset(text, known)).toEqual({ names: known, faults: [] });
  });

  test.each([
    ['---\n"@holdline/http1": huge\n---\n\nFaster.\n', `cannot read '"@holdline/http1": huge'`],
    [
      '---\n"@holdline/http2": minor\n---\n\nFaster.\n',
      'names @holdline/http2, which is not published here',
    ],
    ['---\n"holdline": minor\n---\n', 'says nothing to users'],
    ['Faster.\n', 'names no package'],
  ])('%j is refused', (text, fault) => {
    expect(readChangeset(text, known).faults).toContain(fault);
  });
});
