import { findCauses } from "./find-causes.ts";
import type { StatementTrial } from "./judge-statement.ts";
import { numberParameters } from "./number-parameters.ts";
import type { QueryVerdict } from "./query-verdict.ts";
import { type QueryOutcome, timed } from "./run-query.ts";

/** What PostgreSQL says of a statement that cannot be run: it is prepared, as it stands and translated. */
export async function prepareOnly({
  given,
  place,
  reason,
  statement,
  translation,
}: StatementTrial & { readonly reason: string }): Promise<Partial<QueryVerdict> & Pick<QueryVerdict, "verdict">> {
  const own = await prepares(numberParameters(given.sql, statement, "$"), place);
  if (own.kind === "rows") return { verdict: "prepared", reason };
  const facts = {
    sqlState: own.sqlState,
    message: own.message,
    causes: findCauses(statement, place.tables, own.sqlState),
  };
  if (translation.kind !== "translated") return { verdict: "fails", reason: translation.reason, ...facts };
  const rewritten = await prepares(translation.sql, place);
  if (rewritten.kind === "failed")
    return { verdict: "fails", reason: `its translation fails, too: ${rewritten.message}`, ...facts };
  const rewrite = { sql: translation.sql, changes: translation.changes };
  return {
    verdict: "prepared",
    reason: `${reason}; as it stands it fails, its translation is taken`,
    rewrite,
    ...facts,
  };
}

async function prepares(sql: string, { session }: StatementTrial["place"]): Promise<QueryOutcome<never>> {
  const undo = new Error("undo");
  const outcomes: QueryOutcome<never>[] = [];
  try {
    await session.transaction(
      async (tx) => {
        const outcome = await timed<never>(tx, async () => {
          await tx.run(`prepare changeover_query as ${sql}; deallocate changeover_query`);
          return [];
        });
        outcomes.push(outcome);
        throw undo;
      },
      { readOnly: true },
    );
  } catch (error) {
    if (error !== undo) throw error;
  }
  return outcomes[0] ?? { kind: "failed", message: "it was not prepared", sqlState: null };
}
