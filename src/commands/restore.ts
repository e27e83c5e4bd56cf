import { resolve } from "node:path";
import { RefusedError } from "../errors.ts";
import { type Context, lockedSession } from "../run/context.ts";
import { activeRun } from "../run/lock-run.ts";
import { recorded } from "../run/record-command.ts";
import { readManifest } from "../schema/backup/manifest.ts";
import { type RestoreOptions, type RestoreResult, restoreBackup, tablesOf } from "../schema/backup/restore-backup.ts";

/** Puts back what `down` backed up. Next to a run only into tables that it does not keep in step. */
export function restore(context: Context, directory: string, options: RestoreOptions): Promise<RestoreResult> {
  return recorded(
    context,
    { command: "restore", details: { backups: [resolve(directory)] }, keep: ({ rows }) => ({ details: { rows } }) },
    (own) => restoreInto(own, directory, options),
  );
}

async function restoreInto(context: Context, directory: string, options: RestoreOptions): Promise<RestoreResult> {
  const session = await lockedSession(context);
  try {
    const manifest = await readManifest(directory);
    const taken = (await activeRun(session))?.mappings ?? [];
    const shared = tablesOf(manifest).filter(({ schema, name }) =>
      taken.some(({ target }) => target.schema === schema && target.name === name),
    );
    if (shared.length > 0) throw duringRun(shared.map(({ name }) => name));
    return await restoreBackup(session, directory, { ...options, report: context.report });
  } finally {
    await session.close();
  }
}

function duringRun(tables: readonly string[]): RefusedError {
  return new RefusedError({
    code: "RESTORE_DURING_RUN",
    message:
      `a run keeps ${tables.join(", ")} in step with the source, which knows nothing of the rows of the ` +
      `backup. Nothing was restored`,
    hint: "end the run first: `changeover complete` after the cutover, `changeover rollback` before it",
    context: { tables },
  });
}
