// Random servers in random weather: whatever happens, a request is answered with its own response or
// fails, once; what must not be repeated is not; and no bound is exceeded.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Weather } from './support/weather.ts';

const plan = fc.record({
  perOriginMax: fc.integer({ min: 1, max: 3 }),
  connectionsMax: fc.constantFrom(1, 2, 4, Number.POSITIVE_INFINITY),
  pipelining: fc.integer({ min: 1, max: 3 }),
  requests: fc.integer({ min: 1, max: 14 }),
  origins: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer(),
  badness: fc.integer({ min: 0, max: 6 }),
});

it('gives each request its own response, or none, once', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(plan, async (chosen) => {
      const weather = new Weather(chosen);
      const { bench } = weather;
      await weather.run();
      for (const { id, method, settled, content, seen } of weather.asks) {
        expect(settled, `request ${id} settles`).toBe(1);
        if (content !== null) expect(content).toBe(`answer ${id}`);
        if (method === 'POST') expect(seen, `POST ${id} is not repeated`).toBeLessThan(2);
        else expect(seen, `${method} ${id} is repeated once`).toBeLessThan(3);
      }
      if (chosen.badness === 0) {
        expect(weather.asks.filter(({ error }) => error !== null)).toEqual([]);
      }
      expect(weather.excesses).toEqual([]);
      expect(bench.faults).toEqual([]);
      expect(bench.client.queued).toBe(0);
      await bench.client.close();
      expect(bench.client.connections).toEqual([]);
      expect(bench.opened).toHaveLength(bench.causes.length);
      expect(bench.time.size).toBe(0);
    }),
    { numRuns: Number(process.env['HOLDLINE_RUNS'] ?? 300) },
  );
});
