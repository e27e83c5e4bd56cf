import { createHash } from "node:crypto";
import { pgName, pgTable, sqliteName } from "../../src/quote.ts";
import type { TargetReader } from "../../src/target/target.ts";
import type { FuzzColumn, FuzzSchema, FuzzTable } from "./random-schema.ts";
import type { ColumnType } from "./random-value.ts";

/**
 * What stands in a database: for each table its rows, each a text. Shares no code with the engine but the quoting of
 * names.
 */
export type Contents = readonly (readonly string[])[];

const PG_TYPES: Readonly<Record<ColumnType, string>> = {
  INTEGER: "bigint",
  INT: "bigint",
  TEXT: "text",
  "VARCHAR(9)": "text",
  REAL: "double precision",
  NUMERIC: "numeric",
  BLOB: "bytea",
  "": "numeric",
};

/**
 * CREATE TABLE statements for the target, wide enough for all values; with the keys that PostgreSQL sees as SQLite
 * does.
 */
export function targetTables(schema: FuzzSchema): string {
  return schema.tables
    .map((table) => {
      const columns = stored(table).map(
        ({ name, type, notNull }) => `${pgName(name)} ${PG_TYPES[type]}${notNull ? " not null" : ""}`,
      );
      const keys = table.plainKeys.map((key) => `unique (${key.map(pgName).join(", ")})`);
      return `create table ${pgTable({ schema: "public", name: table.name })} (${[...columns, ...keys].join(", ")})`;
    })
    .join(";\n");
}

/** One query for each table: its rows, each value as a text or NULL. */
export function sourceQueries(schema: FuzzSchema): string[] {
  return schema.tables.map(
    (table) =>
      `SELECT ${stored(table)
        .map(({ name }) => sourceValue(sqliteName(name)))
        .join(", ")} FROM ${sqliteName(table.name)}`,
  );
}

/** What those queries brought. */
export function sourceContents(
  results: readonly (readonly (readonly (string | null)[])[])[],
  schema: FuzzSchema,
): Contents {
  return results.map((rows, index) => rowsAsTexts(rows, schema.tables[index]));
}

/** Reads the target whole, in the transaction given. */
export async function targetContents(tx: TargetReader, schema: FuzzSchema): Promise<Contents> {
  const contents: (readonly string[])[] = [];
  for (const table of schema.tables) {
    const values = stored(table).map(
      ({ name, type }, index) =>
        `${type === "BLOB" ? `encode(${pgName(name)}, 'hex')` : `${pgName(name)}::text`} as c${index}`,
    );
    const rows = await tx.rows<Record<string, string | null>>(
      `select ${values.join(", ")} from ${pgTable({ schema: "public", name: table.name })}`,
    );
    contents.push(
      rowsAsTexts(
        rows.map((row) => values.map((_, index) => row[`c${index}`] ?? null)),
        table,
      ),
    );
  }
  return contents;
}

export function digestOf(contents: Contents): string {
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex");
}

function stored(table: FuzzTable): FuzzColumn[] {
  return table.columns.filter(({ generated }) => !generated);
}

function sourceValue(name: string): string {
  return (
    `CASE typeof(${name}) WHEN 'real' THEN printf('%!.17g', ${name}) WHEN 'blob' THEN lower(hex(${name})) ` +
    `ELSE CAST(${name} AS TEXT) END`
  );
}

function rowsAsTexts(rows: readonly (readonly (string | null)[])[], table: FuzzTable | undefined): string[] {
  const types = table === undefined ? [] : stored(table).map(({ type }) => type);
  return rows.map((row) => JSON.stringify(row.map((value, index) => comparable(value, types[index] ?? "TEXT")))).sort();
}

/** Reals, and decimals as 1 and 1.0, by their value; all else by its text. */
function comparable(value: string | null, type: ColumnType): string | null {
  return value !== null && (type === "REAL" || type === "NUMERIC" || type === "") ? String(Number(value)) : value;
}

/** The rows that only one of the two has, by table; null if there are none. */
export function difference(source: Contents, target: Contents, schema: FuzzSchema): string | null {
  const wrong = schema.tables.flatMap(({ name }, index) => {
    const [here = [], there = []] = [source[index], target[index]];
    if (JSON.stringify(here) === JSON.stringify(there)) return [];
    return [
      `${name}: only in the source ${here.filter((row) => !there.includes(row)).join(" ")}; ` +
        `only in the target ${there.filter((row) => !here.includes(row)).join(" ")}`,
    ];
  });
  return wrong.length === 0 ? null : wrong.join("\n");
}
