import { configDefaults, defineConfig } from "vitest/config";

// `npm test` has a scenario of kills; many more are for `npm run fuzz`.
const fuzzing = process.env["FUZZ_TALLY"] !== undefined;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(fuzzing ? [] : ["test/fuzz/kill.db.test.ts"])],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are shared with the PostgreSQL and the child processes that tests start, and scenarios wait a fifth of their time.
    maxWorkers: 3,
  },
});
