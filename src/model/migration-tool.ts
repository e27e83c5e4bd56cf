import {
  DBMATE,
  type KnownMigrationsTable,
  MIGRATIONS_TABLES,
  type MigrationTool,
  RAILS,
} from "./known-migrations-tables.ts";

/** Names that an application may well choose itself: there the columns must be these and no others. */
const PLAIN: ReadonlySet<string> = new Set([
  "_migrations",
  "migration",
  "migration_versions",
  "migrations",
  "schema_migrations",
  "alembic_version",
  "sequelizemeta",
  "typeorm_metadata",
]);

/** Tables in which a tool or a host of the source's file keeps what concerns that file alone. */
const OF_THE_FILE: readonly { readonly table: RegExp; readonly columns: readonly string[]; readonly keeper: string }[] =
  [
    { table: /^_litestream_(seq|lock)$/, columns: ["id"], keeper: "Litestream" },
    { table: /^_cf_kv$/, columns: ["key", "value"], keeper: "Cloudflare" },
    { table: /^_cf_metadata$/, columns: ["key", "value"], keeper: "Cloudflare" },
    { table: /^android_metadata$/, columns: ["locale"], keeper: "Android" },
  ];

/** Who keeps a table for the source's file alone, so that it means nothing elsewhere; null for any other table. */
export function keeperOfFile(table: string, columns: readonly string[]): string | null {
  const names = columns.map((column) => column.toLowerCase());
  const found = OF_THE_FILE.find(
    (known) => known.table.test(table.toLowerCase()) && known.columns.every((column) => names.includes(column)),
  );
  return found?.keeper ?? null;
}

/** Names of all such tables, in lower case. */
export const MIGRATIONS_TABLE_NAMES: readonly string[] = [...new Set(MIGRATIONS_TABLES.map(({ table }) => table))];

/** The tool that keeps its books in this table; null for any other table. */
export function migrationTool(table: string, columns: readonly string[]): MigrationTool | null {
  return migrationsTableOf(table, columns)?.tool ?? null;
}

/** The columns that hold the version, as the table spells them; null where it has none. */
export function versionColumns(
  table: string,
  columns: readonly string[],
): { readonly version: string; readonly order: string } | null {
  const known = migrationsTableOf(table, columns);
  if (known?.version === undefined) return null;
  const spelled = (name: string) => columns.find((column) => column.toLowerCase() === name);
  const version = spelled(known.version);
  const order = spelled(known.order ?? known.version);
  return version === undefined || order === undefined ? null : { version, order };
}

/**
 * dbmate and Rails keep the same `schema_migrations`; Rails keeps `ar_internal_metadata` next to it. `tables`: all that
 * were found in the same database.
 */
export function amongOthers(tool: MigrationTool, tables: readonly string[]): MigrationTool {
  if (tool !== RAILS) return tool;
  return tables.some((name) => name.toLowerCase() === "ar_internal_metadata") ? RAILS : DBMATE;
}

function migrationsTableOf(table: string, columns: readonly string[]): KnownMigrationsTable | null {
  const names = new Set(columns.map((column) => column.toLowerCase()));
  const fits = (candidate: KnownMigrationsTable) =>
    candidate.table === table.toLowerCase() &&
    candidate.columns.every((column) => names.has(column)) &&
    (!PLAIN.has(candidate.table) || names.size === candidate.columns.length);
  return MIGRATIONS_TABLES.find(fits) ?? null;
}

/** A tool's table that was found. */
export interface ToolTable {
  readonly table: string;
  readonly tool: MigrationTool;
}

/** One of the target, in whatever schema. */
export interface TargetMigrationsTable extends ToolTable {
  readonly schema: string;
  /** Without its schema. */
  readonly name: string;
  readonly isFilled: boolean;
  /** The last migration that it notes, where that can be read. */
  readonly version: string | null;
}
