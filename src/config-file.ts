import type { OrmName } from "./model/orm-profile.ts";
import type { OnBadValue, TableRules } from "./model/rules.ts";
import type { Seeded } from "./model/seeded.ts";

/** The content of `changeover.config.*`, for those who write it in TypeScript. */
export interface ConfigFile {
  /** Path or URL of the source. */
  readonly source?: string | undefined;
  /** Token for a libSQL server. */
  readonly sourceAuthToken?: string | undefined;
  /** Switches a file source from a rollback journal to a WAL. */
  readonly sourceJournal?: "wal" | undefined;
  /** URL of the target. */
  readonly target?: string | undefined;
  /** Schema of the target's tables. */
  readonly schema?: string | undefined;
  /** Schema of the run's state; where several runs share a database. Absent: `changeover`. */
  readonly stateSchema?: string | undefined;
  /** Directory of the target's migration files. */
  readonly migrationsDir?: string | undefined;
  /** A preset, by the name of its application. */
  readonly app?: string | undefined;
  /** Who makes the target's tables. */
  readonly schemaBy?: "changeover" | "application" | undefined;
  /** The command by which the application's own migrations make them. */
  readonly schemaCommand?: string | undefined;
  /** The table of applied migrations. */
  readonly migrationsTable?: string | undefined;
  /** The schema of that table. */
  readonly migrationsSchema?: string | undefined;
  /** Files that are no migrations. */
  readonly ignorePattern?: string | undefined;
  /** Whether `migrationsDir` is a glob pattern. */
  readonly useGlob?: boolean | undefined;
  /** Whether names in scripts are turned into snake_case. */
  readonly decamelize?: boolean | undefined;
  /** How types are chosen. */
  readonly types?: "plain" | "enhanced" | undefined;
  /** The ORM that the proposed tables are for. */
  readonly profile?: OrmName | undefined;
  /** How wide integers are. */
  readonly integers?: "int4" | "int8" | undefined;
  /** How names are chosen. */
  readonly names?: "keep" | "snake_case" | undefined;
  /** How the target compares texts. */
  readonly collation?: "C" | "database" | undefined;
  /** Tables that stay behind. */
  readonly exclude?: readonly string[] | undefined;
  /** Rows a second. */
  readonly maxRate?: number | undefined;
  /** How many processes share the work. */
  readonly jobs?: number | undefined;
  /** Milliseconds, or a text such as `2s`. */
  readonly maxDowntime?: number | string | undefined;
  /** Findings that may stand: `CODE`, `CODE:table` or `CODE:table.column`. */
  readonly accept?: readonly string[] | undefined;
  /** What becomes of a value that is not convertible. */
  readonly onBadValue?: OnBadValue | undefined;
  /** What becomes of rows that the target holds already. */
  readonly seeded?: Seeded | undefined;
  /** Of `changeover queries`. */
  readonly queries?: { readonly accept?: readonly string[] | undefined } | undefined;
  /** Rules, by the table's name in the source. */
  readonly tables?: OrUndefined<Readonly<Record<string, TableRules>>> | undefined;
  /** Where `serve` listens. */
  readonly listen?: string | undefined;
  /** Whether `full`, `sync` and `cutover` show a live page, and where. */
  readonly serve?: boolean | string | undefined;
  /** Webhooks. */
  readonly notify?: readonly string[] | undefined;
  /** The file of the report that a command writes at its end. */
  readonly report?: string | undefined;
  /** How messages stand on stderr. */
  readonly logFormat?: "text" | "json" | undefined;
  /** What becomes of a change of the source's schema. */
  readonly followSchema?: "stop" | "write" | "apply" | undefined;
  /** How often a sync compares all rows again. */
  readonly verifyEvery?: number | string | undefined;
  /** How old the last comparison of all rows may be at a cutover. */
  readonly verifiedWithin?: number | string | undefined;
  /** False: no failback is made ready. */
  readonly failback?: false | undefined;
  /** How long after the cutover a running sync completes the run. */
  readonly failbackWindow?: number | string | undefined;
  /** What the cutover waits for. */
  readonly postponeUntil?: readonly string[] | undefined;
  /** Commands, by the name of their hook. */
  readonly hooks?: Readonly<Partial<Record<HookName, string | undefined>>> | undefined;
}

type HookName = "before-fence" | "after-fence" | "before-open" | "after-open" | "on-abort";

/** A program may say undefined where it has nothing to say. */
type OrUndefined<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: OrUndefined<T[Key]> | undefined }
    : T;
