import { pgName, pgString, pgTable } from "../../quote.ts";
import { stateSql } from "../../target/state-schema.ts";
import type { TargetReader } from "../../target/target.ts";

/**
 * The objects of the target that can hold data. Tables and columns are identified by their numbers, so that a rename is
 * not a loss.
 */
export interface Holdings {
  readonly tables: readonly HeldTable[];
  readonly sequences: readonly HeldSequence[];
}

export interface HeldTable {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
  /** Id of the partitioned table. */
  readonly partitionOf: string | null;
  readonly readable: boolean;
  readonly lockable: boolean;
  readonly columns: readonly HeldColumn[];
  /** Sets of column numbers that identify rows. */
  readonly keys: readonly (readonly number[])[];
}

export interface HeldColumn {
  readonly number: number;
  readonly name: string;
  readonly type: string;
  readonly generated: boolean;
}

export interface HeldSequence {
  readonly id: string;
  readonly schema: string;
  readonly name: string;
  readonly tableSchema: string | null;
  readonly tableName: string | null;
  readonly columnName: string | null;
}

export async function readHoldings(
  target: TargetReader,
  migrationsTable: { readonly schema: string; readonly name: string },
): Promise<Holdings> {
  const tables = await target.rows<
    Omit<HeldTable, "columns" | "keys"> & { readonly columns: string; readonly keys: string }
  >(stateSql(target, "target/holdings"), [migrationsTable.schema, migrationsTable.name]);
  return {
    tables: tables.map((table) => ({
      ...table,
      columns: JSON.parse(table.columns) as HeldColumn[],
      keys: JSON.parse(table.keys) as number[][],
    })),
    sequences: await target.rows<HeldSequence>(stateSql(target, "target/sequences")),
  };
}

/** Ids of the tables that hold rows. */
export async function filledTables(target: TargetReader, tables: readonly HeldTable[]): Promise<ReadonlySet<string>> {
  if (tables.length === 0) return new Set();
  const rows = await target.rows<{ id: string }>(renderFilled(tables));
  return new Set(rows.map(({ id }) => id));
}

export function renderFilled(tables: readonly HeldTable[]): string {
  return tables
    .map((table) => `select ${pgString(table.id)} as id where exists (select from ${rowsOf(table)})`)
    .join("\nunion all\n");
}

/** Numbers of the columns that are not NULL in every row. */
export async function filledColumns(
  target: TargetReader,
  table: HeldTable,
  columns: readonly HeldColumn[],
): Promise<ReadonlySet<number>> {
  const rows = await target.rows<{ number: number }>(
    columns
      .map(
        ({ name, number }) =>
          `select ${number} as number where exists (select from ${rowsOf(table)} where ${pgName(name)} is not null)`,
      )
      .join("\nunion all\n"),
  );
  return new Set(rows.map(({ number }) => number));
}

/**
 * SQL for the rows of a table: those of its partitions, too, but not of tables that inherit from it, which are
 * separate.
 */
export function rowsOf(table: {
  readonly schema: string;
  readonly name: string;
  readonly partitioned: boolean;
}): string {
  return `${table.partitioned ? "" : "only "}${pgTable(table)}`;
}
