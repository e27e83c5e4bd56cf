import { createHash } from "node:crypto";
import Database from "libsql";
import type postgres from "postgres";

export interface Sides {
  readonly path: string;
  readonly sql: postgres.Sql;
  /** Ignore later writes of the application: the first one after a switch exists on one side only. */
  readonly upTo: number;
}

/** Compares every row of both sides, rendered identically by our own SQL. */
export async function isSame({ path, sql, upTo }: Sides): Promise<{ readonly equal: boolean; readonly rows: number }> {
  const there = createHash("sha256");
  const database = new Database(path, { readonly: true });
  let rows = 0;
  for (const row of database
    .prepare(
      "SELECT id || '|' || coalesce(writer_n, '') || '|' || account || '|' || note || '|' || substr(at, 1, 23) " +
        "FROM entries WHERE writer_n IS NULL OR writer_n <= ? ORDER BY id",
    )
    .raw()
    .iterate(upTo)) {
    there.update(`${String((row as unknown[])[0])}\n`);
    rows++;
  }
  // Each write adds 1 to its account.
  const [sum] = database
    .prepare(
      "SELECT (SELECT sum(balance * id) FROM accounts) - (SELECT coalesce(sum(account), 0) FROM entries WHERE " +
        "writer_n > ?)",
    )
    .raw()
    .all(upTo) as unknown[][];
  database.close();
  const here = createHash("sha256");
  for await (const page of sql<
    { line: string }[]
  >`select id || '|' || coalesce(writer_n::text, '') || '|' || account || '|' || note || '|' ||
    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS') as line
    from entries where writer_n is null or writer_n <= ${upTo} order by id`.cursor(5_000))
    for (const { line } of page) here.update(`${line}\n`);
  const [target] = await sql<
    { sum: string }[]
  >`select ((select sum(balance * id) from accounts) - (select coalesce(sum(account), 0) from entries
    where writer_n > ${upTo}))::text as sum`;
  return { equal: there.digest("hex") === here.digest("hex") && Number(sum?.[0]) === Number(target?.sum), rows };
}

/** Counters of the application's writes in a SQLite file: each must equal the number of acknowledged writes. */
export function written(path: string): {
  readonly rows: number;
  readonly distinct: number;
  readonly last: number;
  readonly paid: number;
} {
  const database = new Database(path, { readonly: true });
  const [[rows, distinct, last, paid] = []] = database
    .prepare(
      "SELECT count(writer_n), count(DISTINCT writer_n), coalesce(max(writer_n), 0), (SELECT sum(balance) FROM " +
        "accounts) FROM entries",
    )
    .raw()
    .all() as unknown[][];
  database.close();
  return { rows: Number(rows), distinct: Number(distinct), last: Number(last), paid: Number(paid) };
}
