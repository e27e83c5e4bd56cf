import { InterruptedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import type { LoadedMigration } from "../migrate/load-migrations.ts";
import { runUp } from "./run-migrations.ts";
import { type Catalogue, readSchemaCatalogue } from "./schema-catalogue.ts";
import { Step, type StepOptions } from "./step.ts";
import type { StepProof } from "./step-proof.ts";

export interface StepsProof {
  readonly steps: readonly StepProof[];
  /** The catalogue before the first migration, and after each. */
  readonly catalogues: readonly Catalogue[];
}

export interface ProveStepsOptions extends StepOptions {
  readonly migrations: readonly LoadedMigration[];
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Runs each migration up, down and up again, one after the other. After a down that does not undo its up, the database
 * is recreated, so that each migration is judged by itself. Only a failing up ends the proof.
 */
export async function proveSteps(options: ProveStepsOptions): Promise<StepsProof> {
  const { migrations, report, scratch, signal } = options;
  await scratch.renew();
  const catalogues: Catalogue[] = [await readSchemaCatalogue(scratch.session)];
  const steps: StepProof[] = [];
  for (const [index, migration] of migrations.entries()) {
    if (signal.aborted) throw new InterruptedError();
    const step = new Step(options, migration, catalogues[index] ?? []);
    steps.push(await step.prove());
    if (step.after === null) break;
    catalogues.push(step.after);
    if (step.isChanged && index + 1 < migrations.length) {
      await scratch.renew();
      // One by one, as before, each with its own commit.
      for (let applied = 0; applied <= index; applied++) await runUp(options, 1);
    }
    report({
      kind: "progress",
      phase: "prove",
      done: index + 1,
      total: migrations.length,
      unit: "migrations",
      detail: migration.name,
    });
  }
  return { steps, catalogues };
}
