import { InterruptedError, RefusedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import { growing, waitUntil } from "../../retry.ts";
import { sql } from "../../sql.ts";
import { renderSearchPath } from "../../target/connection/search-path.ts";
import { DEFAULT_STATE_SCHEMA, type InState } from "../../target/state-schema.ts";
import { lockHalves, lockKey } from "../../target/store/run-lock.ts";
import type { TargetReader } from "../../target/target.ts";
import type { MigrationConnection } from "./migration-connection.ts";

export interface LockSettings {
  /** How long to wait for another process that runs migrations, ms. */
  readonly waitMs: number;
  /** How long a statement may wait for a lock of the application, ms. */
  readonly lockTimeoutMs: number;
  /** False: nobody is kept out. */
  readonly lock: boolean;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * node-pg-migrate's lock id (`PG_MIGRATE_LOCK_ID`), so that its command line and ours exclude each other. Copied here,
 * since importing it takes 120 ms.
 */
const LOCK = 7_241_865_325_823_964n;
/**
 * Runs side by side in one database do not wait for each other: each has a lock of its own, and shares the database's
 * with the others, so that node-pg-migrate's command line still keeps all of them out.
 */
function lockOf(connection: InState): { readonly key: bigint; readonly take: string } {
  const key = connection.stateSchema === DEFAULT_STATE_SCHEMA ? LOCK : lockKey(connection, "migrations");
  const own = "pg_try_advisory_xact_lock($1)";
  const shared = `case when pg_try_advisory_xact_lock_shared(${LOCK}) then ${own} else false end`;
  return { key, take: `select ${key === LOCK ? own : shared} as taken` };
}

const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 1_000;

/**
 * Begins a transaction that holds the migration lock. The lock belongs to the transaction: a pooler cannot give it to
 * another client, and it ends with its holder.
 *
 * A waiting process polls. If it waited inside a statement, its snapshot would block CREATE INDEX CONCURRENTLY of the
 * holder.
 */
export async function beginLocked(connection: MigrationConnection, settings: LockSettings): Promise<void> {
  const { signal, waitMs } = settings;
  if (!settings.lock) return begin(connection, settings);
  const { key, take } = lockOf(connection);
  let holder: string | null = null;
  const probe = async () => {
    if (signal.aborted) throw new InterruptedError();
    await begin(connection, settings);
    const [row] = await connection.rows<{ taken: boolean }>(take, [key]);
    if (row?.taken === true) return true;
    const isFirst = holder === null;
    holder = await holderOf(connection);
    await connection.run("rollback");
    if (isFirst && waitMs > 0)
      settings.report({
        kind: "step",
        message: `waiting for another process that runs migrations in this database (${holder})`,
      });
    return false;
  };
  const everyMs = growing(MIN_PAUSE_MS, MAX_PAUSE_MS, { factor: 1.5 });
  if (await waitUntil(probe, { everyMs, timeoutMs: waitMs, signal })) return;
  if (signal.aborted) throw new InterruptedError();
  throw migrationsLocked(holder ?? "", waitMs);
}

/** Begins a transaction with the settings that migrations need, for this transaction only. */
export async function begin(connection: MigrationConnection, settings: LockSettings): Promise<void> {
  await connection.run("begin isolation level read committed");
  const values: Readonly<Record<string, string | number>> = {
    lock_timeout: Math.ceil(settings.lockTimeoutMs),
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    // A client that vanished behind a broken network must not hold the lock for two hours.
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
  };
  const set = Object.entries(values).map(([name, value]) => `set_config('${name}', '${value}', true)`);
  await connection.run(
    `select ${set.join(", ")}, (select set_config('transaction_timeout', '0', true) ` +
      "where current_setting('transaction_timeout', true) is not null)",
  );
  if (connection.server.pooling === "transaction") await connection.run(renderSearchPath(connection, "transaction"));
  // PostgreSQL 14 and later, on some platforms only: detects a vanished client during a long statement, too.
  await connection.run(
    "do $$ begin perform set_config('client_connection_check_interval', '2s', true); exception when others then " +
      "null; end $$",
  );
}

/** Whether another session runs migrations in this database. */
export async function isMigrating(target: TargetReader): Promise<boolean> {
  return (await target.rows(sql("target/lock-holder"), lockHalves(lockOf(target).key))).length > 0;
}

async function holderOf(connection: MigrationConnection): Promise<string> {
  const holder = (await holderOfKey(connection, lockOf(connection).key)) ?? (await holderOfKey(connection, LOCK));
  if (holder === undefined) return "it has just ended";
  return (
    `${holder.application}${holder.role === null ? "" : ` as ${holder.role}`}, process ${holder.pid} of the ` +
    `server${holder.seconds === null ? "" : `, for ${holder.seconds} s`}`
  );
}

async function holderOfKey(connection: MigrationConnection, key: bigint) {
  const [holder] = await connection.rows<{
    pid: number;
    application: string;
    role: string | null;
    seconds: number | null;
  }>(sql("target/lock-holder"), lockHalves(key));
  return holder;
}

function migrationsLocked(holder: string, waitMs: number): RefusedError {
  return new RefusedError({
    code: "MIGRATIONS_LOCKED",
    message:
      "another process runs migrations in this database " +
      `(${holder})${waitMs > 0 ? `, also after waiting for ${Math.round(waitMs / 1000)} s` : ""}. Nothing was changed`,
    hint:
      "run the same command again later, or wait longer with --wait 10m; the lock ends with the transaction of its " +
      "holder",
  });
}
