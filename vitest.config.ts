import { defineConfig } from 'vitest/config';

// Shared by every package: each has a `vitest.config.ts` that re-exports this one.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
    testTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], exclude: ['src/bytes/**'] },
  },
});
