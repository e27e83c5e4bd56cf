import { installCapture } from "../../src/capture/install.ts";
import type { CapturedTable } from "../../src/capture/render-triggers.ts";
import { SourceError } from "../../src/errors.ts";
import { readSchema } from "../../src/inspect/read-schema.ts";
import { logKeyColumn } from "../../src/model/change-log.ts";
import type { Affinity, SourceTable } from "../../src/model/source-schema.ts";
import { chooseIdentity } from "../../src/plan/propose/choose-identity.ts";
import { sqliteName } from "../../src/quote.ts";
import { memoryDatabase, memorySource, preparedRows, rowsOf, type SqliteDatabase } from "./memory-source.ts";
import { nullProfile } from "./null-profile.ts";

export interface Trial {
  /**
   * With recursive_triggers on, any DELETE trigger makes SQLite refuse some UPDATE OR REPLACE that it would else carry
   * out. So the results are compared with those of a database without capture only where it is off.
   */
  readonly recursive: boolean;
  readonly ddl: readonly string[];
  /** Run before capture is installed. */
  readonly before: readonly string[];
  readonly statements: readonly string[];
}

/** Runs a trial on two databases, one with capture; says what is wrong, or null. */
export async function captureTrial(trial: Trial): Promise<string | null> {
  const wrong = await runTrial(trial, false);
  // Any trigger can change in which order an UPDATE visits rows, and with it which of them a REPLACE leaves. One
  // that could abort makes SQLite take back a statement that fails with "datatype mismatch" inside a transaction;
  // without any, SQLite 3.45 leaves the rows that were written until then.
  return wrong === null || wrong.kind === "missed"
    ? (wrong?.text ?? null)
    : ((await runTrial(trial, true))?.text ?? null);
}

interface Wrong {
  /** A change was not logged; or the application sees something else than without capture. */
  readonly kind: "missed" | "seen";
  readonly text: string;
}

async function runTrial(trial: Trial, inert: boolean): Promise<Wrong | null> {
  const captured = memoryDatabase();
  const plain = memoryDatabase();
  try {
    for (const database of [captured, plain]) {
      database.exec("CREATE TEMP TABLE level(x INTEGER PRIMARY KEY)");
      if (trial.recursive) run(database, "PRAGMA recursive_triggers = ON");
      for (const sql of trial.ddl) run(database, sql);
      for (const sql of trial.before) run(database, sql);
      if (database.inTransaction) run(database, "ROLLBACK");
    }
    const original = schemaText(captured);
    const source = memorySource(captured);
    const tables = await capturedTables(captured);
    await installCapture(source, { run: "fuzz", target: "", tables });
    // Capture was installed over the application's own connection here: both forget what it left in changes().
    for (const database of [captured, plain]) run(database, "INSERT OR REPLACE INTO temp.level VALUES(1)");
    if (schemaText(captured) !== original)
      return { kind: "seen", text: "capture changed what is the application's of the schema" };
    if (inert) for (const { table } of tables) for (const sql of inertTriggers(table)) plain.exec(sql);
    return await compare(captured, trial.recursive ? null : plain, tables, trial.statements);
  } finally {
    captured.close();
    plain.close();
  }
}

async function capturedTables(database: SqliteDatabase): Promise<CapturedTable[]> {
  const schema = await memorySource(database).read(readSchema);
  return schema.tables.flatMap((table, index) => {
    try {
      const profile = nullProfile(table, (sql) => rowsOf(database, sql)[0] ?? []);
      return [{ id: index + 1, table, identity: chooseIdentity(table, profile) }];
    } catch (error) {
      if (error instanceof SourceError && error.code === "NO_ROW_IDENTITY") return [];
      throw error;
    }
  });
}

async function compare(
  captured: SqliteDatabase,
  plain: SqliteDatabase | null,
  tables: readonly CapturedTable[],
  statements: readonly string[],
): Promise<Wrong | null> {
  const queries = tables.map((table) => ({
    table,
    rows: preparedRows(captured, contentQuery(table)),
    usual: plain === null ? null : preparedRows(plain, contentQuery(table)),
    logged: preparedRows(captured, loggedQuery(table)),
  }));
  const lastSeq = preparedRows(captured, "SELECT coalesce(max(seq), 0) FROM _changeover_log");
  const content = () => queries.map(({ rows }) => keyed(rows() as [string, string][]));
  let before = content();
  let watermark = lastSeq()[0]?.[0] as bigint;
  for (const [index, sql] of statements.entries()) {
    const place = `statement ${index}: ${sql}`;
    const result = JSON.stringify(run(captured, sql));
    const usual = plain === null ? result : JSON.stringify(run(plain, sql));
    if (result !== usual) return { kind: "seen", text: `${place}: with capture ${result}, without ${usual}` };
    if (captured.inTransaction) continue;
    const after = content();
    for (const [position, { table, usual: others, logged }] of queries.entries()) {
      const keys = new Set(logged(watermark).map(([key]) => key));
      const missed = changedKeys(before[position] ?? new Map(), after[position] ?? new Map()).find(
        (key) => !keys.has(key),
      );
      if (missed !== undefined)
        return {
          kind: "missed",
          text:
            `${place}: missed key ${missed} of ${table.table.name} (identity ` +
            `${JSON.stringify(table.identity)}), logged ${[...keys].join(" ")}`,
        };
      if (
        others !== null &&
        changedKeys(after[position] ?? new Map(), keyed(others() as [string, string][])).length > 0
      )
        return { kind: "seen", text: `${place}: table ${table.table.name} is another with capture than without` };
    }
    before = after;
    watermark = lastSeq()[0]?.[0] as bigint;
  }
  return null;
}

/** Triggers that do nothing. */
function inertTriggers(table: SourceTable): string[] {
  const columns = (row: string) => table.columns.map(({ name }) => `${row}.${sqliteName(name)}`).join(", ");
  const events = { INSERT: [columns("NEW")], UPDATE: [columns("OLD"), columns("NEW")], DELETE: [columns("OLD")] };
  return Object.entries(events).flatMap(([event, rows]) =>
    ["BEFORE", "AFTER"].map(
      (time) =>
        `CREATE TRIGGER ${sqliteName(`inert ${time} ${event} ${table.name}`)} ${time} ${event} ON ` +
        `${sqliteName(table.name)} BEGIN SELECT RAISE(ABORT, 'never') WHERE 0; SELECT ${rows.join(", ")}; END`,
    ),
  );
}

/** What the application sees of a statement: its rows, its error, changes() and last_insert_rowid(). */
function run(database: SqliteDatabase, sql: string): unknown {
  try {
    const rows = rowsOf(database, sql).map((row) => row.map(String));
    return [rows, ...(rowsOf(database, "SELECT changes(), last_insert_rowid()")[0] ?? []).map(String)];
  } catch (error) {
    // An INSERT that breaks an immediate foreign key counts for last_insert_rowid() on a table with triggers, and not
    // without.
    database.exec("INSERT OR REPLACE INTO temp.level VALUES(1)");
    return error instanceof Error ? error.message : String(error);
  }
}

function schemaText(database: SqliteDatabase): string {
  return JSON.stringify(
    rowsOf(
      database,
      "SELECT type, name, tbl_name, sql FROM sqlite_schema " +
        "WHERE name NOT LIKE '\\_changeover\\_%' ESCAPE '\\' ORDER BY rowid",
    ),
  );
}

/** Rows by key: repeatedly NULL keys are one key with all their rows. */
function keyed(rows: readonly (readonly [string, string])[]): Map<string, string> {
  const map = new Map<string, string[]>();
  for (const [key, row] of rows) map.set(key, [...(map.get(key) ?? []), row]);
  return new Map([...map].map(([key, all]) => [key, all.sort().join("\n")]));
}

function changedKeys(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key));
}

function contentQuery({ table, identity }: CapturedTable): string {
  const columns = identity.kind === "rowid" ? [identity.rowidName] : identity.columns;
  const key = columns.map((name) =>
    canonical(
      sqliteName(name),
      identity.kind === "rowid"
        ? "integer"
        : (table.columns.find((column) => column.name === name)?.affinity ?? "blob"),
    ),
  );
  return (
    `SELECT ${key.join(" || ' ' || ")}, ` +
    `${[...table.columns.map(({ name }) => raw(sqliteName(name)))].join(" || ' ' || ")} ` +
    `FROM ${sqliteName(table.name)}`
  );
}

function loggedQuery({ id, table, identity }: CapturedTable): string {
  const affinities =
    identity.kind === "rowid"
      ? (["integer"] as const)
      : identity.columns.map((name) => table.columns.find((column) => column.name === name)?.affinity ?? "blob");
  return (
    "SELECT DISTINCT " +
    `${affinities.map((affinity, position) => canonical(logKeyColumn(position), affinity)).join(" || ' ' || ")} ` +
    `FROM _changeover_log WHERE seq > ? AND tbl = ${id}`
  );
}

function raw(value: string): string {
  return (
    `typeof(${value}) || ':' || CASE typeof(${value}) WHEN 'null' THEN '' WHEN 'real' ` +
    `THEN printf('%!.17g', ${value}) WHEN 'integer' THEN CAST(${value} AS TEXT) ELSE hex(${value}) END`
  );
}

/** A key as the replay's join compares it: the log's columns have no affinity, the table's may have. */
function canonical(value: string, affinity: Affinity): string {
  if (affinity === "blob") return raw(value);
  if (affinity === "text")
    return (
      `CASE WHEN typeof(${value}) IN ('integer', 'real') THEN ${raw(`CAST(${value} AS TEXT)`)} ` +
      `ELSE ${raw(value)} END`
    );
  return (
    `CASE WHEN typeof(${value}) = 'real' AND ${value} = CAST(${value} AS INTEGER) ` +
    `THEN ${raw(`CAST(${value} AS INTEGER)`)} ELSE ${raw(value)} END`
  );
}
