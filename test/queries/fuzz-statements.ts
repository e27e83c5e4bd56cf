import Database from "libsql";
import type { QueryVerdict } from "../../src/index.ts";
import { fingerprintOf } from "../../src/queries/fingerprint.ts";
import type { Ended } from "../support/source.ts";
import { query } from "../support/target.ts";
import { Random } from "../translation-fuzz/random.ts";
import { type RandomStatement, randomRows, randomStatement } from "./random-statement.ts";
import { shopInSync } from "./shop.ts";

export interface StatementsFuzz {
  readonly faults: readonly string[];
  readonly verdicts: Readonly<Record<string, number>>;
  /** Results that the oracle has compared by itself. */
  readonly checked: number;
}

/** PostgreSQL refuses a value or a row aloud: no result is wrong. */
const ALOUD = /(\((22P02|22003|22007|22008|23\w{3}|21000)\)|of jsonpath input \(42601\))$/;

/** Random statements over random rows; the verdicts are held against an oracle of its own. */
export async function fuzzStatements(ended: Ended, seed: number, count: number): Promise<StatementsFuzz> {
  const random = new Random(seed);
  const { migration, path, url } = await shopInSync(ended, randomRows(random));
  const given = Array.from({ length: count }, () => randomStatement(random));
  const byDigest = new Map<string, RandomStatement>();
  for (const statement of given) {
    const { digest } = fingerprintOf(statement.sql);
    if (!byDigest.has(digest)) byDigest.set(digest, statement);
  }
  const { statements, totals } = await migration.queries([...byDigest.values()]);
  const faults: string[] = [];
  let checked = 0;
  const database = new Database(path);
  database.defaultSafeIntegers(true);
  for (const verdict of statements) {
    const statement = byDigest.get(verdict.fingerprint);
    if (statement === undefined) continue;
    const label = `seed ${seed}: ${statement.sql} ${String(statement.parameters)}`;
    const reason = verdict.reason ?? "";
    if (/^its translation/.test(reason) && !ALOUD.test(reason)) faults.push(`${label}: ${reason}`);
    if (!statement.sql.startsWith("SELECT")) continue;
    const sql = textOf(verdict, statement);
    if (sql === null) continue;
    checked += 1;
    const one = rowsOfSqlite(database, statement);
    // A value may be worked out beforehand, though no row asks for it: the oracle's own form of the query fails aloud.
    const other = await rowsOfPostgres(url, sql, statement).catch((error: unknown) => String(error));
    if (one === "" && /refused a statement/.test(other)) continue;
    // Of rows that ORDER BY does not tell apart LIMIT may take any.
    const isOpen = verdict.risks.includes("ROW_ORDER") && one.split("\n").length === other.split("\n").length;
    if (one !== other && !isOpen) faults.push(`${label}: ${verdict.verdict}\n${sql}\n${one}\n${other}`);
  }
  database.close();
  return { faults, verdicts: totals, checked };
}

/** The text that is said to give SQLite's result. */
function textOf({ rewrite, verdict }: QueryVerdict, { sql }: RandomStatement): string | null {
  if (verdict === "same") return sql.replaceAll("?", "$");
  return verdict === "rewritten" ? (rewrite?.sql ?? null) : null;
}

/** The oracle's own form: rows as JSON, put into order; numbers by value. */
function rowsOfSqlite(database: Database.Database, { parameters, sql }: RandomStatement): string {
  const rows = database
    .prepare(sql)
    .raw(true)
    .all([...parameters]) as unknown[][];
  return normal(rows);
}

async function rowsOfPostgres(url: string, sql: string, { parameters }: RandomStatement): Promise<string> {
  const literal = (value: unknown) => (value === null ? "null" : `'${String(value).replaceAll("'", "''")}'`);
  const text = sql.replace(/\$(\d+)/g, (_, number) => literal(parameters[Number(number) - 1] ?? null));
  // Names of their own: two columns may have one.
  const [shape] = await query<{ n: number }>(
    url,
    `select (select count(*)::int from json_object_keys(row_to_json(q))) as n from (${text}) as q limit 1`,
  );
  if (shape === undefined) return "";
  const names = Array.from({ length: shape.n }, (_, index) => `c${index + 1}`);
  const rows = await query<{ j: string }>(
    url,
    `select json_build_array(${names.join(", ")})::text as j from (${text}) as q(${names.join(", ")})`,
  );
  return normal(rows.map(({ j }) => JSON.parse(j) as unknown[]));
}

function normal(rows: readonly (readonly unknown[])[]): string {
  const shown = rows.map((row) => JSON.stringify(row.map(form)));
  return shown.sort().join("\n");
}

function form(value: unknown): unknown {
  if (typeof value === "boolean") return value ? "n1" : "n0";
  if (typeof value === "bigint" || typeof value === "number") return `n${Number(value)}`;
  if (typeof value === "string" && /^[[{]/.test(value)) return jsonForm(JSON.parse(value));
  if (typeof value === "object" && value !== null && !(value instanceof Uint8Array)) return jsonForm(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return value;
}

/** JSON whatever the order of its members. */
function jsonForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonForm);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, part]) => [name, jsonForm(part)]),
  );
}
