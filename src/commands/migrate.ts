import { type Context, withSession } from "../run/context.ts";
import { guards } from "../run/guards.ts";
import { keepingRows, type UndoOptions } from "../run/keep-undone-rows.ts";
import { type HistoryDetails, recorded, recordGuard } from "../run/record-command.ts";
import { runGuard } from "../run/run-guard.ts";
import { forecastUndo, type UndoneFile } from "../schema/backup/forecast-undo.ts";
import type { RowBackup } from "../schema/backup/row-guard.ts";
import type { HowFar } from "../schema/migrate/choose-changes.ts";
import { createSchema } from "../schema/migrate/create-schema.ts";
import { dryRun, type PlannedChange } from "../schema/migrate/dry-run.ts";
import type { Guard, MigrateJob, MigrationRunOptions } from "../schema/migrate/migrate-settings.ts";
import { jobOf, migrateDown, migrateRedo, migrateUp } from "../schema/migrate/migrate-target.ts";
import { refuseUnfitServer } from "../target/connection/server-state.ts";
import type { TargetSession } from "../target/target.ts";

// A sync yields the run lock after the transaction that it is in, and those take a few seconds at most.
const MIN_LOCK_WAIT_MS = 30_000;

/** Options of `migration.migrations.up()`, and of `down`, `redo` and `plan`. */
export interface MigrateOptions extends HowFar {
  /** Accepts files that changed since they were applied, and records them as they are now. Default: false. */
  readonly acceptChanged?: boolean;
  /** How long to wait for another process that migrates, in ms; 0: not at all. Default: 60,000. */
  readonly waitMs?: number;
  /**
   * How long a statement may wait for a lock before its transaction is rolled back and retried, in ms. Default: 2,000.
   */
  readonly lockTimeoutMs?: number;
  /** How often a transaction is tried when it did not get its locks. Default: 10. */
  readonly lockAttempts?: number;
  /** Whether a pending file before an applied one is refused. Default: true. */
  readonly checkOrder?: boolean;
  /** Records migrations as applied or undone, and runs none of them. Default: false. */
  readonly fake?: boolean;
  /** False: each migration commits by itself, so that those before a failing one stay. Default: true. */
  readonly singleTransaction?: boolean;
  /** False: no lock keeps other processes that migrate out. Default: true. */
  readonly lock?: boolean;
  /** Reports each statement before it runs. Default: false. */
  readonly verbose?: boolean;
  /** For `up`: creates the target's schema if it is missing. Default: false. */
  readonly createSchema?: boolean;
}

export async function up(context: Context, options: MigrateOptions): Promise<string[]> {
  // Before any session, which needs the schema.
  if (options.createSchema === true) await createSchema(context.targetUrl);
  // Also where nothing is pending, and before our own files are applied.
  const refuse = async ({ server }: TargetSession) => refuseUnfitServer(server, context.target.location);
  await withSession(context, refuse, { mayBeShared: true });
  return recorded(context, { command: "up", keep: historyOfMigrations }, (own) => migrateUp(optionsOf(own, options)));
}

export function down(context: Context, options: MigrateOptions & UndoOptions): Promise<string[]> {
  return undo(context, { ...options, command: "down", run: migrateDown });
}

export function redo(context: Context, options: MigrateOptions & UndoOptions): Promise<string[]> {
  return undo(context, { ...options, command: "redo", run: migrateRedo });
}

function undo(
  context: Context,
  {
    command,
    run,
    ...options
  }: MigrateOptions & UndoOptions & { readonly command: string; readonly run: typeof migrateDown },
): Promise<string[]> {
  const backups: RowBackup[] = [];
  const keep = (migrations: readonly string[]) => historyOfMigrations(migrations, backups);
  const onBackup = (made: RowBackup) => {
    backups.push(made);
    options.onBackup?.(made);
  };
  return recorded(context, { command, keep }, (own) =>
    keepingRows(own, { ...options, onBackup }, (keeper) =>
      run({
        ...optionsOf(own, options),
        ...(options.agreed === undefined ? {} : { expected: options.agreed.map(({ name }) => name) }),
        guard: guards(guardOf(own, options), keeper),
      }),
    ),
  );
}

/** What one of them would run, without running it. */
export function planMigrations(
  context: Context,
  direction: MigrateJob["direction"],
  options: MigrateOptions,
): Promise<PlannedChange[]> {
  return dryRun(optionsOf(context, options), jobOf(direction, options));
}

/** What undoing would take away, without running it. */
export async function forecast(
  context: Context,
  direction: "down" | "redo",
  options: MigrateOptions,
): Promise<UndoneFile[]> {
  return forecastUndo(context.targetUrl, await planMigrations(context, direction, options));
}

function optionsOf(
  context: Context,
  { lockTimeoutMs, waitMs, ...options }: MigrateOptions,
): MigrationRunOptions & HowFar {
  return {
    url: context.targetUrl,
    ...context.migrations,
    report: context.report,
    signal: context.signal,
    guard: guardOf(context, { ...options, ...(waitMs === undefined ? {} : { waitMs }) }),
    ...options,
    ...(waitMs === undefined ? {} : { waitMs }),
    ...(lockTimeoutMs === undefined ? {} : { lockTimeoutMs }),
  };
}

function guardOf(context: Context, options: MigrateOptions): Guard {
  return guards(
    recordGuard(context),
    runGuard(context, { lockWaitMs: Math.max(MIN_LOCK_WAIT_MS, options.waitMs ?? 0) }),
  );
}

/** What the history keeps of applied or undone migrations. */
function historyOfMigrations(migrations: readonly string[], backups: readonly RowBackup[] = []): HistoryDetails {
  return {
    details: { migrations, ...(backups.length === 0 ? {} : { backups: backups.map(({ directory }) => directory) }) },
  };
}
