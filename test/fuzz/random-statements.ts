import { sqliteName } from "../../src/quote.ts";
import type { Random } from "./random.ts";
import type { FuzzColumn, FuzzSchema, FuzzTable } from "./random-schema.ts";
import { randomValue } from "./random-value.ts";

export interface StatementOptions {
  readonly fitting: boolean;
}

/** One statement, or a transaction with savepoints that may be rolled back: SQL texts to run one after the other. */
export function randomStatements(random: Random, schema: FuzzSchema, options: StatementOptions): string[] {
  if (random.chance(0.03)) return [`PRAGMA foreign_keys = ${random.pick(["ON", "OFF"])}`];
  if (!random.chance(0.15)) return [randomStatement(random, schema, options)];
  const statements = ["BEGIN"];
  for (let count = 1 + random.int(6); count > 0; count--) {
    if (!random.chance(0.25)) statements.push(randomStatement(random, schema, options));
    else statements.push(random.pick(["SAVEPOINT s", "ROLLBACK TO s", "RELEASE s"]));
  }
  statements.push(random.chance(0.3) ? "ROLLBACK" : "COMMIT");
  // A deferred foreign key may have refused the COMMIT.
  if (statements.at(-1) === "COMMIT") statements.push("ROLLBACK");
  return statements;
}

function randomStatement(random: Random, schema: FuzzSchema, { fitting }: StatementOptions): string {
  if (schema.views.length > 0 && random.chance(0.08)) return viewStatement(random, random.pick(schema.views), fitting);
  const table = random.pick(schema.tables);
  const kind = random.pick([
    "insert",
    "insert",
    "insert",
    "insert",
    "update",
    "update",
    "update",
    "delete",
    "upsert",
  ] as const);
  const returning = random.chance(0.15) ? ` RETURNING ${sqliteName(random.pick(table.columns).name)}` : "";
  switch (kind) {
    case "insert":
      return `INSERT${or(random)} INTO ${insertion(random, table, fitting)}${returning}`;
    case "upsert":
      return (
        `INSERT${random.chance(0.2) ? or(random) : ""} INTO ${insertion(random, table, fitting)} ` +
        `${upsert(random, table, fitting)}${returning}`
      );
    case "update":
      return (
        `UPDATE${or(random)} ${sqliteName(table.name)} SET ` +
        `${settings(random, table, fitting)}${condition(random, table, fitting, 0.75)}${returning}`
      );
    case "delete":
      return `DELETE FROM ${sqliteName(table.name)}${condition(random, table, fitting, 0.93)}${returning}`;
  }
}

function or(random: Random): string {
  return random.chance(0.6)
    ? ` OR ${random.pick(["REPLACE", "REPLACE", "REPLACE", "IGNORE", "FAIL", "ABORT", "ROLLBACK"])}`
    : "";
}

function insertion(random: Random, table: FuzzTable, fitting: boolean): string {
  const columns = table.columns.filter(({ generated }) => !generated);
  const [first] = columns;
  // Without the limit a table without a key doubles each time, to gigabytes in some trials.
  if (first !== undefined && random.chance(0.05))
    return (
      `${sqliteName(table.name)}(${sqliteName(first.name)}) SELECT ${sqliteName(first.name)} ` +
      `FROM ${sqliteName(table.name)} WHERE true LIMIT 9`
    );
  const chosen = random.chance(0.7) ? columns : random.some(columns, 1);
  const rowid = table.rowid !== null && random.chance(0.2) ? [table.rowid] : [];
  const row = () =>
    "(" +
    [
      ...rowid.map(() => rowidValue(random)),
      ...chosen.map((column) => columnValue(random, table, column, fitting)),
    ].join(", ") +
    ")";
  const rows = Array.from({ length: random.chance(0.2) ? 2 + random.int(3) : 1 }, row);
  return (
    `${sqliteName(table.name)}(${[...rowid, ...chosen.map(({ name }) => sqliteName(name))].join(", ")}) ` +
    `VALUES${rows.join(", ")}`
  );
}

function rowidValue(random: Random): string {
  return random.pick(["1", "2", "3", "4", "5", "-1", "NULL"]);
}

function upsert(random: Random, table: FuzzTable, fitting: boolean): string {
  const target =
    table.keys.length > 0 && random.chance(0.8) ? `(${random.pick(table.keys).map(sqliteName).join(", ")}) ` : "";
  if (random.chance(0.3)) return `ON CONFLICT ${target}DO NOTHING`;
  return `ON CONFLICT ${target}DO UPDATE SET ${settings(random, table, fitting, true)}`;
}

function settings(random: Random, table: FuzzTable, fitting: boolean, excluded = false): string {
  const columns = table.columns.filter(({ generated }) => !generated);
  const set = random
    .some(columns, 1, 2)
    .map((column) => `${sqliteName(column.name)} = ${newValue(random, table, column, fitting, excluded)}`);
  if (table.rowid !== null && random.chance(0.12))
    set.push(`${table.rowid} = ${random.pick(["1", "2", "3", `${table.rowid} + 1`])}`);
  return set.join(", ");
}

function newValue(random: Random, table: FuzzTable, column: FuzzColumn, fitting: boolean, excluded: boolean): string {
  const name = sqliteName(column.name);
  if (excluded && random.chance(0.4)) return `excluded.${name}`;
  if (column.type === "INTEGER" && random.chance(0.2)) return fitting ? `(${name} + 1) % 1000` : `${name} + 1`;
  const same = table.columns.filter(
    ({ type, name: other }) =>
      type === column.type && (fitting || column.name !== table.primaryKey[0] || other === column.name),
  );
  return random.chance(0.15) ? sqliteName(random.pick(same).name) : columnValue(random, table, column, fitting);
}

/**
 * No text for an INTEGER PRIMARY KEY: such an OR IGNORE of many rows fails half-way, and in a transaction SQLite keeps
 * the first half, unless the table has a trigger that may fail.
 */
export function columnValue(random: Random, table: FuzzTable, column: FuzzColumn, fitting: boolean): string {
  const rowid = column.type === "INTEGER" && table.primaryKey.length === 1 && table.primaryKey[0] === column.name;
  return randomValue(random, column.type, fitting || rowid);
}

function condition(random: Random, table: FuzzTable, fitting: boolean, chance: number): string {
  if (!random.chance(chance)) return "";
  const column = random.pick(table.columns);
  return (
    ` WHERE ${sqliteName(column.name)} ${random.pick(["=", "=", "=", "<>", ">", "IS"])} ` +
    `${randomValue(random, column.type, fitting)}`
  );
}

function viewStatement(random: Random, view: FuzzSchema["views"][number], fitting: boolean): string {
  const columns = view.of.columns.filter(({ name }) => view.columns.includes(name));
  const column = random.pick(columns);
  const some = `${sqliteName(random.pick(columns).name)} = ${randomValue(random, column.type, fitting)}`;
  const kind = random.pick(["insert", "update", "delete"] as const);
  if (kind === "insert")
    return (
      `INSERT INTO ${sqliteName(view.name)}(${columns.map(({ name }) => sqliteName(name)).join(", ")}) ` +
      `VALUES(${columns.map(({ type }) => randomValue(random, type, fitting)).join(", ")})`
    );
  if (kind === "update")
    return (
      `UPDATE ${sqliteName(view.name)} SET ${sqliteName(column.name)} = ` +
      `${randomValue(random, column.type, fitting)} WHERE ${some}`
    );
  return `DELETE FROM ${sqliteName(view.name)} WHERE ${some}`;
}
