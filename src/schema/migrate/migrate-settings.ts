import { type Report, silent } from "../../log.ts";
import type { Change } from "./choose-changes.ts";
import type { MigrationConnection } from "./migration-connection.ts";
import type { LockSettings } from "./migration-lock.ts";
import { type MigrationPlace, tableOfPlace } from "./migration-place.ts";
import type { MigrationState } from "./migration-status.ts";
import type { MigrationsTable } from "./migrations-table.ts";

/** Where migrations run, and how long they wait. */
export interface MigrationRunOptions extends MigrationPlace {
  readonly url: string;
  /** Whether applied files are recorded. Default: true. */
  readonly records?: boolean;
  /** Whether a pending file before an applied one is refused. Default: true. */
  readonly checkOrder?: boolean;
  /** Records migrations as applied or undone, and runs none of them. Default: false. */
  readonly fake?: boolean;
  /** False: each migration commits by itself. Default: true. */
  readonly singleTransaction?: boolean;
  /** False: no lock keeps other processes out. Default: true. */
  readonly lock?: boolean;
  /** Reports each statement before it runs. Default: false. */
  readonly verbose?: boolean;
  /** How long to wait for another process that runs migrations, ms. Default: a minute. */
  readonly waitMs?: number;
  /** How long a statement may wait for a lock, and the application's queries behind it, ms. Default: 2,000. */
  readonly lockTimeoutMs?: number;
  /** How often to try a transaction that does not get its locks. Default: 10. */
  readonly lockAttempts?: number;
  readonly acceptChanged?: boolean;
  /** Names of the migrations that `down` or `redo` must undo, in this order, or nothing. */
  readonly expected?: readonly string[];
  readonly report?: Report;
  readonly signal?: AbortSignal;
  readonly guard?: Guard;
  /** Changes the SQL of a migration before it runs. */
  readonly edit?: (migration: string, sql: string) => Promise<string>;
}

/** What to do, depending on the current state. */
export interface MigrateJob {
  readonly direction: "up" | "down" | "redo";
  readonly choose: (state: MigrationState) => Change[];
}

/** Lets a caller inspect and refuse what migrations do. */
export interface Guard {
  /** In each transaction, before any file runs in it. */
  begin(tx: MigrationConnection): Promise<void>;
  /** Before a file's SQL runs. Throws to refuse it. */
  statements(
    migration: string,
    sql: readonly string[],
    where: "transaction" | "outside",
    connection: MigrationConnection,
  ): Promise<void>;
  /** In a transaction, before files run in it. `attempt` runs them as a trial, which must be rolled back. */
  changes?(tx: MigrationConnection, changes: readonly Change[], attempt: () => Promise<void>): Promise<void>;
  /** Just before a transaction commits. Throws to refuse its result. */
  commit(tx: MigrationConnection): Promise<void>;
}

const DEFAULT_WAIT_MS = 60_000;
const DEFAULT_LOCK_TIMEOUT_MS = 2_000;
const DEFAULT_LOCK_ATTEMPTS = 10;

/** The options with defaults. */
export interface Settings extends LockSettings {
  readonly place: MigrationPlace;
  readonly migrationsTable: MigrationsTable;
  readonly checkOrder: boolean;
  readonly fake: boolean;
  readonly singleTransaction: boolean;
  readonly verbose: boolean;
  readonly lockAttempts: number;
  readonly acceptChanged: boolean;
  /** Whether applied files are recorded. Our own need no record: our version identifies them. */
  readonly records: boolean;
  readonly guard: Guard | null;
  readonly edit: MigrationRunOptions["edit"] | null;
}

export function settingsOf(options: MigrationRunOptions): Settings {
  return {
    place: options,
    migrationsTable: tableOfPlace(options),
    checkOrder: options.checkOrder !== false,
    fake: options.fake === true,
    singleTransaction: options.singleTransaction !== false,
    lock: options.lock !== false,
    verbose: options.verbose === true,
    waitMs: options.waitMs ?? DEFAULT_WAIT_MS,
    lockTimeoutMs: options.lockTimeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS,
    lockAttempts: options.lockAttempts ?? DEFAULT_LOCK_ATTEMPTS,
    acceptChanged: options.acceptChanged === true,
    records: options.records !== false,
    report: options.report ?? silent,
    signal: options.signal ?? new AbortController().signal,
    guard: options.guard ?? null,
    edit: options.edit ?? null,
  };
}
