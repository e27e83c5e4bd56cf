import postgres from "postgres";
import { quoted } from "./sqlite-side.ts";

export type PostgresDatabase = ReturnType<typeof postgres>;

/** A connection of our own, which shows values in the one form that the oracle reads. */
export function openPostgres(url: string): PostgresDatabase {
  return postgres(url, {
    max: 1,
    onnotice: () => {},
    types: { asWritten: { to: 25, from: PARSED, parse: (text: string) => text, serialize: String } },
    connection: {
      TimeZone: "UTC",
      DateStyle: "ISO, YMD",
      bytea_output: "hex",
      extra_float_digits: "1",
      search_path: "public",
    },
  });
}

/** Types that the library would make objects or numbers of: boolean, bytea, numbers, JSON, dates. */
const PARSED = [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1114, 1184, 3802];

/** Takes away what the case before has left there. */
export async function emptied(url: string): Promise<string> {
  const database = openPostgres(url);
  await database.unsafe("drop schema if exists changeover cascade; drop schema public cascade; create schema public");
  await database.end();
  return url;
}

export interface TargetContents {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export async function targetTables(database: PostgresDatabase): Promise<string[]> {
  const rows = await database<
    { name: string }[]
  >`select relname as name from pg_class where relnamespace = 'public'::regnamespace
    and relkind in ('r', 'p') order by 1`;
  return rows.map(({ name }) => name);
}

/** All rows of a table as text. */
export async function readTarget(database: PostgresDatabase, table: string): Promise<TargetContents> {
  const columns = await database<{ name: string; type: string }[]>`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a join pg_class c
      on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relname = ${table} and a.attnum > 0 and not a.attisdropped
      order by a.attnum`;
  const rows: (string | null)[][] = [];
  // In slices, since a result has 1,664 columns at most; ctid keeps them together.
  for (let start = 0; start < Math.max(1, columns.length); start += 1000) {
    const slice = columns.slice(start, start + 1000).map(({ name }) => `${quoted(name)}::text`);
    const part = await askTarget(database, `select ${slice.join(", ")} from public.${quoted(table)} order by ctid`);
    for (const [position, values] of part.entries()) rows[position] = [...(rows[position] ?? []), ...values];
  }
  return { columns, rows };
}

/** Rows of a query, by position. */
export async function askTarget(database: PostgresDatabase, query: string): Promise<(string | null)[][]> {
  const rows = await database.unsafe(query).values();
  return rows.map((row) => (row as unknown[]).map((value) => (value === null ? null : String(value))));
}

export interface LedgerEntry {
  readonly table: string;
  readonly what: "row" | "value";
  readonly columns: readonly string[];
  readonly key: readonly LedgerValue[];
  readonly row: Readonly<Record<string, LedgerValue>>;
}

export type LedgerValue =
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: string }
  | { readonly type: "real"; readonly value: number | string }
  | { readonly type: "text" | "blob"; readonly hex: string };

export async function readLedger(database: PostgresDatabase): Promise<LedgerEntry[]> {
  const [found] = await database<
    { found: string | null }[]
  >`select to_regclass('changeover.quarantine')::text as found`;
  if (found?.found == null) return [];
  const rows = await database<
    { table: string; what: "row" | "value"; columns: string | null; key: string; row: string }[]
  >`select table_name as table, what, column_name as columns, key::text, row::text
    from changeover.quarantine order by id`;
  return rows.map(({ table, what, columns, key, row }) => ({
    table,
    what,
    columns: columns?.split(", ") ?? [],
    key: JSON.parse(key) as LedgerValue[],
    row: JSON.parse(row) as Record<string, LedgerValue>,
  }));
}
