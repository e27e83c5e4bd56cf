import { sqliteName } from "../../src/quote.ts";
import type { Random } from "./random.ts";
import type { FuzzTable, SchemaOptions } from "./random-schema.ts";
import { columnValue } from "./random-statements.ts";
import { randomValue } from "./random-value.ts";

/**
 * The application's own triggers. They write to tables further on in the list, so that they end. Two things are left
 * out. One is recursion without end. The other is a BEFORE UPDATE trigger that changes its own table: changing another
 * column of the same unique key is a known hole. So BEFORE UPDATE writes only to a table without triggers and foreign
 * keys.
 */
export function randomTriggers(random: Random, tables: readonly FuzzTable[], options: SchemaOptions): string[] {
  const triggers: string[] = [];
  for (const [index, table] of tables.entries()) {
    if (table.sink) continue;
    for (let count = random.int(3); count > 0; count--) {
      const event = random.pick(["INSERT", "INSERT", "UPDATE", "DELETE"] as const);
      const time = random.pick(["BEFORE", "AFTER", "AFTER"] as const);
      const later = tables.slice(index + 1);
      const targets =
        time === "BEFORE" && event === "UPDATE"
          ? later.filter(({ sink }) => sink)
          : event === "INSERT"
            ? [...later, table]
            : later;
      const row = event === "DELETE" ? "OLD" : event === "INSERT" ? "NEW" : random.pick(["OLD", "NEW"]);
      const body =
        random.chance(0.15) || targets.length === 0
          ? raise(random, table, row)
          : write(random, random.pick(targets), table, row, options);
      const of = event === "UPDATE" && random.chance(0.3) ? ` OF ${sqliteName(random.pick(table.columns).name)}` : "";
      const when = random.chance(0.3)
        ? ` WHEN ${reference(random, table, row)} IS NOT ${randomValue(random, "INTEGER", true)}`
        : "";
      triggers.push(
        `CREATE TRIGGER ${sqliteName(`${table.name} ${time} ${event} ${count}`)} ${time} ${event}${of} ON ` +
          `${sqliteName(table.name)}${when} BEGIN ${body}; END`,
      );
    }
  }
  return triggers;
}

function raise(random: Random, table: FuzzTable, row: string): string {
  return (
    `SELECT RAISE(${random.pick(["IGNORE", "IGNORE", "ABORT, 'no'"])}) ` +
    `WHERE ${reference(random, table, row)} = ${randomValue(random, "INTEGER", true)}`
  );
}

function write(random: Random, target: FuzzTable, from: FuzzTable, row: string, options: SchemaOptions): string {
  const columns = target.columns.filter(({ generated }) => !generated);
  // A value of another column may not fit into the target's type.
  const value = (column: (typeof columns)[number]) => {
    const same = from.columns.filter(({ type, generated }) => !generated && (!options.fitting || type === column.type));
    return same.length > 0 && column.name !== target.primaryKey[0] && random.chance(0.5)
      ? `${row}.${sqliteName(random.pick(same).name)}`
      : columnValue(random, target, column, options.fitting);
  };
  const kind =
    target === from
      ? random.pick(["update", "delete"] as const)
      : random.pick(["insert", "insert", "update", "delete"] as const);
  const column = random.pick(columns);
  const or = random.chance(0.5) ? ` OR ${random.pick(["REPLACE", "IGNORE"])}` : "";
  switch (kind) {
    case "insert":
      return (
        `INSERT${or} INTO ${sqliteName(target.name)}(${columns.map(({ name }) => sqliteName(name)).join(", ")}) ` +
        `VALUES(${columns.map(value).join(", ")})`
      );
    case "update":
      return (
        `UPDATE${or} ${sqliteName(target.name)} SET ${sqliteName(column.name)} = ${value(column)} ` +
        `WHERE ${sqliteName(random.pick(columns).name)} = ${value(random.pick(columns))}`
      );
    case "delete":
      return `DELETE FROM ${sqliteName(target.name)} WHERE ${sqliteName(column.name)} = ${value(column)}`;
  }
}

function reference(random: Random, table: FuzzTable, row: string): string {
  return `${row}.${sqliteName(random.pick(table.columns).name)}`;
}
