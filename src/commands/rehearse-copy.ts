import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { captureOwner, removeCapture } from "../capture/install.ts";
import type { EmbeddedPostgres } from "../embedded/embedded.ts";
import { InterruptedError, messageOf } from "../errors.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { Confirmation } from "../run/confirmation.ts";
import { type Context, withLock, withReconnectKeeping, withSession } from "../run/context.ts";
import { copyForRehearsal } from "../run/copy-for-rehearsal.ts";
import { loadMigrations } from "../schema/migrate/load-migrations.ts";
import { isMigrationsDirectory, readMigrationFiles } from "../schema/migrate/read-migration-files.ts";
import { refuseClusterWide } from "../schema/prove/cluster-wide.ts";
import { rolesIn } from "../schema/prove/roles.ts";
import { ScratchDatabase } from "../schema/prove/scratch-database.ts";
import { onEmbeddedServer, onTargetServer, type ScratchServer } from "../schema/prove/scratch-server.ts";
import { renderCount, renderDuration } from "../status/render-count.ts";
import { resolveConnection } from "../target/connection/resolve-connection.ts";
import { loadRun } from "../target/store/run-store.ts";
import { verifyAndCutOver } from "./cutover.ts";
import { prepareAndLoad } from "./full.ts";
import type { Rehearsal, RehearsedCheck } from "./rehearse.ts";
import { rollBack } from "./roll-back.ts";

export interface CopyRehearsalOptions {
  /** The copy; made from the source where no file is. */
  readonly copy: string;
  /** Where a database of its own is made for it: an embedded PostgreSQL, or the server of this URL. */
  readonly server: EmbeddedPostgres | string;
  readonly failback: boolean;
  readonly maxDowntimeMs: number;
  /** The context of a run from this copy to that database. */
  readonly open: (ends: { readonly source: string; readonly target: string; readonly migrations: string }) => Context;
}

/**
 * All of a migration, cutover and return included, on a copy of the source and in a database that is dropped in the
 * end. It is a run of its own: neither the source nor the target of the real one is written to. The copy keeps its
 * rows, and loses capture and fence.
 */
export async function rehearseCopy(context: Context, options: CopyRehearsalOptions): Promise<Rehearsal> {
  const { path, isMade } = await copyForRehearsal(context, options.copy);
  const server = await (typeof options.server === "string"
    ? onTargetServer(options.server)
    : onEmbeddedServer(options.server));
  const scratch = new ScratchDatabase(server, {
    purpose: "rehearse",
    schema: resolveConnection(context.targetUrl).schema,
  });
  const directory = mkdtempSync(join(tmpdir(), "changeover-rehearsal-"));
  const checks: RehearsedCheck[] = [
    { check: "copy", ok: true, detail: isMade ? `made from the source: ${path}` : path },
  ];
  const steps: { step: string; durationMs: number }[] = [];
  let own: Context | null = null;
  try {
    const hasFiles = isMigrationsDirectory(context.migrationsDirectory);
    if (hasFiles) await prepareRoles(server, context.migrationsDirectory);
    await scratch.renew();
    const migrations = hasFiles ? context.migrationsDirectory : join(directory, "migrations");
    own = options.open({ source: path, target: scratch.url, migrations });
    await takeCaptureOff(context, own, checks);
    context.report({ kind: "step", message: `rehearsing on ${path}, in a database of its own on ${server.location}` });
    const predictedDowntimeMs = await goThere(own, { ...options, checks, steps });
    return { ok: checks.every(({ ok }) => ok), checks, steps, predictedDowntimeMs };
  } catch (error) {
    if (error instanceof InterruptedError || context.signal.aborted) throw error;
    checks.push({ check: "rehearsed to the end", ok: false, detail: messageOf(error) });
    return { ok: false, checks, steps, predictedDowntimeMs: null };
  } finally {
    await cleanUp(own);
    rmSync(directory, { recursive: true, force: true });
    await scratch.drop().finally(() => server.close());
  }
}

async function prepareRoles(server: ScratchServer, directory: string): Promise<void> {
  const halves = await refuseClusterWide(await loadMigrations(readMigrationFiles(directory)), server);
  await server.ensureRoles(await rolesIn(halves));
}

/** The copy of a source in sync has its capture, and thinks to be of that run. */
async function takeCaptureOff(context: Context, own: Context, checks: RehearsedCheck[]): Promise<void> {
  const owner = await own.source.read(captureOwner);
  const run = await withSession(context, loadRun);
  if (owner !== null && owner.run === run?.id) {
    const behind = run.watermark - (await own.source.read(lastLogged));
    if (behind > 0n)
      checks.push({
        check: "age of the copy",
        ok: true,
        detail:
          `older than what the target holds by ${renderCount(behind, "change")}: without its -wal, a copy ` +
          `lacks the last ones`,
      });
  }
  await removeCapture(own.source);
}

interface Going extends Pick<CopyRehearsalOptions, "failback" | "maxDowntimeMs"> {
  readonly checks: RehearsedCheck[];
  readonly steps: { step: string; durationMs: number }[];
}

/** Returns how long writes were refused, ms; null where it did not come to that. */
async function goThere(own: Context, { checks, maxDowntimeMs, steps, failback }: Going): Promise<number | null> {
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    steps.push({ step, durationMs: performance.now() - started });
    return result;
  };
  const { session } = await timed("tables, copy and catch-up", () =>
    withReconnectKeeping(own, (locked) =>
      prepareAndLoad(own, locked, { backup: undefined, confirmation: new Confirmation(), schemaBy: "changeover" }),
    ),
  );
  const cutover = await timed("comparison and cutover", () =>
    verifyAndCutOver(own, session, {
      failback,
      maxDowntimeMs,
      when: [],
      verifiedWithinMs: Number.POSITIVE_INFINITY,
      hooks: {},
    }),
  ).finally(() => session.close());
  checks.push({
    check: "cutover",
    ok: cutover.ok,
    detail: cutover.ok
      ? `${renderCount(cutover.verified.rows, "row")} compared, no difference; writes were refused for ` +
        `${renderDuration(cutover.downtimeMs)}`
      : (cutover.reason?.message ?? "undone"),
  });
  if (!cutover.ok) return null;
  if (cutover.brokenForeignKeys.length > 0)
    checks.push({
      check: "foreign keys",
      ok: true,
      detail: `rows of the source break ${cutover.brokenForeignKeys.join(", ")}: they stand, not validated`,
    });
  if (cutover.failback) await comeBack(own, { checks, maxDowntimeMs, steps, failback }, timed);
  return cutover.downtimeMs;
}

async function comeBack(
  own: Context,
  { checks, maxDowntimeMs }: Going,
  timed: <T>(step: string, work: () => Promise<T>) => Promise<T>,
): Promise<void> {
  const back = await timed("failback", () =>
    withLock(
      own,
      "rollback",
      (
        session, // Nobody has written to the copy's target since, and all of it is dropped in the end.
      ) => rollBack(own, session, { maxDowntimeMs, acceptLosses: () => true }),
    ),
  );
  if (back.kind === "undone") return;
  checks.push({
    check: "failback",
    ok: back.ok,
    detail: back.ok
      ? `${renderCount(back.verified.rows, "row")} compared; writes were refused for ${renderDuration(back.downtimeMs)}`
      : (back.reason?.message ?? "undone"),
  });
}

/** The next rehearsal removes what a kill leaves on the copy. */
async function cleanUp(own: Context | null): Promise<void> {
  if (own === null) return;
  try {
    await removeCapture(own.source);
  } catch (error) {
    own.report({ kind: "warning", message: `capture is still on the copy: ${messageOf(error)}` });
  } finally {
    own.idleWorkers.close();
    await own.target.close();
    own.closeSource();
  }
}
