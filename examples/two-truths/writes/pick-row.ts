import type { Row, Transaction } from "@libsql/client";
import type { Random } from "../random.ts";

/** Some row of a table with a numeric id, found through the key: no scan however large the table. */
export async function pickByNumber(
  tx: Transaction,
  random: Random,
  table: "users" | "challenges",
  columns: string,
): Promise<Row | null> {
  const sql = `SELECT ${columns} FROM ${table} WHERE id > CAST(? * (SELECT max(id) FROM ${table}) AS INTEGER) ORDER BY id LIMIT 1`;
  return (await tx.execute({ sql, args: [random.next()] })).rows[0] ?? null;
}

export async function pickSession(tx: Transaction, random: Random): Promise<Row | null> {
  const sql = "SELECT id, user_id, ip_address FROM game_sessions WHERE id >= ? ORDER BY id LIMIT 1";
  return (await tx.execute({ sql, args: [random.uuid()] })).rows[0] ?? null;
}

/** Two different users. */
export async function pickTwoUsers(tx: Transaction, random: Random, columns: string): Promise<[Row, Row] | null> {
  const first = await pickByNumber(tx, random, "users", columns);
  const second = await pickByNumber(tx, random, "users", columns);
  return first === null || second === null || first["id"] === second["id"] ? null : [first, second];
}

/** The only row of a statement that RETURNs one. */
export async function one(tx: Transaction, sql: string, args: (string | number | null)[]): Promise<Row> {
  const row = (await tx.execute({ sql, args })).rows[0];
  if (row === undefined) throw new Error(`no row from: ${sql}`);
  return row;
}
