import { ChangeoverError, InterruptedError, messageOf } from "../../errors.ts";
import { onlyAdds } from "../../follow/is-additive.ts";
import type { HeldSourceTable } from "../../model/held-table.ts";
import type { Run } from "../../model/run.ts";
import { appliedMigrations, MIGRATIONS_TABLE } from "../../schema/migrate/migrations-table.ts";
import { migrationFilesOf } from "../../schema/migrate/read-migration-files.ts";
import type { TargetSession } from "../../target/target.ts";
import { isConnectionLoss } from "../../target/target-error.ts";
import type { Context } from "../context.ts";
import { recordFollowFile } from "./record-follow-file.ts";
import { LOCK_TIMEOUT } from "./trial-additive.ts";

/**
 * Applies files of tables that wait already and that only add: a process was killed before it could, or a file came
 * next to one that is for a person. The tables are behind the others anyway, and flow again in steps of their own.
 */
export async function applyWaiting(context: Context, session: TargetSession, run: Run): Promise<void> {
  const files = [...new Set(run.held.flatMap((held) => held.files))];
  if (files.length === 0) return;
  const table = context.migrations.migrationsTable ?? MIGRATIONS_TABLE;
  const applied = new Set((await appliedMigrations(session, table)).map(({ name }) => `${name}.sql`));
  for (const file of files.filter((name) => !applied.has(name))) {
    const statements = await additiveText(
      context,
      run.held.filter((held) => held.files.includes(file)),
      file,
    );
    // In their order: what comes behind one that waits for a person may rest on it.
    if (statements === null) return;
    try {
      await session.transaction(async (tx) => {
        await tx.run(LOCK_TIMEOUT);
        await tx.run(statements);
        await recordFollowFile(context, tx, file);
      });
    } catch (error) {
      if (error instanceof InterruptedError || isConnectionLoss(error) || !(error instanceof ChangeoverError))
        throw error;
      context.report({ kind: "warning", code: error.code, message: `${file} waits for you: ${messageOf(error)}` });
      return;
    }
  }
}

/** The file's statements, as it is now; null where it is for a person. */
async function additiveText(context: Context, held: readonly HeldSourceTable[], name: string): Promise<string | null> {
  const file = (await migrationFilesOf(context.migrations)).find((candidate) => candidate.file === name);
  const changes = held.flatMap((table) => table.changes);
  if (file === undefined || !changes.every((change) => onlyAdds(change, changes))) return null;
  const [up = ""] = file.text.split(/^-- Down Migration$/m);
  const statements = up.replace(/^-- Up Migration$/m, "").trim();
  return statements === "" || statements.split("\n").some((line) => line.startsWith("--")) ? null : statements;
}
