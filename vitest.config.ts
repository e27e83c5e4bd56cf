import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

// Many kills are for `npm run fuzz` alone.
const fuzzing = process.env["FUZZ_TALLY"] !== undefined;
const excluded = [...configDefaults.exclude, ...(fuzzing ? [] : ["test/fuzz/kill.db.test.ts"])];

/** Load, faults, and whole migrations by the hundred: `npm run test:long`, before a release. All others are `npm test`. */
const LONG = "test/**/*.long*.test.ts";

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/after-file.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores are shared with the PostgreSQL and the child processes that tests start, and scenarios wait a fifth of their time.
    maxWorkers: 3,
    // Loading what is tested takes a second and more of the processor for each file; once for each of the processes is enough.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: "short", include: ["test/**/*.test.ts"], exclude: [...excluded, LONG] } },
      { extends: true, test: { name: "long", include: [LONG], exclude: excluded } },
    ],
  },
});
