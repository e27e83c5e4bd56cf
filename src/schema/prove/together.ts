import { allowancesOf, isAllowed } from "./allowances.ts";
import { compareCatalogues, readCatalogue } from "./catalogue.ts";
import type { ProveStepsOptions, StepsProof } from "./prove-steps.ts";
import { reasonOf } from "./reason-of.ts";
import { runDown, runUp } from "./run-migrations.ts";
import type { Problem } from "./step-proof.ts";

/** All of them down in one transaction and up again in one, as `down` and `up` do it. Those before one without a down half stay. */
export async function proveTogether(
  options: ProveStepsOptions,
  { catalogues, steps }: StepsProof,
): Promise<{ readonly undone: number; readonly problems: readonly Problem[] }> {
  const { directory, migrations, scratch } = options;
  const stays = steps.findLastIndex(({ outcome }) => outcome === "one-way") + 1;
  const undone = migrations.length - stays;
  const problems: Problem[] = [];
  const allowances = migrations.flatMap(allowancesOf);
  const compare = async (expected: readonly string[], message: string) => {
    const { extra, missing } = compareCatalogues(expected, await readCatalogue(scratch.session));
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
        hint: "each migration by itself is in order: look for one that depends on what a later one made",
        missing: gone ?? [],
        extra: left ?? [],
      });
  };
  if (undone === 0) return { undone, problems };
  try {
    await runDown(scratch.url, directory, undone);
    await compare(
      catalogues[stays] ?? [],
      stays === 0
        ? "all undone, the database is not as it was at the start"
        : "undone as far as they can be, the database is not as it was then",
    );
    await runUp(scratch.url, directory, undone);
    await compare(catalogues.at(-1) ?? [], "all applied again, the database is not what it was after the first time");
  } catch (error) {
    problems.push({
      code: "TOGETHER_FAILED",
      migration: null,
      message: `one by one they go up and down, but not all in one transaction, as \`up\` and \`down\` do it: ${reasonOf(error)}`,
      hint: "what needs a commit in between (a new value of an enum, say) belongs in a script with pgm.noTransaction()",
      missing: [],
      extra: [],
    });
  }
  return { undone, problems };
}
