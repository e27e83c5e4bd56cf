import { afterAll, expect, it } from "vitest";
import { fuzzStatements } from "./fuzz-statements.ts";

const SEED = Number(process.env["FUZZ_SEED"] ?? 1_000);
const TRIALS = Number(process.env["FUZZ_TRIALS"] ?? 20);

it(`finds no false verdict in ${TRIALS} databases of random rows`, { timeout: 1_200_000 }, async () => {
  const faults: string[] = [];
  for (let seed = SEED; seed < SEED + TRIALS; seed++)
    faults.push(...(await fuzzStatements(afterAll, seed, 400)).faults);
  expect(faults).toEqual([]);
});
