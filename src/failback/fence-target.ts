import { RefusedError } from "../errors.ts";
import type { SealedFailback } from "../model/failback.ts";
import type { TableMapping } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import { withBriefLocks } from "../target/brief-locks.ts";
import { setFailback, setSealed } from "../target/store/failback-store.ts";
import type { TargetSession, TargetTransaction } from "../target/target.ts";
import { createTargetFence, setTargetFence } from "../target/target-fence-triggers.ts";
import { anyChange } from "./capture/target-changes.ts";

export interface TargetFence {
  readonly run: string;
  readonly session: TargetSession;
  readonly mappings: readonly TableMapping[];
  /** Where the data goes, as refused writers will read it. */
  readonly location: string;
}

/**
 * From the commit of this transaction on, every write to the tables is refused. The lock waits for those who have
 * written and not yet committed, so nothing of theirs is missed. The fence falls by itself: a killed command must not
 * stop the application for good. Returns when the attempt began that raised it (performance.now()): no write is taken
 * since.
 */
export async function raiseTargetFence(
  { session, mappings, location }: TargetFence,
  options: { readonly seconds: number; readonly patience: number },
): Promise<number> {
  const { began } = await withBriefLocks(session, { patienceMs: options.patience, busy: targetBusy }, async (tx) => {
    await lockTables(tx, mappings);
    const [row] = await tx.rows<{ until: string }>(
      "select (clock_timestamp() + make_interval(secs => $1))::text as until",
      [options.seconds],
    );
    await setTargetFence(tx, { kind: "returning", target: location, until: row?.until ?? "" });
    // They stand there asleep since the cutover, but for those of tables that are new.
    await createTargetFence(
      tx,
      mappings.map(({ target }) => target),
    );
  });
  return began;
}

/**
 * Makes the fence permanent, just before the source is opened. Throws if anything was written behind it after all.
 * `sealed` is kept in the same transaction. `remaining`: what is left of the budget, ms; throws once nothing is.
 */
export async function sealTargetFence(
  { run, session, mappings, location }: TargetFence,
  { remaining, sealed }: { readonly remaining: () => number; readonly sealed: SealedFailback },
): Promise<void> {
  await session.transaction(async (tx) => {
    await tx.run(`set local lock_timeout = ${Math.max(1, Math.ceil(remaining()))}`);
    await lockTables(tx, mappings);
    if (await anyChange(tx, mappings)) {
      throw new RefusedError({
        code: "FENCE_EXPIRED",
        message: "the target was written to behind its fence: it stood for its whole time and fell by itself",
        hint: "run `changeover rollback` again; if it takes too long each time, give it more with --max-downtime",
      });
    }
    await setTargetFence(tx, { kind: "returned", target: location });
    await setSealed(tx, run, sealed);
    remaining();
  });
}

/** Takes the fence down: the application goes on with PostgreSQL. Its triggers stay, asleep, and no table is locked. */
export async function lowerTargetFence({ run, session }: Pick<TargetFence, "run" | "session">): Promise<void> {
  await session.transaction(async (tx) => {
    await setTargetFence(tx, { kind: "open" });
    await setFailback(tx, run, "enabled");
  });
}

async function lockTables(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  if (mappings.length > 0)
    await tx.run(`lock table ${mappings.map(({ target }) => pgTable(target)).join(", ")} in share row exclusive mode`);
}

function targetBusy(cause: unknown): RefusedError {
  return new RefusedError({
    code: "TARGET_BUSY",
    message:
      "a transaction in PostgreSQL held its locks for too long: the target could not be fenced, and is open as before",
    hint: "find it in pg_stat_activity; then run `changeover rollback` again, or give it more time with --max-downtime",
    cause,
  });
}
