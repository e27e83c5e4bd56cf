import Database from "libsql";
import type postgres from "postgres";
import { quoted } from "./peers.ts";

const TABLES_AT_ONCE = 100;

/**
 * Whether both sides hold the same, by a way of its own: rows and values that are not NULL, sums of integers, lengths
 * of texts and blobs. Returns the number of rows, and throws with the tables that differ.
 */
export async function compareTotals(source: string, sql: postgres.Sql): Promise<number> {
  const types = await columnTypes(sql);
  const database = new Database(source, { readonly: true });
  try {
    const tables = (
      database
        .prepare(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '_changeover_*' AND name NOT " +
            "GLOB 'sqlite_*'",
        )
        .all() as { name: string }[]
    ).map(({ name }) => name);
    let rows = 0;
    const differing: string[] = [];
    for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
      const some = tables.slice(from, from + TABLES_AT_ONCE);
      const target = await targetTotals(sql, some, types);
      for (const table of some) {
        const expressions = totals(types.get(table) ?? new Map(), { length: "length", bytes: "length", text: "TEXT" });
        const found = database
          .prepare(`SELECT count(*) AS rows, ${expressions} AS totals FROM ${quoted(table)}`)
          .get() as {
          rows: number;
          totals: string;
        };
        rows += Number(found.rows);
        if (target.get(table) !== `${found.rows}|${found.totals}`) differing.push(table);
      }
    }
    if (differing.length > 0)
      throw new Error(`wrong result: ${differing.slice(0, 5).join(", ")} differ from the source`);
    return rows;
  } finally {
    database.close();
  }
}

type Columns = ReadonlyMap<string, string>;

async function columnTypes(sql: postgres.Sql): Promise<Map<string, Map<string, string>>> {
  const found = await sql<{ table: string; column: string; type: string }[]>`
    select table_name as table, column_name as column, data_type as type from information_schema.columns
    where table_schema = 'public' order by table_name, ordinal_position`;
  const types = new Map<string, Map<string, string>>();
  for (const { column, table, type } of found) types.set(table, (types.get(table) ?? new Map()).set(column, type));
  return types;
}

async function targetTotals(
  sql: postgres.Sql,
  tables: readonly string[],
  types: ReadonlyMap<string, Columns>,
): Promise<Map<string, string>> {
  const dialect = { length: "char_length", bytes: "octet_length", text: "text" };
  const rows = await sql.unsafe<{ name: string; totals: string }[]>(
    tables
      .map(
        (table) =>
          `select '${table}' as name, count(*) || '|' || ${totals(types.get(table) ?? new Map(), dialect)} as ` +
          `totals from ${quoted(table)}`,
      )
      .join(" union all "),
  );
  return new Map(rows.map(({ name, totals: text }) => [name, text]));
}

/** The totals of all columns as one text, in SQL of either side. */
function totals(columns: Columns, { length, bytes, text }: { length: string; bytes: string; text: string }): string {
  const parts = [...columns].map(([column, type]) => {
    const name = quoted(column);
    const sum = (value: string) => `CAST(coalesce(sum(${value}), 0) AS ${text})`;
    const count = `CAST(count(${name}) AS ${text})`;
    if (["integer", "bigint", "smallint"].includes(type)) return `${count} || ' ' || ${sum(name)}`;
    if (type === "text") return `${count} || ' ' || ${sum(`${length}(${name})`)}`;
    return type === "bytea" ? `${count} || ' ' || ${sum(`${bytes}(${name})`)}` : count;
  });
  return parts.length === 0 ? "''" : parts.join(" || ',' || ");
}
