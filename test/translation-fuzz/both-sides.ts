import Database from "libsql";
import { profileTable } from "../../src/inspect/profile-table.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import type { TableProfile } from "../../src/model/profile.ts";
import type { CollationChoice } from "../../src/model/text-order.ts";
import { planTables } from "../../src/plan/propose/plan-tables.ts";
import { canKeepTexts, type TablePlan } from "../../src/plan/propose/table-plan.ts";
import { openSource, type Source } from "../../src/source/source.ts";
import type { TargetSession } from "../../src/target/target.ts";

/** A value of SQLite as the driver hands it over. */
export type SqliteValue = null | bigint | number | string | Uint8Array;

/** The same rows in both databases: a file of SQLite, and tables of PostgreSQL as they are planned for them. */
export interface BothSides {
  readonly plans: readonly TablePlan[];
  /** Rows as SQLite gives them; a text in place of rows where it fails. */
  inSqlite(sql: string): SqliteValue[][] | string;
  inPostgres(sql: string): Promise<(string | null)[][] | string>;
  close(): void;
}

export interface SidesOptions {
  readonly path: string;
  readonly sql: string;
  readonly session: TargetSession;
  readonly types: "plain" | "enhanced";
  /** `database`: texts are in the order of a language. */
  readonly collationChoice: CollationChoice;
}

export async function bothSides({ path, sql, session, types, collationChoice }: SidesOptions): Promise<BothSides> {
  const database = new Database(path);
  database.defaultSafeIntegers(true);
  database.exec("PRAGMA synchronous = OFF");
  database.exec(sql);
  const source = openSource({ url: path });
  try {
    const planned = await planOf(source, types, collationChoice);
    // What a type does not hold blocks until a rule sets it aside: here NULL is in its place.
    const emptied = planned.flatMap((plan) =>
      plan.columns
        .filter(
          ({ profile, type }) => profile.texts + profile.blobs > 0 && /^(bigint|double|numeric|boolean)/.test(type),
        )
        .map(({ name }) => `UPDATE ${plan.name} SET ${name} = NULL WHERE typeof(${name}) IN ('text', 'blob');`),
    );
    database.exec(emptied.join(""));
    const plans = emptied.length === 0 ? planned : await planOf(source, types, collationChoice);
    // Numbers that come later to columns of texts, which the profile did not see.
    const later = plans.flatMap((plan) =>
      plan.columns
        .filter((column) => column.type === "text" && column.source.affinity !== "text" && !canKeepTexts(column))
        .filter(({ source: { affinity } }) => affinity !== "blob")
        .map(({ name }) => `UPDATE ${plan.name} SET ${name} = 42 WHERE id % 5 = 1;`),
    );
    database.exec(later.join(""));
    const inSqlite = (query: string): SqliteValue[][] | string => {
      try {
        return database.prepare(query).raw(true).all() as SqliteValue[][];
      } catch (error) {
        return String(error);
      }
    };
    await session.run(plans.map((plan) => `drop table if exists ${plan.name} cascade;`).join(" "));
    for (const plan of plans) await fill(session, plan, inSqlite);
    return {
      plans,
      inSqlite,
      inPostgres: (query) =>
        session.rows<{ r: (string | null)[] }>(query).then(
          (rows) => rows.map(({ r }) => r),
          (error: Error) => error.message,
        ),
      close: () => database.close(),
    };
  } finally {
    await source.close();
  }
}

async function planOf(
  source: Source,
  types: "plain" | "enhanced",
  collationChoice: CollationChoice,
): Promise<TablePlan[]> {
  const schema = await source.read(readSchema);
  const profiles: TableProfile[] = [];
  for (const table of schema.tables) profiles.push(await profileTable(source, table));
  return planTables(schema, profiles, new Map(), { types, rules: {}, names: "keep", collationChoice });
}

async function fill(
  session: TargetSession,
  plan: TablePlan,
  inSqlite: (query: string) => SqliteValue[][] | string,
): Promise<void> {
  const columns = plan.columns.map(
    ({ name, type, collation }) => `${name} ${type}${type === "text" ? ` collate "${collation ?? "und-x-icu"}"` : ""}`,
  );
  const rows = inSqlite(`SELECT * FROM ${plan.source.name}`);
  if (typeof rows === "string") throw new Error(rows);
  const values = rows.map(
    (row) => `(${row.map((value, index) => literal(value, plan.columns[index]?.type ?? "text")).join(", ")})`,
  );
  await session.run(
    `create table ${plan.name} (${columns.join(", ")}); insert into ${plan.name} values ${values.join(", ")}`,
  );
}

function literal(value: SqliteValue, type: string): string {
  if (value === null) return "null";
  if (type === "bytea") {
    const bytes = value instanceof Uint8Array ? value : Buffer.from(textOf(value));
    return `'\\x${Buffer.from(bytes).toString("hex")}'::bytea`;
  }
  if (value instanceof Uint8Array) return quoted(Buffer.from(value).toString("hex"));
  if (type === "boolean") return Number(value) === 1 ? "true" : "false";
  if (type.startsWith("timestamp") && typeof value === "bigint") return `to_timestamp(${value}) at time zone 'UTC'`;
  return `${quoted(textOf(value))}::${type}`;
}

/** As it is written into a column of texts or bytes. */
export function textOf(value: Exclude<SqliteValue, null | Uint8Array>): string {
  return typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value);
}

function quoted(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
