import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runner } from "node-pg-migrate";
import { ChangeoverError, MigrationFileError, messageOf } from "../errors.ts";
import { isConnectionLoss, sqlState, targetError } from "./target-error.ts";
import { type TargetReader, targetLocation } from "./target.ts";

export interface MigrateOptions {
  readonly url: string;
  readonly directory: string;
  /** Where the table of applied migrations lives. */
  readonly schema?: string;
  readonly table?: string;
}

export const MIGRATIONS_TABLE = "pgmigrations";

/** Applies pending migrations, all in one transaction; returns their names. `count` limits them. */
export function migrateUp(options: MigrateOptions & { readonly count?: number }): Promise<string[]> {
  return migrate(options, "up", options.count ?? Number.POSITIVE_INFINITY);
}

/** Undoes the last `count` migrations, all in one transaction; returns their names. */
export function migrateDown(options: MigrateOptions & { readonly count: number }): Promise<string[]> {
  return migrate(options, "down", options.count);
}

async function migrate(options: MigrateOptions, direction: "up" | "down", count: number): Promise<string[]> {
  if (!existsSync(options.directory)) {
    throw new MigrationFileError({
      code: "MIGRATIONS_MISSING",
      message: `there is no directory ${options.directory}`,
      hint: "`changeover schema --write` makes migration files from the source; or say where they are with --migrations-dir",
      context: { directory: options.directory },
    });
  }
  let current: string | undefined;
  const note = (message: unknown) => {
    current = /^### MIGRATION (\S+) /.exec(String(message))?.[1] ?? current;
  };
  try {
    const done = await runner({
      databaseUrl: withoutOwnSchema(options.url),
      dir: options.directory,
      direction,
      count,
      migrationsTable: options.table ?? MIGRATIONS_TABLE,
      ...(options.schema === undefined ? {} : { migrationsSchema: options.schema, createMigrationsSchema: true }),
      singleTransaction: true,
      checkOrder: true,
      // Another process may be at it: its work is ours too, so wait for it.
      advisoryLockMode: "wait",
      logger: { debug: note, info: note, warn: note, error: note },
    });
    return done.map(({ name }) => name);
  } catch (error) {
    throw migrationError(error, options, current);
  }
}

/** To a role that is called as our own schema, unqualified names must not mean that schema. */
function withoutOwnSchema(url: string): string {
  const parsed = new URL(url);
  if (parsed.username === "changeover" && !parsed.searchParams.has("options")) parsed.searchParams.set("options", "-c search_path=public");
  return parsed.href;
}

function migrationError(error: unknown, options: MigrateOptions, file: string | undefined): ChangeoverError {
  const state = sqlState(error);
  if (isConnectionLoss(error) || state?.startsWith("28") === true || state === "3D000") return targetError(error, targetLocation(options.url));
  return new MigrationFileError({
    code: "MIGRATION_FAILED",
    message: `${file === undefined ? "the migrations" : `migration ${file}`} failed and nothing of it was kept: ${messageOf(error)}`,
    hint: `correct the file in ${options.directory} and run the same command again`,
    context: { file, directory: options.directory, sqlState: state },
    cause: error,
  });
}

export interface MigrationStatus {
  readonly name: string;
  readonly state: "applied" | "pending" | "file-missing";
  /** When it was applied, in ISO form. */
  readonly appliedAt: string | null;
}

/** Files and applied migrations side by side, in the order in which they run. Creates nothing. */
export async function migrationStatus(target: TargetReader, directory: string, schema = "public"): Promise<MigrationStatus[]> {
  const applied = await appliedMigrations(target, schema);
  const names = migrationFiles(directory);
  const missing = [...applied.keys()].filter((name) => !names.includes(name));
  return [
    ...missing.map((name) => ({ name, state: "file-missing" as const, appliedAt: applied.get(name) ?? null })),
    ...names.map((name) => ({ name, state: applied.has(name) ? ("applied" as const) : ("pending" as const), appliedAt: applied.get(name) ?? null })),
  ];
}

/** Names of the migration files, without their endings, in order. Empty where there is no directory. */
export function migrationFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => /^[^.].*\.(sql|js|ts|mjs|cjs)$/.test(file))
    .map((file) => file.replace(/\.[^.]+$/, ""))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** Whether a directory holds migrations in node-pg-migrate's form, or something of another tool. */
export function isMigrationsDirectory(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const files = readdirSync(directory).filter((file) => file.endsWith(".sql"));
  return files.some((file) => /^\s*--[\s-]*up\s+migration/im.test(readFileSync(join(directory, file), "utf8")));
}

async function appliedMigrations(target: TargetReader, schema: string): Promise<Map<string, string>> {
  const table = `"${schema}"."${MIGRATIONS_TABLE}"`;
  const [exists] = await target.rows<{ found: string | null }>("select to_regclass($1)::text as found", [table]);
  if (exists?.found == null) return new Map();
  const rows = await target.rows<{ name: string; run_on: string }>(`select name, to_char(run_on, 'YYYY-MM-DD"T"HH24:MI:SS') as run_on from ${table} order by run_on, id`);
  return new Map(rows.map((row) => [row.name, row.run_on]));
}
