import { RefusedError } from "../../errors.ts";
import { FENCE_TABLE, HANDED_OVER } from "../../model/change-log.ts";
import { sqliteName, sqliteString } from "../../quote.ts";
import { lastLogged } from "../../rows/log-entries.ts";
import { readSchemaVersion } from "../schema-version.ts";
import type { Source, SourceReader, SourceWriter } from "../source.ts";
import type { PreparedFence } from "./prepare-fence.ts";
import { FENCE_NAMES, NOW_MS } from "./source-fence-triggers.ts";

const TABLE = sqliteName(FENCE_TABLE);

export interface FenceOptions {
  /**
   * The fence falls by itself after that, unless it is sealed: a killed cutover must not stop the application for good.
   */
  readonly budgetMs: number;
  /** The triggers that must stand, and the schema version at which they did. */
  readonly prepared: PreparedFence;
  /** How long to wait for the source's lock, ms; the application goes on writing meanwhile. */
  readonly lockWaitMs: number;
}

export interface RaisedFence {
  /** Nothing is logged after this `seq`. */
  readonly last: bigint;
  /** performance.now() at which no further write could begin. */
  readonly raisedAt: number;
}

/**
 * From the commit of this one statement on, every write to a captured table aborts with a message: the triggers stand
 * already (`prepareFence`), and the row that is inserted here wakes them. A writer already inside makes this wait; a
 * stale WAL snapshot meets BUSY_SNAPSHOT, and OR IGNORE does not swallow RAISE(ABORT).
 */
export async function raiseFence(source: Source, options: FenceOptions): Promise<RaisedFence> {
  return source.write(
    async (tx) => {
      const raisedAt = performance.now();
      if (!(await isComplete(tx, options.prepared))) throw fenceIncomplete();
      await tx.run(`DELETE FROM ${TABLE}`);
      await tx.run(`INSERT INTO ${TABLE} VALUES(CAST(${NOW_MS} AS INTEGER) + ?)`, [
        BigInt(Math.ceil(options.budgetMs)),
      ]);
      return { last: await lastLogged(tx), raisedAt };
      // Lost with the power, so is the process that raised it. What waits for the disk is the seal, for all before it,
      // too.
    },
    { lockWaitMs: options.lockWaitMs, durable: false },
  );
}

/** They are counted only where the schema has changed since: that reads all of it. */
async function isComplete(tx: SourceReader, { schemaVersion, triggers }: PreparedFence): Promise<boolean> {
  if ((await readSchemaVersion(tx)) === schemaVersion) return true;
  const [present] = await tx.rows(
    `SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE ${FENCE_NAMES}`,
  );
  return Number(present?.[0] ?? 0n) === triggers;
}

/**
 * Makes the fence permanent, just before the target commits: better a stop that the next command resolves
 * than two databases that both take writes. Throws if anything was logged behind the fence after all
 * (it fell by itself since the machine's clock jumped, say).
 */
export async function sealFence(source: Source, drained: bigint, lockWaitMs: number): Promise<void> {
  await source.write(
    async (tx) => {
      const last = await lastLogged(tx);
      const [up] = await tx.rows(`SELECT count(*) FROM ${TABLE}`);
      if (last !== drained || up?.[0] !== 1n) {
        throw new RefusedError({
          code: "FENCE_EXPIRED",
          message: "the source was written to behind the fence: it stood for its whole time and fell by itself",
          hint: "run `changeover cutover` again; if it takes too long each time, give it more with --max-downtime",
        });
      }
      await tx.run(`UPDATE ${TABLE} SET until = NULL`);
    },
    { lockWaitMs },
  );
}

/**
 * Tells the application's refused writers that the target has taken over. Not before its commit: who went there on the
 * seal's word would write to a database that may yet not open. Does nothing if that was told.
 */
export async function announceCutover(source: Source, lockWaitMs?: number): Promise<void> {
  const untold = await source.read(async (tx) => (await isFenceSealed(tx)) && !(await isHandedOver(tx)));
  if (untold) await source.write((tx) => tx.run(`UPDATE ${TABLE} SET until = ${HANDED_OVER}`), { lockWaitMs });
}

/**
 * Takes the fence down in one statement: the application goes on as before. Its triggers sleep on, until
 * `dismantleFence`. Does nothing if there is none. `alongside` runs in the same transaction.
 */
export async function lowerFence(source: Source, alongside?: (tx: SourceWriter) => Promise<void>): Promise<void> {
  await source.write(async (tx) => {
    if (await isFencePrepared(tx)) await tx.run(`DELETE FROM ${TABLE}`);
    await alongside?.(tx);
  });
}

/** Whether the fence's table is there, and so perhaps its triggers; they may well sleep. */
export async function isFencePrepared(tx: SourceReader): Promise<boolean> {
  const found = await tx.rows(
    `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${sqliteString(FENCE_TABLE)}`,
  );
  return found.length > 0;
}

/** Whether the fence was raised and not lowered: it refuses writes, or did so until it fell by itself. */
export async function isFenceUp(tx: SourceReader): Promise<boolean> {
  return isFenceAt(tx, "1");
}

/** Whether the fence is sealed: the target has taken over, or is about to this moment. */
export async function isFenceSealed(tx: SourceReader): Promise<boolean> {
  return isFenceAt(tx, `until IS NULL OR until = ${HANDED_OVER}`);
}

/** Whether the target has taken over, and the fence says so. */
export function isHandedOver(tx: SourceReader): Promise<boolean> {
  return isFenceAt(tx, `until = ${HANDED_OVER}`);
}

async function isFenceAt(tx: SourceReader, condition: string): Promise<boolean> {
  if (!(await isFencePrepared(tx))) return false;
  const [row] = await tx.rows(`SELECT count(*) FROM ${TABLE} WHERE ${condition}`);
  return row?.[0] === 1n;
}

function fenceIncomplete(): RefusedError {
  return new RefusedError({
    code: "FENCE_INCOMPLETE",
    message:
      "triggers of the fence are missing in the source: a table was recreated, or they were dropped; it was not raised",
    hint: "run `changeover cutover` again: it prepares the fence again",
  });
}
