import { lastLogged } from "../db/change-log.ts";
import type { Source, SourceReader, SourceWriter } from "../db/source.ts";
import { RefusedError } from "../errors.ts";
import { FENCE_TABLE, FENCED, HANDED_OVER } from "../model/change-log.ts";
import type { TableMapping } from "../model/mapping.ts";
import { sqliteName, sqliteString } from "../quote.ts";

export { FENCED };

export interface FenceOptions {
  readonly mappings: readonly TableMapping[];
  /** Where the data went, without a password: the application's users will read it. */
  readonly location: string;
  /** The fence falls by itself after that, unless it is sealed: a killed cutover must not stop the application for good. */
  readonly seconds: number;
  /** Runs in the fence's own transaction. */
  readonly alongside?: (tx: SourceReader) => Promise<void>;
  readonly patience: number;
}

/**
 * From the commit of this one transaction on, every write to a captured table aborts with a message. Returns the
 * last `seq`: nothing is logged after it. A writer already inside makes this wait; a stale
 * WAL snapshot meets BUSY_SNAPSHOT, and OR IGNORE does not swallow RAISE(ABORT).
 */
export async function raiseFence(source: Source, options: FenceOptions): Promise<bigint> {
  return source.write(
    async (tx) => {
      for (const statement of renderFence(options.mappings, options.location)) await tx.run(statement);
      await tx.run(`INSERT INTO ${sqliteName(FENCE_TABLE)} VALUES(CAST(strftime('%s','now') AS INTEGER) + ?)`, [
        BigInt(Math.ceil(options.seconds)),
      ]);
      await options.alongside?.(tx);
      return lastLogged(tx);
      // Lost with the power, so is the process that raised it. What waits for the disk is the seal, for all before it, too.
    },
    { patience: options.patience, durable: false },
  );
}

export function renderFence(mappings: readonly TableMapping[], location: string): string[] {
  const moving = sqliteString(
    `${FENCED} state=cutting-over target=${location}: this database is moving to PostgreSQL; try again in a moment`,
  );
  const moved = sqliteString(
    `${FENCED} state=cut-over target=${location}: this database has moved to PostgreSQL; nothing is written here any more`,
  );
  const table = sqliteName(FENCE_TABLE);
  const triggers = mappings.flatMap((mapping) =>
    (["INSERT", "UPDATE", "DELETE"] as const).map(
      (event) =>
        `CREATE TRIGGER ${sqliteName(`${FENCE_TABLE}_${mapping.id}_${event.toLowerCase()}`)} BEFORE ${event} ON ${sqliteName(mapping.source)} BEGIN\n  SELECT RAISE(ABORT, ${moved}) FROM ${table} WHERE until = ${HANDED_OVER};\n  SELECT RAISE(ABORT, ${moving}) FROM ${table} WHERE until IS NULL OR until > CAST(strftime('%s','now') AS INTEGER);\nEND`,
    ),
  );
  return [`CREATE TABLE ${table}(until INTEGER)`, ...triggers];
}

/**
 * Makes the fence permanent, just before the target commits: better a stop that the next command resolves
 * than two databases that both take writes. Throws if anything was logged behind the fence after all
 * (it fell by itself since the machine's clock jumped, say).
 */
export async function sealFence(source: Source, drained: bigint, patience: number): Promise<void> {
  await source.write(
    async (tx) => {
      const last = await lastLogged(tx);
      const [up] = await tx.rows(`SELECT count(*) FROM ${sqliteName(FENCE_TABLE)}`);
      if (last !== drained || up?.[0] !== 1n) {
        throw new RefusedError({
          code: "FENCE_FELL",
          message: "the source was written to behind the fence: it stood for its whole time and fell by itself",
          hint: "run `changeover cutover` again; if it takes too long each time, give it more with --max-downtime",
        });
      }
      await tx.run(`UPDATE ${sqliteName(FENCE_TABLE)} SET until = NULL`);
    },
    { patience },
  );
}

/**
 * Tells the application's refused writers that the target has taken over. Not before its commit: who went there on the seal's word
 * would write to a database that may yet not open. Does nothing if that was told.
 */
export async function announceCutover(source: Source, patience?: number): Promise<void> {
  const untold = await source.read(async (tx) => (await isFenceSealed(tx)) && !(await isHandedOver(tx)));
  if (untold)
    await source.write((tx) => tx.run(`UPDATE ${sqliteName(FENCE_TABLE)} SET until = ${HANDED_OVER}`), { patience });
}

/** Takes the fence down: the application goes on as before. Does nothing if there is none. */
export async function lowerFence(source: Source, alongside?: (tx: SourceWriter) => Promise<void>): Promise<void> {
  await source.write(async (tx) => {
    const objects = await tx.rows(
      `SELECT type, name FROM sqlite_schema WHERE name LIKE '\\_changeover\\_fence%' ESCAPE '\\' AND type IN ('trigger', 'table') ORDER BY type DESC`,
    );
    for (const [type, name] of objects)
      await tx.run(`DROP ${type === "trigger" ? "TRIGGER" : "TABLE"} ${sqliteName(String(name))}`);
    if (objects.length > 0) await alongside?.(tx);
  });
}

export async function isFenceUp(tx: SourceReader): Promise<boolean> {
  const found = await tx.rows(
    `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${sqliteString(FENCE_TABLE)}`,
  );
  return found.length > 0;
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
  if (!(await isFenceUp(tx))) return false;
  const [row] = await tx.rows(`SELECT count(*) FROM ${sqliteName(FENCE_TABLE)} WHERE ${condition}`);
  return row?.[0] === 1n;
}
