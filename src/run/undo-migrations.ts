import { chooseDown } from "../schema/migrate/choose-changes.ts";
import { loadMigrations } from "../schema/migrate/load-migrations.ts";
import { migrateDown } from "../schema/migrate/migrate-target.ts";
import { migrationStatusOf, readState } from "../schema/migrate/migration-status.ts";
import { renderCount } from "../status/render-count.ts";
import type { TargetSession } from "../target/target.ts";
import type { Context } from "./context.ts";
import { keepingRows } from "./keep-undone-rows.ts";

/**
 * How many of the last migrations a rollback can undo. Throws where a file cannot be read: nothing has been touched
 * then.
 */
export async function countUndoable(context: Context, session: TargetSession): Promise<number> {
  const state = await readState(session, context.migrations);
  if (state.applied.length === 0) return 0;
  const missing = migrationStatusOf(state).filter((migration) => migration.state === "missing");
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    warn(context, `no migration is undone, since files are gone (${names}): the tables stay, empty`);
    return 0;
  }
  const last = chooseDown(state, { count: state.applied.length });
  const loaded = await loadMigrations(state.files);
  const fixed = last.findIndex(({ name }) => loaded.some((file) => file.name === name && !file.undoes));
  if (fixed < 0) return last.length;
  warn(
    context,
    `migration ${last[fixed]?.name} has no down half: it stays applied, and so do those before it, ` +
      `with their tables empty`,
  );
  return fixed;
}

/** The run's own rows are gone by now; what else is in tables of the migrations is someone's. */
export async function undoMigrations(context: Context, count: number): Promise<string[]> {
  if (count === 0) return [];
  context.report({ kind: "step", message: `undoing ${renderCount(count, "migration")} in the target` });
  return keepingRows(context, {}, (keeper) =>
    migrateDown({
      url: context.targetUrl,
      ...context.migrations,
      count,
      acceptChanged: true,
      report: context.report,
      guard: keeper,
    }),
  );
}

function warn(context: Context, message: string): void {
  context.report({ kind: "warning", message });
}
