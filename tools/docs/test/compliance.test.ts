import { describe, expect, test } from 'vitest';
import { requirementFault, requirementsOf } from '../compliance.mjs';
import { readPage } from '../links.mjs';

describe.each([
  ['docs/compliance/http1.md', 150],
  ['docs/compliance/files.md', 70],
  ['docs/compliance/websocket.md', 150],
  ['docs/compliance/tls.md', 400],
])('%s', (file, count) => {
  const requirements = requirementsOf(readPage(file));

  test('says of every requirement who obeys it, and what shows that', () => {
    const faults = requirements.flatMap((requirement) => {
      const fault = requirementFault(requirement);
      return fault === null ? [] : [`line ${requirement.line}: ${fault}`];
    });
    expect(requirements.length).toBeGreaterThan(count);
    expect(faults).toEqual([]);
  });
});

describe('the reader of requirements', () => {
  const row = (how: string, verdict = 'done', who = 'http1'): string =>
    `| [5.1](x) | «A server MUST do it» | ${who} | ${verdict} | ${how} |`;
  const faultOf = (text: string): string | null => {
    const [requirement] = requirementsOf(`| § | sentence | who | is | how |\n${text}`);
    return requirement === undefined ? 'no row' : requirementFault(requirement);
  };

  test('wants a case for what is done here', () => {
    expect(faultOf(row('[a case](cases/a.md#b)'))).toBeNull();
    expect(faultOf(row('believe me'))).toBe('done, but nothing shows it');
    expect(faultOf(row('it is his', 'done', 'caller'))).toBeNull();
  });

  test('wants a reason, a known verdict and a known party', () => {
    expect(faultOf(row('', 'not'))).toBe('without a reason');
    expect(faultOf(row('why', 'perhaps'))).toBe('perhaps is no verdict');
    expect(faultOf(row('why', 'not', 'somebody'))).toBe('nobody is called somebody');
  });
});
