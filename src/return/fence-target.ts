import type { TargetSession, TargetTransaction } from "../db/target.ts";
import { sqlState } from "../db/target-error.ts";
import { setWayBack } from "../db/way-back-store.ts";
import { RefusedError } from "../errors.ts";
import { FENCED } from "../model/change-log.ts";
import type { TableMapping } from "../model/mapping.ts";
import { pgName, pgString, pgTable } from "../quote.ts";
import { anyChange } from "./target-changes.ts";

export interface TargetFence {
  readonly run: string;
  readonly session: TargetSession;
  readonly mappings: readonly TableMapping[];
  /** Where the data goes, as refused writers will read it. */
  readonly location: string;
}

/** Our trigger on each table of the target, while it is fenced. */
export const TARGET_FENCE = "_changeover_fence";
const FUNCTION = "changeover.refuse_write";
// Below PostgreSQL's deadlock_timeout of a second: should the application hold one table and want another, we let go first.
const LOCK_SLICES_MS = [200, 300, 400, 600, 800];
const LOCK_NOT_AVAILABLE = "55P03";
const DEADLOCK = "40P01";

/**
 * From the commit of this transaction on, every write to the tables is refused. Creating a trigger waits for those who have
 * written and not yet committed, so nothing of theirs is missed; it gives up soon and tries again, since others wait behind it. The
 * fence falls by itself: a killed command must not stop the application for good. That is in the function's text and not in a
 * row, since a transaction with an older snapshot sees the present function, but not a row that came later. Returns when the
 * attempt began that raised it (performance.now()): no write is taken since.
 */
export async function raiseTargetFence(
  fence: TargetFence,
  options: { readonly seconds: number; readonly patience: number },
): Promise<number> {
  const { session, mappings } = fence;
  const deadline = performance.now() + options.patience;
  for (let attempt = 0; ; attempt++) {
    const began = performance.now();
    try {
      await session.transaction(async (tx) => {
        await tx.run(`set local lock_timeout = ${LOCK_SLICES_MS[Math.min(attempt, LOCK_SLICES_MS.length - 1)]}`);
        await lockTables(tx, mappings);
        const [until] = await tx.rows<{ until: string }>(
          "select (clock_timestamp() + make_interval(secs => $1))::text as until",
          [options.seconds],
        );
        const standing = await tx.rows<{ table: string }>(
          "select n.nspname || '.' || c.relname as table from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where t.tgname = $1",
          [TARGET_FENCE],
        );
        const bare = mappings.filter(
          ({ target }) => !standing.some(({ table }) => table === `${target.schema}.${target.name}`),
        );
        await tx.run(renderTargetFence({ mappings: bare, location: fence.location }, until?.until ?? null).join(";\n"));
      });
      return began;
    } catch (error) {
      const state = sqlState(error);
      if (state !== LOCK_NOT_AVAILABLE && state !== DEADLOCK) throw error;
      if (performance.now() > deadline) throw targetBusy(error);
    }
  }
}

/** `until` null: for good. */
export function renderTargetFence(
  { mappings, location }: Pick<TargetFence, "mappings" | "location">,
  until: string | null,
): string[] {
  return [
    renderRefusal(location, until),
    ...mappings.flatMap(({ target }) => [
      `create trigger ${pgName(TARGET_FENCE)} before insert or update or delete or truncate on ${pgTable(target)} for each statement execute function ${FUNCTION}()`,
      `alter table ${pgTable(target)} enable always trigger ${pgName(TARGET_FENCE)}`,
    ]),
  ];
}

function renderRefusal(location: string, until: string | null): string {
  const message =
    until === null
      ? `${FENCED} state=returned target=${location}: this database has returned to SQLite; nothing is written here any more`
      : `${FENCED} state=returning target=${location}: this database is returning to SQLite; try again in a moment`;
  const raise = `raise exception using message = ${pgString(message)}, errcode = 'read_only_sql_transaction'`;
  const body =
    until === null
      ? raise
      : `if clock_timestamp() < ${pgString(until)}::timestamptz then ${raise}; end if; return null`;
  return `create or replace function ${FUNCTION}() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as ${pgString(`begin ${body}; end`)}`;
}

/** Makes the fence permanent, just before the source is opened; throws if anything was written behind it after all. `remaining`: what is left of the budget, ms; throws once nothing is. */
export async function sealTargetFence(
  { run, session, mappings, location }: TargetFence,
  remaining: () => number,
): Promise<void> {
  await session.transaction(async (tx) => {
    await tx.run(`set local lock_timeout = ${Math.max(1, Math.ceil(remaining()))}`);
    await lockTables(tx, mappings);
    if (await anyChange(tx, mappings)) {
      throw new RefusedError({
        code: "FENCE_FELL",
        message: "the target was written to behind its fence: it stood for its whole time and fell by itself",
        hint: "run `changeover rollback` again; if it takes too long each time, give it more with --max-downtime",
      });
    }
    await tx.run(renderRefusal(location, null));
    await setWayBack(tx, run, "returning");
    remaining();
  });
}

/** Takes the fence down: the application goes on with PostgreSQL. */
export async function lowerTargetFence({ run, session, mappings }: Omit<TargetFence, "location">): Promise<void> {
  for (;;) {
    try {
      await session.transaction(async (tx) => {
        await tx.run("set local lock_timeout = 800");
        await dropTargetFence(tx, mappings);
        await setWayBack(tx, run, "armed");
      });
      return;
    } catch (error) {
      if (sqlState(error) !== LOCK_NOT_AVAILABLE && sqlState(error) !== DEADLOCK) throw error;
    }
  }
}

export async function dropTargetFence(tx: TargetTransaction, mappings: readonly TableMapping[]): Promise<void> {
  await tx.run(
    [
      ...mappings.map(({ target }) => `drop trigger if exists ${pgName(TARGET_FENCE)} on ${pgTable(target)}`),
      `drop function if exists ${FUNCTION}()`,
    ].join(";\n"),
  );
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
