import { type Report, silent } from "../../log.ts";
import type { Change } from "./choose.ts";
import type { MigrationConnection } from "./connection.ts";
import { LEDGER, type Ledger } from "./ledger.ts";
import type { LockSettings } from "./lock.ts";
import type { MigrationState } from "./status.ts";

/** Where migrations run and how patiently. */
export interface MigrateOptions {
  readonly url: string;
  readonly directory: string;
  /** The table of applied migrations. Default: node-pg-migrate's. */
  readonly ledger?: Ledger;
  /** How long to wait for another process that migrates, ms. Default: a minute. */
  readonly wait?: number;
  /** How long a statement may wait for a lock, and the application's queries behind it, ms. Default: 2,000. */
  readonly lockTimeout?: number;
  /** How often a transaction is tried whose locks were not to be had. Default: 10. */
  readonly lockAttempts?: number;
  readonly acceptChanged?: boolean;
  readonly report?: Report;
  readonly signal?: AbortSignal;
  readonly guard?: Guard;
}

/** What is to be done, by how things stand. */
export interface Job {
  readonly direction: "up" | "down" | "redo";
  readonly choose: (state: MigrationState) => Change[];
}

/** Someone else's say in what may happen to the database. */
export interface Guard {
  /** In each transaction, before anything of a file runs in it. */
  begin(tx: MigrationConnection): Promise<void>;
  /** Before a file's SQL runs. Throws where it may not. */
  statements(
    migration: string,
    sql: readonly string[],
    where: "transaction" | "outside",
    connection: MigrationConnection,
  ): Promise<void>;
  /** In a transaction, before files run in it: what they do can be tried by `attempt`, and must be taken back then. */
  changes?(tx: MigrationConnection, changes: readonly Change[], attempt: () => Promise<void>): Promise<void>;
  /** Just before a transaction commits. Throws where what was done may not stand. */
  commit(tx: MigrationConnection): Promise<void>;
}

const DEFAULT_WAIT_MS = 60_000;
const DEFAULT_LOCK_TIMEOUT_MS = 2_000;
const DEFAULT_LOCK_ATTEMPTS = 10;

/** The options with all defaults in place. */
export interface Settings extends LockSettings {
  readonly directory: string;
  readonly ledger: Ledger;
  readonly lockAttempts: number;
  readonly acceptChanged: boolean;
  /** Whether files are recorded beside the ledger. Our own are known by our version. */
  readonly records: boolean;
  readonly guard: Guard | null;
}

export function settingsOf(options: MigrateOptions): Settings {
  return {
    directory: options.directory,
    ledger: options.ledger ?? LEDGER,
    wait: options.wait ?? DEFAULT_WAIT_MS,
    lockTimeout: options.lockTimeout ?? DEFAULT_LOCK_TIMEOUT_MS,
    lockAttempts: options.lockAttempts ?? DEFAULT_LOCK_ATTEMPTS,
    acceptChanged: options.acceptChanged === true,
    records: options.ledger === undefined,
    report: options.report ?? silent,
    signal: options.signal ?? new AbortController().signal,
    guard: options.guard ?? null,
  };
}
