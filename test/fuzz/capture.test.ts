import { expect, it } from "vitest";
import { captureTrial, type Trial } from "./capture-trial.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { Random } from "./random.ts";
import { randomSchema } from "./random-schema.ts";
import { randomStatements } from "./random-statements.ts";
import { fuzzSeeds } from "./seeds.ts";
import { shrink } from "./shrink.ts";

const seeds = fuzzSeeds("capture", { usual: 60 });

it("logs the key of every row that any statement changes, and changes nothing of what the application sees", {
  timeout: seeds.timeout,
}, async () => {
  for (const seed of seeds.each()) {
    const trial = randomTrial(seed);
    const wrong = await captureTrial(trial);
    if (wrong !== null) expect.fail(await explain(seed, trial));
    seeds.count({ statements: trial.before.length + trial.statements.length });
    if (seed % 20 === 0) await collectGarbage();
  }
});

function randomTrial(seed: number): Trial {
  const random = new Random(seed);
  const schema = randomSchema(random, { fitting: false });
  const many = (count: number) =>
    Array.from({ length: count }, () => randomStatements(random, schema, { fitting: false })).flat();
  return { recursive: random.chance(0.3), ddl: schema.ddl, before: many(10), statements: many(60) };
}

async function explain(seed: number, failing: Trial): Promise<string> {
  const fails = async (trial: Trial) => {
    await collectGarbage();
    return (await captureTrial(trial).catch(() => null)) !== null;
  };
  let trial = failing;
  for (let round = 0; round < 2; round++) {
    trial = { ...trial, statements: await shrink(trial.statements, (statements) => fails({ ...trial, statements })) };
    trial = { ...trial, before: await shrink(trial.before, (before) => fails({ ...trial, before })) };
    trial = { ...trial, ddl: await shrink(trial.ddl, (ddl) => fails({ ...trial, ddl })) };
  }
  return [
    `seed ${seed} (npm run fuzz -- --seed ${seed}): ${(await captureTrial(trial)) ?? ""}`,
    ...trial.ddl,
    "-- before capture",
    ...trial.before,
    "-- with capture",
    ...trial.statements,
  ].join("\n");
}
