import { defineConfig } from 'vitest/config';
import ResultsReporter from './tools/house/reporter.mjs';

// Shared by every package: each has a `vitest.config.ts` that re-exports this one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', new ResultsReporter()],
    testTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/bytes/**'] },
  },
});
