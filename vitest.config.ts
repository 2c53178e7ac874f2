import { defineConfig } from 'vitest/config';

/** Only where a repository of the real GitHub is named is it part of a run: see test/README.md. */
const live =
  process.env.TABLEWARDEN_LIVE_REPOSITORY && process.env.TABLEWARDEN_LIVE_TOKEN
    ? ['test/live/*.live.ts']
    : [];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', ...live],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
