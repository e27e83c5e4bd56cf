import { RefusedError } from "../errors.ts";
import { isHarmlessOutsideTransaction } from "../schema/migrate/transactional.ts";
import type { TargetReader } from "../target/target.ts";

/**
 * Throws where statements that nothing rolls back do more to a run's tables than build an index, or drop one that is
 * not unique.
 */
export async function refuseOutside(
  target: TargetReader,
  migration: string,
  statements: readonly string[],
): Promise<void> {
  for (const statement of statements)
    if (!isHarmlessOutsideTransaction(statement) && !(await dropsPlainIndexes(target, statement)))
      throw notTakenBack(migration);
}

/** A unique one may be that by which replay finds its rows. */
async function dropsPlainIndexes(target: TargetReader, statement: string): Promise<boolean> {
  const names =
    /^\s*(?:--.*\n\s*)*drop\s+index\s+concurrently\s+(?:if\s+exists\s+)?(?<names>[^;]+?)(?:\s+restrict)?\s*$/i.exec(
      statement,
    )?.groups?.["names"];
  for (const name of names?.split(",") ?? []) {
    const [index] = await target.rows<{ unique: boolean }>(
      "select indisunique as unique from pg_index where indexrelid = to_regclass($1)",
      [name.trim()],
    );
    if (index?.unique === true) return false;
  }
  return names !== undefined;
}

function notTakenBack(migration: string): RefusedError {
  return new RefusedError({
    code: "MIGRATION_OUTSIDE_RUN",
    message:
      `migration ${migration} runs outside a transaction, so that it could not be rolled back, and does ` +
      `more than build or drop a plain index. Nothing of it was run`,
    hint:
      "while a run is in progress, only CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY of one that " +
      "is not unique, REINDEX, VACUUM and ANALYZE may: put the rest into a file of its own",
    context: { file: migration },
  });
}
