import { appendFileSync } from "node:fs";

export interface Seeds {
  /** For vitest: no trial hangs, each says so itself. */
  readonly timeout: number;
  /** Whether a failure of a fuzzer that takes its time is to be shrunk. */
  readonly shrinks: boolean;
  each(): Generator<number>;
  /** Adds to what is told at the end. */
  count(numbers: Readonly<Record<string, number>>): void;
}

/**
 * The seeds to try: `usual` many from the first where nothing is said, always the same ones. `npm run fuzz` asks for
 * one seed (FUZZ_SEED) or for a time (FUZZ_SECONDS, from FUZZ_FIRST on), and reads from FUZZ_TALLY how far each fuzzer
 * came.
 */
export function fuzzSeeds(fuzzer: string, options: { readonly usual: number }): Seeds {
  const { FUZZ_SEED: only, FUZZ_SECONDS: seconds, FUZZ_TALLY: file } = process.env;
  const first = Number(only ?? process.env[`FUZZ_FIRST_${fuzzer}`] ?? 1);
  const milliseconds = seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1_000;
  const most = only !== undefined ? 1 : seconds === undefined ? options.usual : Number.POSITIVE_INFINITY;
  const tally: Record<string, number> = {};
  const tell = (seed: number, done: boolean) => {
    if (file !== undefined)
      appendFileSync(file, `${JSON.stringify({ fuzzer, seed, done, tally: done ? tally : {} })}\n`);
  };
  return {
    timeout:
      (process.env["FUZZ_SHRINK"] === undefined ? 600_000 : 7_200_000) + (seconds === undefined ? 0 : milliseconds),
    shrinks: process.env["FUZZ_SHRINK"] !== undefined,
    *each() {
      const started = performance.now();
      for (let seed = first; seed < first + most && performance.now() - started < milliseconds; seed++) {
        for (const name of Object.keys(tally)) delete tally[name];
        tell(seed, false);
        yield seed;
        tell(seed, true);
      }
    },
    count(numbers) {
      for (const [name, number] of Object.entries(numbers)) tally[name] = (tally[name] ?? 0) + number;
    },
  };
}
