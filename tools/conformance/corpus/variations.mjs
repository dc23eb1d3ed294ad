// The cases made by hand once more, in other circumstances: byte by byte, with the client's end
// right behind them, and after another request.
import { UNDERSTOOD } from '../src/expectation.mjs';
import { get } from '../src/requests.mjs';

/** What takes too long a byte at a time. */
const SLOW_BYTES_MAX = 600;

/** A case byte by byte; what it means does not depend on how it is cut. */
export function inBytes(cases) {
  return cases
    .filter(({ steps }) => steps.join('').length <= SLOW_BYTES_MAX && steps.join('').length > 0)
    .map((testCase) => ({
      ...testCase,
      id: `bytes-${testCase.id}`,
      gist: `${testCase.gist} (byte by byte)`,
      pace: 'bytes',
    }));
}

/** A case behind a good request, which is answered first. */
export function afterAnother(cases) {
  const shift = (alternatives) =>
    alternatives.map((alternative) => ({
      ...alternative,
      statuses: [[UNDERSTOOD], ...alternative.statuses],
    }));
  return cases
    .filter(
      ({ steps, check, id }) =>
        steps.length === 1 && check === null && !id.startsWith('half-close'),
    )
    .map((testCase) => ({
      ...testCase,
      id: `second-${testCase.id}`,
      gist: `${testCase.gist} (as the second request)`,
      steps: [get('/a') + testCase.steps[0]],
      methods: ['GET', ...testCase.methods],
      contents: testCase.contents && ['a', ...testCase.contents],
      echo: null,
      expect: shift(testCase.expect),
      house: shift(testCase.house),
    }));
}

/** A case with the client's end behind it: the same responses, and then the server's end. */
export function halfClosed(cases) {
  const ended = (alternatives) =>
    alternatives.map((alternative) => ({ ...alternative, fate: 'close' }));
  return cases
    .filter(({ halfCloses, steps }) => !halfCloses && steps.length === 1)
    .map((testCase) => ({
      ...testCase,
      id: `ended-${testCase.id}`,
      gist: `${testCase.gist} (and the client's end)`,
      halfCloses: true,
      expect: ended(testCase.expect),
      house: ended(testCase.house),
    }));
}
