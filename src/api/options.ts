import type { MigrateOptions } from "../commands/migrate.ts";
import type { MakeSchema } from "../commands/tool-schema.ts";
import type { Hooks } from "../cutover/hooks.ts";
import type { PostponeCondition } from "../cutover/postpone-condition.ts";
import type { EmbeddedPostgres } from "../embedded/embedded.ts";
import type { EventListener } from "../events.ts";
import type { AcceptLosses } from "../failback/present-run.ts";
import type { OrmName } from "../model/orm-profile.ts";
import type { Rules } from "../model/rules.ts";
import type { CollationChoice } from "../model/text-order.ts";
import type { BackupOptions } from "../run/back-up-source.ts";
import type { Confirm } from "../run/confirmation.ts";
import type { UndoOptions } from "../run/keep-undone-rows.ts";
import type { CommittedBatch } from "./results.ts";

/** Source, target and decisions of a migration: what {@link openMigration} takes. */
export interface MigrationOptions {
  /** Path or URL of the SQLite or libSQL database. Methods that read only the target work without it. */
  readonly source?: string;
  /** Token for a libSQL server. */
  readonly sourceAuthToken?: string;
  /**
   * The run's source was moved and is this file now. It is accepted once the old file is gone or refuses writes.
   * Without this option, every method refuses a file that is not the run's (SOURCE_IS_ANOTHER_FILE).
   */
  readonly sourceMoved?: boolean;
  /**
   * With `sourceMoved`, where the old file cannot be seen: you vouch that the application writes to this source and to
   * no other.
   */
  readonly onlySource?: boolean;
  /**
   * `wal` switches a file source to SQLite's write-ahead log before `sync` and `full` begin. The file keeps that mode.
   * Default: the journal mode stays as it is.
   */
  readonly sourceJournal?: "wal";
  /**
   * The PostgreSQL database, as libpq takes it: a URL or `key=value` pairs, completed by PG… variables, services and
   * `.pgpass`. See {@link openEmbedded} for one that needs no server.
   */
  readonly target: string;
  /** The schema of the target's tables. Default: `schema` in the URL, or the first of the role's search_path. */
  readonly schema?: string;
  /**
   * The schema of the run's state: `changeover`, or a name that begins with `changeover_`. With several, several runs
   * live side by side in one database. Default: `state_schema` in the URL, or `changeover`.
   */
  readonly stateSchema?: string;
  /** Directory of the node-pg-migrate files. Default: `migrations`. */
  readonly migrationsDirectory?: string;
  /** The table of applied migrations. Default: `pgmigrations`. */
  readonly migrationsTable?: string;
  /** The schema of that table, created if it is missing. Default: `public`. */
  readonly migrationsSchema?: string;
  /**
   * Files whose whole name matches this regular expression are no migrations; with `useGlob` a glob pattern. Default:
   * names that begin with a dot.
   */
  readonly ignorePattern?: string;
  /** `migrationsDirectory` is a glob pattern of files. Default: false. */
  readonly useGlob?: boolean;
  /** Names in migration scripts are turned into snake_case. Default: false. */
  readonly decamelize?: boolean;
  /** How closely proposed types follow the values in the columns. Default: `plain`. */
  readonly types?: "plain" | "enhanced";
  /** What an ORM expects of tables that are made from the source. Default: `plain`. */
  readonly profile?: OrmName;
  /** Integer columns of 32 bits where values fit, or of 64, whatever the profile says. */
  readonly integers?: "int4" | "int8";
  /** `snake_case` folds the names of the source when the schema is proposed and matched. Default: `keep`. */
  readonly names?: "keep" | "snake_case";
  /** `C` gives proposed text columns the collation "C", which orders as SQLite does. Default: `C`. */
  readonly collation?: CollationChoice;
  /** Source tables that are not migrated. */
  readonly exclude?: readonly string[];
  /** Your decisions for tables and columns; they override the plan. */
  readonly rules?: Rules;
  /** Maximum rows a second in copy and replay. Default: no limit. */
  readonly maxRate?: number;
  /**
   * How many tables are profiled, copied and compared at once. Default: the number of processors, half of them next to
   * an application, at most 4.
   */
  readonly jobs?: number;
  /** Called with each event of whatever is under way. The library itself prints nothing. */
  readonly onEvent?: EventListener;
  /** Ends whatever is under way in good order; the next call goes on from there. */
  readonly signal?: AbortSignal;
}

/** Options of `migration.schema()`. */
export interface SchemaOptions {
  /** Writes the files to the migrations directory, which must be empty. Default: false. */
  readonly write?: boolean;
  /** Tries views, CHECKs, defaults and indexes on the target, in a transaction that is rolled back. Default: true. */
  readonly target?: boolean;
}

/** Options of `migration.data()`. */
export interface DataOptions extends BackupOptions {
  /** Compares both sides at the end. Default: true; `check` can do it later. */
  readonly verify?: boolean;
}

/** Options of `migration.sync()`. */
export interface SyncOptions extends BackupOptions {
  /** When to return: once the target has caught up, or when the signal aborts. Default: `stopped`. */
  readonly until?: "stopped" | "caught-up";
  /** Called after each batch of changes that was committed. */
  readonly onBatch?: (batch: CommittedBatch) => void;
  /** Source tables to copy again first, after a change of their schema or a VACUUM. Other tables are untouched. */
  readonly resync?: readonly string[];
  /** Compares all rows again whenever the last comparison ended that long ago, gently, in ms. Default: never. */
  readonly verifyEveryMs?: number;
  /**
   * After the cutover: how long a failback is to be possible, counted from the cutover, in ms. Then the run completes
   * by itself, which is announced before. Default: until `complete`.
   */
  readonly failbackWindowMs?: number;
}

/** Options of `migration.cutover()`. */
export interface CutoverOptions {
  /**
   * Asked, before the target takes over, about what is not translated as it is in the source. Throw to stop.
   * Default: nobody is asked, and the result lists it in `notices`.
   */
  readonly confirm?: Confirm;
  /** How long the application's writes may be refused before the cutover undoes itself, in ms. Default: 2,000. */
  readonly maxDowntimeMs?: number;
  /** Conditions that must all hold before the fence goes up; until then the sync goes on. */
  readonly postponeUntil?: readonly PostponeCondition[];
  /**
   * All rows are compared again if the last comparison of them ended longer ago, in ms. What changed since a
   * comparison is compared in any case. Default: 24 hours.
   */
  readonly verifiedWithinMs?: number;
  /** Called in the course of the cutover, and awaited. */
  readonly hooks?: Hooks;
  /** Whether changes of the target are logged from the cutover on, so that a failback is possible. Default: true. */
  readonly failback?: boolean;
}

/** Options of `migration.full()`. */
export interface FullOptions extends CutoverOptions, BackupOptions {
  /** False: verifies, then stays in sync until the signal aborts. Default: true. */
  readonly cutover?: boolean;
  /**
   * Who makes the target's tables where there are none. Where another tool's migrations are noticed in the source,
   * `application` refuses with SCHEMA_OF_TOOL, before anything is written. Default: `application`.
   */
  readonly schemaBy?: "changeover" | "application";
  /** Makes the target's tables by the application's own migrations, where there are none. Gets the target's URL. */
  readonly makeSchema?: MakeSchema;
}

/** Options of `migration.rehearse()`. */
export interface RehearsalOptions extends Omit<CutoverOptions, "confirm"> {
  /** Tries only the cutover's own steps: compares no tables and proves no foreign keys first. Default: false. */
  readonly dryRun?: boolean;
  /**
   * Rehearses the whole migration, cutover and failback included, on this copy of the source and in a database that is
   * dropped at the end. The run itself is left alone. A missing file is made from the source. Hooks and
   * `postponeUntil` do not apply.
   */
  readonly copy?: string;
  /** With `copy`: the embedded PostgreSQL to use. Default: the target's server. */
  readonly embedded?: EmbeddedPostgres;
}

/** Options of `migration.rollback()`; all of them are for the time after the cutover. */
export interface RollbackOptions {
  /** How long the target may refuse writes before the failback undoes itself, in ms. Default: 2,000. */
  readonly maxDowntimeMs?: number;
  /**
   * Asked, before anything is fenced, whether the failback may go on without what the source cannot hold.
   * Default: no, and the failback is refused with FAILBACK_LOSES_DATA.
   */
  readonly acceptLosses?: AcceptLosses;
}

/** Options of `migration.migrations.down()` and `redo`. */
export interface UndoMigrationsOptions extends MigrateOptions, UndoOptions {}

/** Options of `migration.quarantine.list()` and `export`. */
export interface QuarantineFilter {
  /** Only rows of this source table. Default: of all. */
  readonly table?: string;
}

/** One page of the quarantine. */
export interface QuarantinePage extends QuarantineFilter {
  /** Only entries after this id. */
  readonly after?: number;
  /** Maximum number of entries. Default: 1,000. */
  readonly limit?: number;
}

/** Default of `maxDowntimeMs`. */
export const MAX_DOWNTIME_MS = 2_000;
