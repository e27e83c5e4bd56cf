import { InterruptedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import type { LoadedMigration } from "../migrate/load-migrations.ts";
import { reasonOf } from "./reason-of.ts";
import { runUp } from "./run-migrations.ts";
import { type KnownCatalogue, readKnownCatalogue } from "./schema-catalogue.ts";
import { Step, type StepOptions } from "./step.ts";
import type { StepProof } from "./step-proof.ts";

export interface StepsProof {
  readonly steps: readonly StepProof[];
  /** The catalogue before each migration that was proved, and after the last one; null where none was. */
  readonly catalogues: readonly (KnownCatalogue | null)[];
}

export interface ProveStepsOptions extends StepOptions {
  /** Names of those to prove: others are only applied. Null: all. */
  readonly only: ReadonlySet<string> | null;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Runs each migration up, down and up again, one after the other. After a down that does not undo its up, the database
 * is recreated, so that each migration is judged by itself. Only a failing up ends the proof.
 */
export async function proveSteps(options: ProveStepsOptions): Promise<StepsProof> {
  const { migrations, only, report, scratch, signal } = options;
  await scratch.renew();
  const catalogues: (KnownCatalogue | null)[] = [];
  const steps: StepProof[] = [];
  let before: KnownCatalogue | null = null;
  for (const [index, migration] of migrations.entries()) {
    if (signal.aborted) throw new InterruptedError();
    if (only !== null && !only.has(migration.name)) {
      before = null;
      steps.push(await applied(options, migration));
    } else {
      before ??= await readKnownCatalogue(scratch.session);
      catalogues[index] = before;
      // Deno's checker finds no type without it.
      const step: Step = new Step(options, migration, before);
      steps.push(await step.prove());
      before = step.after;
      // One by one, as before, each with its own commit.
      if (step.isChanged && before !== null && index + 1 < migrations.length)
        await scratch.renewTo(index + 1, () => runUp(options, 1));
    }
    const failed = steps.at(-1)?.outcome === "failed" && before === null;
    if (failed) break;
    report({
      kind: "progress",
      phase: "prove",
      done: index + 1,
      total: migrations.length,
      unit: "migrations",
      detail: migration.name,
    });
  }
  catalogues[migrations.length] = before;
  return { steps, catalogues };
}

/** Applies a migration that is not to be proved. */
async function applied(options: ProveStepsOptions, { name }: LoadedMigration): Promise<StepProof> {
  const unproved = { migration: name, reordered: [], rewritten: [], sql: null };
  try {
    await runUp(options, 1);
    return { ...unproved, outcome: "unchanged", problems: [] };
  } catch (error) {
    const problem = {
      code: "UP_FAILED",
      migration: name,
      message: `${name} cannot be applied: ${reasonOf(error)}`,
      hint: "correct its up section",
      missing: [],
      extra: [],
    } as const;
    return { ...unproved, outcome: "failed", problems: [problem] };
  }
}
