import { expect, it } from "vitest";
import { emptyDatabase } from "../support/target.ts";
import { RARE_KINDS } from "./random-rare.ts";
import { fuzzTranslations } from "./run-fuzz.ts";

const COUNT = Number(process.env["FUZZ_COUNT"] ?? 100_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 10_000);
const STOP = Number(process.env["FUZZ_STOP"] ?? 20);

it(`finds no difference in ${COUNT} translated expressions, conditions and views`, { timeout: 3_600_000 }, async () => {
  const options = { seed: SEED, count: COUNT, stopAtFaults: STOP };
  const { compared, faults, rare } = await fuzzTranslations({ url: await emptyDatabase(), ...options });
  expect(faults, `after ${compared}`).toEqual([]);
  expect(compared).toBeGreaterThanOrEqual(COUNT);
  // What has no translation is tried as often: whoever gives it a wrong one is found out.
  const counts = Object.fromEntries(rare);
  for (const kind of Object.keys(RARE_KINDS)) expect(counts[kind], kind).toBeGreaterThan(COUNT / 100);
});
