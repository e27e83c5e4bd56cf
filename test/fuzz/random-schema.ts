import { sqliteName } from "../../src/quote.ts";
import type { Random } from "./random.ts";
import { randomTable } from "./random-table.ts";
import { randomTriggers } from "./random-triggers.ts";
import type { ColumnType } from "./random-value.ts";

export interface FuzzColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly collation: "BINARY" | "NOCASE" | "RTRIM";
  readonly notNull: boolean;
  readonly defaultSql: string | null;
  readonly generated: boolean;
}

export interface FuzzTable {
  readonly name: string;
  readonly columns: readonly FuzzColumn[];
  /** Column lists that may be named in ON CONFLICT. */
  readonly keys: readonly (readonly string[])[];
  /** Those of `keys` that compare as PostgreSQL does: no expression, no condition, no collation. */
  readonly plainKeys: readonly (readonly string[])[];
  readonly primaryKey: readonly string[];
  /** A name by which statements may set the rowid; null where it is a column or out of reach. */
  readonly rowid: string | null;
  /** Has no triggers and no part in foreign keys. */
  readonly sink: boolean;
  readonly ddl: readonly string[];
}

export interface FuzzSchema {
  readonly tables: readonly FuzzTable[];
  readonly views: readonly { readonly name: string; readonly columns: readonly string[]; readonly of: FuzzTable }[];
  readonly ddl: readonly string[];
}

export interface SchemaOptions {
  /** Only what PostgreSQL's tables can hold with values as they are. */
  readonly fitting: boolean;
}

const TABLE_NAMES = ["t", "Order", "a b", 'q"x', "it's", "über", "new", "old", "l", "select", "x.y", "[z]"];

/** A schema with all that SQLite lets one write about keys, as CREATE statements in order. */
export function randomSchema(random: Random, options: SchemaOptions): FuzzSchema {
  const names = random.some(TABLE_NAMES, 2, 5);
  const tables: FuzzTable[] = [];
  for (const [index, name] of names.entries()) {
    const parents = tables.filter(({ sink }) => !sink);
    tables.push(randomTable(random, { name, parents, sink: index === names.length - 1, ...options }));
  }
  const views = random.chance(0.4) ? [randomView(random.pick(tables))] : [];
  const ddl = [
    ...tables.flatMap((table) => table.ddl),
    ...views.flatMap((view) => view.ddl),
    ...randomTriggers(random, tables, options),
  ];
  return { tables, views, ddl };
}

/** A view that can be written to, through the application's own INSTEAD OF triggers. */
function randomView(of: FuzzTable): FuzzSchema["views"][number] & { readonly ddl: readonly string[] } {
  const name = `view of ${of.name}`;
  const columns = of.columns.filter(({ generated }) => !generated).map((column) => column.name);
  const [first = ""] = columns;
  const list = columns.map(sqliteName).join(", ");
  const on = `ON ${sqliteName(name)} BEGIN`;
  const ddl = [
    `CREATE VIEW ${sqliteName(name)} AS SELECT ${list} FROM ${sqliteName(of.name)}`,
    `CREATE TRIGGER ${sqliteName(`${name} insert`)} INSTEAD OF INSERT ${on} INSERT ` +
      `OR REPLACE INTO ${sqliteName(of.name)}(${list}) ` +
      `VALUES(${columns.map((column) => `NEW.${sqliteName(column)}`).join(", ")}); END`,
    `CREATE TRIGGER ${sqliteName(`${name} update`)} INSTEAD OF UPDATE ${on} UPDATE ` +
      `OR REPLACE ${sqliteName(of.name)} SET ${sqliteName(first)} = NEW.${sqliteName(first)} ` +
      `WHERE ${sqliteName(first)} IS OLD.${sqliteName(first)}; END`,
    `CREATE TRIGGER ${sqliteName(`${name} delete`)} INSTEAD OF DELETE ${on} DELETE ` +
      `FROM ${sqliteName(of.name)} WHERE ${sqliteName(first)} IS OLD.${sqliteName(first)}; END`,
  ];
  return { name, columns, of, ddl };
}
