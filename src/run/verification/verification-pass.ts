import type { Run } from "../../model/run.ts";
import { reachesBackTo } from "../../rows/log-entries.ts";
import { prepareRunStore } from "../../schema/migrate/prepare-run-store.ts";
import { renderCountOf } from "../../status/render-count.ts";
import { beginPass, endPass, lastPass, loadProgress, saveProgress } from "../../target/store/verification-store.ts";
import { tryVerificationLock } from "../../target/store/verified-store.ts";
import type { TargetSession } from "../../target/target.ts";
import type { Progress } from "../../verify/progress.ts";
import type { TableVerification } from "../../verify/verify-run.ts";
import { watermarkOf } from "../../verify/watermark.ts";
import type { Context } from "../context.ts";

/** A comparison of everything that outlives its process. */
export interface Pass {
  /** Keys logged after this are to be compared again. */
  readonly through: bigint;
  readonly progress: Progress;
  readonly isResumed: boolean;
  /** These tables are compared, without differences. */
  saveDone(tables: readonly TableVerification[]): Promise<void>;
  /**
   * It is through: the next one compares everything again. False if it does not count, since the tables became others
   * meanwhile.
   */
  end(result: { readonly rows: number; readonly differences: number }): Promise<boolean>;
}

export interface PassOptions {
  /** The session that keeps how far the pass is, and holds its lock. */
  readonly session: TargetSession;
  /** Compares everything again, also what an interrupted pass has compared. */
  readonly restart?: boolean;
}

/**
 * Begins a pass, or goes on with the one that was interrupted, if the change log still names all keys that changed
 * since it began. Null where another process is at one: this one's is its own then.
 */
export async function openPass(context: Context, run: Run, { session, restart }: PassOptions): Promise<Pass | null> {
  if (!run.captured || run.phase !== "syncing" || !(await tryVerificationLock(session))) return null;
  // A check takes no lock of the run, and may be the first command of this version in it.
  await prepareRunStore(session, context.targetUrl);
  const last = await lastPass(session, run.id);
  const isResumed =
    restart !== true &&
    last !== null &&
    last.endedAt === null &&
    (await context.source.read((tx) => reachesBackTo(tx, last.through)));
  const pass = isResumed ? last.pass : (last?.pass ?? 0) + 1;
  const through = isResumed ? last.through : await watermarkOf(session, { run: run.id });
  if (!isResumed) await beginPass(session, run.id, { pass, through });
  else if (last.rows > 0)
    context.report({
      kind: "step",
      message:
        `going on with the comparison that was interrupted: ${renderCountOf(last.rows, "row", "are")} ` +
        `compared already`,
    });
  const known = await loadProgress(session, run.id, pass);
  return {
    isResumed,
    through,
    progress: {
      of: (mapping) => known.get(mapping.id) ?? null,
      save: (mapping, progress) => saveProgress(session, run.id, pass, [{ table: mapping.id, ...progress }]),
    },
    saveDone: (tables) =>
      saveProgress(
        session,
        run.id,
        pass,
        tables.map(({ mapping, rows }) => ({ table: mapping.id, position: null, rows, done: true })),
      ),
    end: (result) => endPass(session, run.id, { pass, ...result }),
  };
}
