import { pgName, pgString, pgTable } from "../../quote.ts";
import { stateSql } from "../../target/state-schema.ts";
import type { TargetReader, TargetStatements } from "../../target/target.ts";

/** node-pg-migrate's table of applied migrations, used as it is: changeover adds no columns. */
export interface MigrationsTable {
  /** Null: where the user's tables are, see {@link locateMigrationsTable}. */
  readonly schema: string | null;
  readonly name: string;
}

export interface LocatedTable extends MigrationsTable {
  readonly schema: string;
}

export const MIGRATIONS_TABLE: MigrationsTable = { schema: null, name: "pgmigrations" };

/**
 * Where the migrations table is, or is to be made: in the schema that the target names. Otherwise where it is already,
 * or in `public` as node-pg-migrate has it, or in the schema of the user's tables where the role may not use `public`.
 */
export async function locateMigrationsTable(target: TargetReader, table: MigrationsTable): Promise<LocatedTable> {
  const schema = table.schema ?? target.schema ?? LOCATED.get(target);
  if (schema !== undefined) return { ...table, schema };
  const [row] = await target.rows<{ schema: string }>(stateSql(target, "target/migrations-schema"), [table.name]);
  const found = row?.schema ?? "public";
  LOCATED.set(target, found);
  return { ...table, schema: found };
}

/** It stays where it is while a connection is open. */
const LOCATED = new WeakMap<TargetReader, string>();

/** The table by what was given of its name. */
export function migrationsTableNamed(given: {
  readonly schema: string | undefined;
  readonly name: string | undefined;
}): MigrationsTable {
  const { schema = MIGRATIONS_TABLE.schema, name = MIGRATIONS_TABLE.name } = given;
  return schema === MIGRATIONS_TABLE.schema && name === MIGRATIONS_TABLE.name ? MIGRATIONS_TABLE : { schema, name };
}

export interface AppliedMigration {
  readonly name: string;
  /** Id and time of the row, which distinguish this application from an earlier one of the same file. */
  readonly id: string;
  readonly runOn: string;
}

/** Applied migrations in order of application. Creates nothing. */
export async function appliedMigrations(target: TargetReader, table: MigrationsTable): Promise<AppliedMigration[]> {
  const migrationsTable = await locateMigrationsTable(target, table);
  const [exists] = await target.rows<{ found: boolean }>("select to_regclass($1) is not null as found", [
    pgTable(migrationsTable),
  ]);
  if (exists?.found !== true) return [];
  // `id` must be qualified: a bare one in ORDER BY would be the output column, a text, by which 10 comes before 2.
  return target.rows<AppliedMigration>(
    `select ${rowOf("l")} from ${pgTable(migrationsTable)} as l order by l.run_on, l.id`,
  );
}

/** The columns to read of a row. */
function rowOf(alias: string): string {
  return `${alias}.name, ${alias}.id::text as id, to_char(${alias}.run_on, 'YYYY-MM-DD"T"HH24:MI:SS.US') as "runOn"`;
}

/**
 * SQL for run_on of the next row, never before an existing one. node-pg-migrate orders by local time, which goes back
 * by an hour in autumn and differs between roles with their own time zones.
 */
function nextRunOn(migrationsTable: LocatedTable): string {
  return `greatest(now()::timestamp, (select max(run_on) from ${pgTable(migrationsTable)}))`;
}

/** Creates the table as node-pg-migrate would. */
export async function ensureMigrationsTable(tx: TargetStatements, table: MigrationsTable): Promise<void> {
  const migrationsTable = await locateMigrationsTable(tx, table);
  const [there] = await tx.rows<{ schema: boolean; migrationsTable: boolean }>(
    'select to_regnamespace($1) is not null as schema, to_regclass($2) is not null as "migrationsTable"',
    [pgName(migrationsTable.schema), pgTable(migrationsTable)],
  );
  if (there?.schema !== true) await tx.run(`create schema ${pgName(migrationsTable.schema)}`);
  if (there?.migrationsTable !== true)
    await tx.run(
      `create table ${pgTable(migrationsTable)} (id serial primary key, name varchar(255) not null, run_on ` +
        "timestamp not null)",
    );
}

export async function insertApplied(tx: TargetReader, table: MigrationsTable, name: string): Promise<AppliedMigration> {
  const migrationsTable = await locateMigrationsTable(tx, table);
  const [row] = await tx.rows<AppliedMigration>(
    `insert into ${pgTable(migrationsTable)} as l (name, run_on) values ($1, ${nextRunOn(migrationsTable)}) ` +
      `returning ${rowOf("l")}`,
    [name],
  );
  if (row === undefined) throw new RangeError("an INSERT returned nothing");
  return row;
}

export async function deleteApplied(tx: TargetReader, table: MigrationsTable, name: string): Promise<void> {
  const migrationsTable = await locateMigrationsTable(tx, table);
  await tx.rows(`delete from ${pgTable(migrationsTable)} where name = $1`, [name]);
}

/** The same as SQL text, for a rollback file that psql runs. */
export function renderAppliedChange(migrationsTable: LocatedTable, name: string, direction: "up" | "down"): string {
  return direction === "up"
    ? `insert into ${pgTable(migrationsTable)} (name, run_on) values (${pgString(name)}, ` +
        `${nextRunOn(migrationsTable)});`
    : `delete from ${pgTable(migrationsTable)} where name = ${pgString(name)};`;
}
