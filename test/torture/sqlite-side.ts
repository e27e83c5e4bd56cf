import Database from "libsql";
import type { Raw } from "./equal.ts";

export type SqliteDatabase = InstanceType<typeof Database>;

export interface SourceContents {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Raw[])[];
}

/** The database of a case, and a connection that stands for the application. */
export function makeDatabase(path: string, sql: string): SqliteDatabase {
  const database = new Database(path);
  database.defaultSafeIntegers(true);
  // As SQLite comes; this library has it on. No case survives a power cut, so none waits for the disk.
  database.exec("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF");
  database.exec(sql);
  return database;
}

/** Names of the tables that hold rows of the application's: neither virtual ones nor what serves them. */
export function sourceTables(database: SqliteDatabase): string[] {
  const rows = asked(
    database,
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' " +
      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_changeover\\_%' ESCAPE '\\'",
  );
  return rows.map(([name]) => String(name)).sort();
}

function sourceColumns(database: SqliteDatabase, table: string): string[] {
  return asked(database, `SELECT name FROM pragma_table_xinfo(${literal(table)}) WHERE hidden <> 1`).map(([name]) =>
    String(name),
  );
}

/**
 * The rows of a table, read raw. `shape` gives SQL for columns that a rule of the case shapes; null leaves a column
 * out.
 */
export function readSource(
  database: SqliteDatabase,
  table: string,
  shape: (column: string) => string | null,
): SourceContents {
  const columns = sourceColumns(database, table).filter((column) => shape(column) !== null);
  const [[encoding] = []] = asked(database, "PRAGMA encoding");
  const rows: Raw[][] = [];
  // In slices, since a result has 2,000 columns at most.
  for (let start = 0; start < columns.length; start += 400) {
    const slice = columns.slice(start, start + 400).map((column) => shape(column) ?? "NULL");
    const expressions = slice.flatMap((value) => [
      `typeof(${value})`,
      `CASE WHEN typeof(${value}) IN ('text', 'blob') THEN CAST(${value} AS BLOB) ELSE ${value} END`,
    ]);
    for (const [position, row] of asked(database, `SELECT ${expressions.join(", ")} FROM ${quoted(table)}`).entries()) {
      const values = slice.map((_, index) => rawOf(String(row[2 * index]), row[2 * index + 1], String(encoding)));
      rows[position] = [...(rows[position] ?? []), ...values];
    }
  }
  return { table, columns, rows };
}

/** The text of all that the application made, to see that it is left alone. */
export function sourceSchema(database: SqliteDatabase): string {
  return JSON.stringify(
    asked(
      database,
      "SELECT type, CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema " +
        "WHERE tbl_name NOT LIKE '\\_changeover\\_%' ESCAPE '\\' " +
        "AND name NOT LIKE '\\_changeover\\_%' ESCAPE '\\' ORDER BY rowid",
    ).map((row) => row.map(String)),
  );
}

export function asked(database: SqliteDatabase, sql: string): unknown[][] {
  return database.prepare(sql).raw().all() as unknown[][];
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function rawOf(type: string, value: unknown, encoding: string): Raw {
  switch (type) {
    case "integer":
      return { kind: "integer", value: value as bigint };
    case "real":
      return { kind: "real", value: value as number };
    case "text":
      return { kind: "text", bytes: utf8(Buffer.from(value as Uint8Array), encoding) };
    case "blob":
      return { kind: "blob", bytes: Buffer.from(value as Uint8Array) };
    default:
      return { kind: "null" };
  }
}

function utf8(bytes: Buffer, encoding: string): Buffer {
  if (encoding === "UTF-8") return bytes;
  const little = encoding === "UTF-16le" ? bytes : Buffer.from(bytes).swap16();
  const text = little.toString("utf16le");
  // A lone surrogate has no UTF-8: its own bytes are as good as any to compare.
  return text.isWellFormed() ? Buffer.from(text, "utf8") : bytes;
}
