import { sqliteName } from "../../src/quote.ts";
import type { Random } from "./random.ts";
import type { FuzzColumn, FuzzTable, SchemaOptions } from "./random-schema.ts";
import { type ColumnType, randomValue } from "./random-value.ts";

export interface TableOptions extends SchemaOptions {
  readonly name: string;
  readonly parents: readonly FuzzTable[];
  readonly sink: boolean;
}

const TYPES: readonly ColumnType[] = ["INTEGER", "INT", "TEXT", "TEXT", "VARCHAR(9)", "REAL", "NUMERIC", "BLOB", ""];
const COLUMN_NAMES = ["a", "b", "c", "Group", 'd"e', "new", "x y", "t"];
const ROWID_NAMES = ["rowid", "_rowid_", "oid"];
const ACTIONS = ["NO ACTION", "RESTRICT", "SET NULL", "SET DEFAULT", "CASCADE", "CASCADE"];

/** One table: its key in any of SQLite's forms, constraints that resolve conflicts, indexes of every kind. */
export function randomTable(random: Random, options: TableOptions): FuzzTable {
  const { fitting } = options;
  const key = random.pick([
    "alias",
    "alias",
    "autoincrement",
    "desc",
    "column",
    "column",
    "composite",
    "without-rowid",
    "without-rowid-composite",
    "none",
    "none",
  ] as const);
  const names = random.some(COLUMN_NAMES, 2, 5);
  // A column may hide a name of the rowid, or all of them.
  if (random.chance(0.15)) names.push(...random.some(ROWID_NAMES, 1, key === "none" || key === "composite" ? 2 : 3));
  const columns = names.map((name) => randomColumn(random, name, fitting));
  const [first, second] = columns as [FuzzColumn, FuzzColumn];
  const conflict = () =>
    random.chance(0.25) ? ` ON CONFLICT ${random.pick(["REPLACE", "REPLACE", "IGNORE", "FAIL", "ABORT"])}` : "";
  // Of the keys on one column too, one that happens to be an INTEGER.
  const isAlias = key === "alias" || key === "autoincrement" || (key === "column" && first.type === "INTEGER");
  const withoutRowid = key.startsWith("without-rowid");
  if (isAlias || key === "desc")
    columns[0] = {
      ...first,
      type: "INTEGER",
      collation: "BINARY",
      notNull: key === "desc" && random.chance(0.5),
      defaultSql: null,
    };
  // PostgreSQL has no row with a NULL key: the engine refuses it, which ends a run.
  if (fitting && key !== "none")
    for (const index of key.includes("composite") ? [0, 1] : isAlias ? [] : [0])
      columns[index] = { ...(columns[index] as FuzzColumn), notNull: true };
  const definitions = columns.map((column, index) => {
    const own =
      index > 0
        ? ""
        : isAlias
          ? ` PRIMARY KEY${conflict()}${key === "autoincrement" ? " AUTOINCREMENT" : ""}`
          : key === "desc"
            ? ` PRIMARY KEY DESC${conflict()}`
            : key === "column" || key === "without-rowid"
              ? ` PRIMARY KEY${conflict()}`
              : "";
    const unique = own === "" && random.chance(0.2) ? ` UNIQUE${conflict()}` : "";
    return { text: `${definition(column, conflict)}${own}`, unique };
  });
  const isComposite = key === "composite" || key === "without-rowid-composite";
  const primaryKey = key === "none" ? [] : isComposite ? [first.name, second.name] : [first.name];
  const keys: string[][] = key === "none" ? [] : [primaryKey];
  for (const [index, { unique }] of definitions.entries()) if (unique !== "") keys.push([columns[index]?.name ?? ""]);
  const constraints = isComposite
    ? [`PRIMARY KEY(${sqliteName(first.name)}, ${sqliteName(second.name)})${conflict()}`]
    : [];
  if (random.chance(0.15)) {
    const pair = random.some(columns, 2, 2).map(({ name }) => name);
    constraints.push(`UNIQUE(${pair.map(sqliteName).join(", ")})${conflict()}`);
    keys.push(pair);
  }
  const computable = isAlias ? columns.slice(1) : columns;
  const generated = randomGenerated(random, computable, fitting);
  if (!options.sink) constraints.push(...foreignKeys(random, options, columns, primaryKey));
  const body = [
    ...definitions.map(({ text, unique }) => `${text}${unique}`),
    ...generated.map(({ text }) => text),
    ...constraints,
  ];
  const all = [...columns, ...generated.map(({ column }) => column)];
  const ddl = [`CREATE TABLE ${sqliteName(options.name)}(${body.join(", ")})${withoutRowid ? " WITHOUT ROWID" : ""}`];
  for (let count = random.int(4); count > 0; count--)
    ddl.push(randomIndex(random, options.name, all, computable, `i${count} ${options.name}`));
  const binary = (list: readonly string[]) =>
    list.every((name) => columns.find((column) => column.name === name)?.collation === "BINARY");
  const free = ROWID_NAMES.filter((name) => !columns.some((column) => column.name === name));
  return {
    name: options.name,
    columns: all,
    keys,
    plainKeys: keys.filter(binary),
    primaryKey,
    rowid: isAlias || withoutRowid ? null : (free[0] ?? null),
    sink: options.sink,
    ddl,
  };
}

function randomColumn(random: Random, name: string, fitting: boolean): FuzzColumn {
  const type = random.pick(TYPES);
  const collation =
    (type === "TEXT" || (type === "" && !fitting)) && random.chance(0.4)
      ? random.pick(["NOCASE", "NOCASE", "RTRIM"] as const)
      : "BINARY";
  const notNull = random.chance(0.35);
  // A name as a default is a string, even where a column is called so.
  const given = !random.chance(0.7)
    ? "NULL"
    : !fitting && random.chance(0.15)
      ? random.pick(["b", '"a"', "[c]", "true", "false"])
      : randomValue(random, type, fitting);
  return { name, type, collation, notNull, defaultSql: given === "NULL" ? null : given, generated: false };
}

function definition(column: FuzzColumn, conflict: () => string): string {
  const collate = column.collation === "BINARY" ? "" : ` COLLATE ${column.collation}`;
  const notNull = column.notNull ? ` NOT NULL${conflict()}` : "";
  return (
    `${sqliteName(column.name)} ` +
    `${column.type}${collate}${notNull}${column.defaultSql === null ? "" : ` DEFAULT ${column.defaultSql}`}`
  );
}

/**
 * A known hole is left out: a unique generated column fed by an INTEGER PRIMARY KEY that BEFORE INSERT does not know
 * yet.
 */
function randomGenerated(
  random: Random,
  columns: readonly FuzzColumn[],
  fitting: boolean,
): { readonly text: string; readonly column: FuzzColumn }[] {
  if (!random.chance(0.25)) return [];
  const name = "gen";
  const feed = sqliteName(random.pick(columns).name);
  const expression = random.pick(
    fitting
      ? [`length(${feed})`]
      : [`lower(${feed})`, `coalesce(${feed}, 0)`, `length(${feed})`, `${feed} || 'x'`, `${feed} > 1`],
  );
  const text =
    `${sqliteName(name)} ${fitting ? "INTEGER" : ""} GENERATED ALWAYS AS (${expression}) ` +
    `${random.pick(["STORED", "VIRTUAL"])}${random.chance(0.4) ? " UNIQUE" : ""}`;
  return [
    {
      text,
      column: {
        name,
        type: fitting ? "INTEGER" : "",
        collation: "BINARY",
        notNull: false,
        defaultSql: null,
        generated: true,
      },
    },
  ];
}

/**
 * Not over columns where NULL becomes a default: there SQLite (3.40, 3.45) checks a deferred key on a table with a
 * BEFORE trigger, whatever it does, and on one without does not.
 */
function foreignKeys(
  random: Random,
  options: TableOptions,
  columns: readonly FuzzColumn[],
  primaryKey: readonly string[],
): string[] {
  const self = random.chance(0.2) && primaryKey.length === 1 ? [{ name: options.name, primaryKey, columns }] : [];
  const parents = [...self, ...options.parents].filter((parent) => parent.primaryKey.length > 0);
  if (parents.length === 0 || !random.chance(0.5)) return [];
  const parent = random.pick(parents);
  const free = columns.filter(({ notNull, defaultSql }) => !notNull || defaultSql === null);
  if (parent.primaryKey.length > free.length) return [];
  const referring = random.some(free, parent.primaryKey.length, parent.primaryKey.length);
  const children = referring.map(({ name }) => sqliteName(name));
  const deferred = random.chance(0.3) ? " DEFERRABLE INITIALLY DEFERRED" : "";
  const named = random.chance(0.7) ? `(${parent.primaryKey.map(sqliteName).join(", ")})` : "";
  const [onDelete, onUpdate] = [random.pick(ACTIONS), random.pick(ACTIONS)];
  // A cascade writes the parent's value, whatever the child's column is for.
  const fits = parent.primaryKey.every(
    (key, index) => parent.columns.find(({ name }) => name === key)?.type === referring[index]?.type,
  );
  return [
    `FOREIGN KEY(${children.join(", ")}) REFERENCES ${sqliteName(parent.name)}${named} ON DELETE ${onDelete} ` +
      `ON UPDATE ${options.fitting && !fits && onUpdate === "CASCADE" ? "NO ACTION" : onUpdate}${deferred}`,
  ];
}

function randomIndex(
  random: Random,
  table: string,
  columns: readonly FuzzColumn[],
  computable: readonly FuzzColumn[],
  name: string,
): string {
  const terms = random.some(columns, 1, 2).map((column) => {
    const quoted = sqliteName(column.name);
    const expression =
      random.chance(0.3) && (column.generated || computable.includes(column))
        ? random.pick([
            `lower(${quoted})`,
            `coalesce(${quoted}, 'none')`,
            `${quoted} || 'x'`,
            `typeof(${quoted})`,
            `(${quoted} > 1)`,
            `length(${quoted})`,
            `abs(${quoted})`,
          ])
        : quoted;
    const collate = random.chance(0.2) ? ` COLLATE ${random.pick(["NOCASE", "RTRIM", "BINARY"])}` : "";
    return `${expression}${collate}${random.chance(0.2) ? " DESC" : ""}`;
  });
  const condition = `${random.chance(0.1) ? `${sqliteName(table)}.` : ""}${sqliteName(random.pick(columns).name)}`;
  const where = random.chance(0.35)
    ? " WHERE " +
      random.pick([
        `${condition} IS NOT NULL`,
        `${condition} > 1`,
        `${condition} = 'a'`,
        `${condition} <> 2`,
        `${condition} IN (1, 'a', '1')`,
        `typeof(${condition}) = 'text'`,
      ])
    : "";
  return (
    `CREATE ${random.chance(0.75) ? "UNIQUE " : ""}INDEX ${sqliteName(name)} ON ` +
    `${sqliteName(table)}(${terms.join(", ")})${where}`
  );
}
