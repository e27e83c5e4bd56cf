import { configDefaults, defineConfig } from "vitest/config";

// The fuzzers have a script of their own, `npm run fuzz`: they take as long as they are given, and much memory.
const fuzzing = process.env["CHANGEOVER_FUZZ"] === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(fuzzing ? [] : ["test/fuzz/**"])],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are shared with the PostgreSQL and the child processes that tests start.
    maxWorkers: 2,
  },
});
