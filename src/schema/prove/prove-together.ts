import { allowancesOf, isAllowed } from "./allowances.ts";
import type { ProveStepsOptions, StepsProof } from "./prove-steps.ts";
import { reasonOf } from "./reason-of.ts";
import { runDown, runUp } from "./run-migrations.ts";
import { compareWithKnown, type KnownCatalogue } from "./schema-catalogue.ts";
import type { Problem } from "./step-proof.ts";

/**
 * Undoes all migrations in one transaction and applies them again in one, like `down` and `up`. Those before a one-way
 * migration stay.
 */
export async function proveTogether(
  options: ProveStepsOptions,
  { catalogues, steps }: StepsProof,
): Promise<{ readonly undone: number; readonly problems: readonly Problem[] }> {
  const { migrations, scratch } = options;
  const firstUndone = steps.findLastIndex(({ outcome }) => outcome === "one-way" || outcome === "unchanged") + 1;
  const undone = migrations.length - firstUndone;
  const problems: Problem[] = [];
  const allowances = migrations.flatMap(allowancesOf);
  const compare = async (expected: KnownCatalogue | null | undefined, message: string) => {
    if (expected == null) return;
    const { extra, missing } = await compareWithKnown(scratch.session, expected);
    const [gone, left] = [missing, extra].map((lines) =>
      lines.filter(
        (line) => !isAllowed(allowances, "DOWN_DIFFERS", line) && !isAllowed(allowances, "TOGETHER_DIFFERS", line),
      ),
    );
    if ((gone?.length ?? 0) + (left?.length ?? 0) > 0)
      problems.push({
        code: "TOGETHER_DIFFERS",
        migration: null,
        message,
        hint: "each migration by itself is correct: look for one that depends on an object of a later one",
        missing: gone ?? [],
        extra: left ?? [],
      });
  };
  if (undone === 0) return { undone, problems };
  try {
    await runDown(options, undone);
    await compare(
      catalogues[firstUndone],
      firstUndone === 0
        ? "after undoing all, the database differs from the start"
        : "after undoing all that can be undone, the database differs from its state at that point",
    );
    await runUp(options, undone);
    await compare(catalogues.at(-1), "after applying all again, the database differs from the first time");
  } catch (error) {
    problems.push({
      code: "TOGETHER_FAILED",
      migration: null,
      message:
        "each can be applied and undone by itself, but not all in one transaction, as `up` and `down` do: " +
        `${reasonOf(error)}`,
      hint:
        "a change that needs a commit in between (a new enum value, say) belongs in a script with " +
        "pgm.noTransaction()",
      missing: [],
      extra: [],
    });
  }
  return { undone, problems };
}
