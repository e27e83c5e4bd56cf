import { removeCapture } from "../capture/install.ts";
import { messageOf, RefusedError, UsageError } from "../errors.ts";
import type { Context } from "../run/context.ts";
import { isSourceOf, passDoor } from "../run/source-door/source-door.ts";
import { isRunLocked } from "../target/store/run-lock.ts";
import { loadRun } from "../target/store/run-store.ts";
import type { TargetSession } from "../target/target.ts";

/** Options of `migration.clean()`. */
export interface CleanOptions {
  /** The file is a copy of the run's source, and is to be one without capture and fence. */
  readonly copy?: boolean;
  /** Whether the target is asked if the file is that of its run. Default: true. */
  readonly asksTarget?: boolean;
}

/** Removes capture, and the fence, from the source. It must do so next to a target that is gone, too. */
export async function clean(context: Context, options: CleanOptions): Promise<string[]> {
  await context.source.read((tx) => tx.rows("SELECT count(*) FROM sqlite_schema"));
  if (options.asksTarget !== false) await askTarget(context, options.copy === true);
  return removeCapture(context.source);
}

async function askTarget(context: Context, isCopy: boolean): Promise<void> {
  const session = await open(context);
  if (session === null) return;
  try {
    const run = await loadRun(session);
    if (!isCopy) {
      await passDoor(context, session, { readsRows: () => false });
      if (run !== null && (await isRunLocked(session))) throw isAtWork(context.source.location);
      return;
    }
    if (run !== null && isSourceOf(run, context.source.identity)) throw isNoCopy(context.source.location);
  } finally {
    await session.close();
  }
}

async function open(context: Context): Promise<TargetSession | null> {
  try {
    return await context.target.session();
  } catch (error) {
    context.report({
      kind: "warning",
      message:
        `whether ${context.source.location} is the source of a run was not asked, since the target is not ` +
        `there (${messageOf(error)})`,
    });
    return null;
  }
}

/** Without its capture a sync stops, and the run can only be restarted. */
function isAtWork(location: string): RefusedError {
  return new RefusedError({
    code: "RUN_LOCKED",
    message: `another changeover process is working on the run of ${location}, and needs what clean removes`,
    hint: "stop that process first; to end the run, `changeover rollback` removes everything on both sides",
    context: { location },
  });
}

function isNoCopy(location: string): UsageError {
  return new UsageError({
    code: "COPY_IS_THE_SOURCE",
    message: `${location} is the source of the run itself, and no copy of it`,
    hint: "give --source the path of the copy; without --copy, the run's own source is cleaned",
    context: { location },
  });
}
