import { setTimeout as delay } from "node:timers/promises";
import { InterruptedError, RefusedError } from "../../errors.ts";
import type { Report } from "../../log.ts";
import { sql } from "../../sql.ts";
import type { TargetReader } from "../../target/target.ts";
import type { MigrationConnection } from "./connection.ts";

export interface LockSettings {
  /** How long to wait for another process that migrates, ms. */
  readonly wait: number;
  /** How long a statement may wait for a lock of the application's, ms. */
  readonly lockTimeout: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** node-pg-migrate's own (`PG_MIGRATE_LOCK_ID`), so that its command line and ours keep out of each other's way. Importing it takes 120 ms. */
const LOCK = 7_241_865_325_823_964n;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Begins a transaction that holds the lock of migrations. The lock is the transaction's: a pooler cannot give it to someone else, and it is
 * gone with its holder. Whoever waits asks again and again instead of standing in line: a session that waits in a
 * statement has a snapshot, for which CREATE INDEX CONCURRENTLY would wait in turn.
 */
export async function beginLocked(connection: MigrationConnection, settings: LockSettings): Promise<void> {
  const deadline = performance.now() + settings.wait;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
    if (settings.signal.aborted) throw new InterruptedError();
    await begin(connection, settings);
    const [row] = await connection.rows<{ taken: boolean }>("select pg_try_advisory_xact_lock($1) as taken", [LOCK]);
    if (row?.taken === true) return;
    const holder = await holderOf(connection);
    await connection.run("rollback");
    if (performance.now() >= deadline) throw migrationsLocked(holder, settings.wait);
    if (pause === SHORTEST_PAUSE_MS)
      settings.report({ kind: "step", message: `another process migrates this database (${holder}): waiting for it` });
    await delay(Math.min(pause, Math.max(1, deadline - performance.now())), undefined, {
      signal: settings.signal,
    }).catch(() => {});
  }
}

/** Begins a transaction with what migrations need set in it, and in it only. */
export async function begin(connection: MigrationConnection, settings: LockSettings): Promise<void> {
  await connection.run("begin isolation level read committed");
  const values: Readonly<Record<string, string | number>> = {
    lock_timeout: Math.ceil(settings.lockTimeout),
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    // A process that died on the other side of a cut cable must not keep the lock for two hours.
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
  };
  const set = Object.entries(values).map(([name, value]) => `set_config('${name}', '${value}', true)`);
  await connection.run(`select ${set.join(", ")}`);
  // From PostgreSQL 14 on, and not on every platform: notices during a long statement, too, that nobody is there any more.
  await connection.run(
    "do $$ begin perform set_config('client_connection_check_interval', '2s', true); exception when others then null; end $$",
  );
}

/** Whether someone migrates this database. */
export async function isMigrating(target: TargetReader): Promise<boolean> {
  return (await target.rows(sql("target/lock-holder"), [LOCK >> 32n, LOCK & 0xffffffffn])).length > 0;
}

async function holderOf(connection: MigrationConnection): Promise<string> {
  const [holder] = await connection.rows<{
    pid: number;
    application: string;
    role: string | null;
    seconds: number | null;
  }>(sql("target/lock-holder"), [LOCK >> 32n, LOCK & 0xffffffffn]);
  if (holder === undefined) return "it has just ended";
  return `${holder.application}${holder.role === null ? "" : ` as ${holder.role}`}, process ${holder.pid} of the server${holder.seconds === null ? "" : `, for ${holder.seconds} s`}`;
}

function migrationsLocked(holder: string, wait: number): RefusedError {
  return new RefusedError({
    code: "MIGRATIONS_LOCKED",
    message: `another process migrates this database (${holder})${wait > 0 ? `, and ${Math.round(wait / 1000)} s were not enough for it` : ""}. Nothing was done`,
    hint: "run it again when that one has ended, or wait for it with --wait 10m; the lock ends with its holder's transaction",
  });
}
