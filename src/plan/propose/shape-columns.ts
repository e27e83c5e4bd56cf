import { UsageError } from "../../errors.ts";
import { amongOthers, keeperOfFile, migrationTool, type TargetMigrationsTable } from "../../model/migration-tool.ts";
import { type ColumnRules, type Rules, rulesOfColumn, rulesOfTable } from "../../model/rules.ts";
import type {
  ExcludedObject,
  SourceColumn,
  SourceMigrationsTable,
  SourceSchema,
  SourceTable,
} from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";

const NONE: ReadonlySet<string> = new Set();

/** What of the target makes tables of the source stay behind. */
export interface OfTarget {
  /** Tables in which other tools note their migrations. */
  readonly migrationsTables?: readonly TargetMigrationsTable[] | undefined;
  /** Source tables whose counterparts hold rows that stay by a rule. */
  readonly seeded?: ReadonlySet<string>;
}

/**
 * The source's schema without what rules leave behind, and without another tool's migrations table where the target has
 * that tool's own, with rows in it.
 */
export function withoutExcluded(schema: SourceSchema, rules: Rules, ofTarget: OfTarget = {}): SourceSchema {
  const { migrationsTables: owned = [], seeded = NONE } = ofTarget;
  refuseUnknown(schema, rules);
  refuseShapedKeys(schema, rules);
  const stays = (table: SourceTable) => isLeftBehind(table, rules) || seeded.has(table.name);
  const tables = schema.tables.filter((table) => !stays(table));
  const names = schema.tables.map(({ name }) => name);
  const tools = tables
    .flatMap((table) => migrationsTableOf(table, rules, owned))
    .map((found) => ({ ...found, tool: amongOthers(found.tool, names) }));
  const moved = tables.filter(({ name }) => !tools.some(({ own, table }) => own !== null && table === name));
  const excluded = [
    ...schema.tables.filter(stays).map((table): ExcludedObject => {
      const keeper = isExcludedByRule(table, rules) ? null : keeperOf(table);
      const name = table.virtual?.name ?? table.name;
      return {
        kind: "table",
        name,
        ...NOT_WITHIN,
        ...(keeper === null ? {} : { keeper }),
        ...(isLeftBehind(table, rules) ? {} : { isSeeded: true }),
      };
    }),
    ...moved.flatMap((table) => excludedOf(table, rules)),
  ];
  return {
    ...schema,
    tables: moved.map((table) => withoutExcludedColumns(table, rules)),
    ...(tools.length === 0 ? {} : { tools }),
    ...(excluded.length === 0 ? {} : { excluded }),
  };
}

const NOT_WITHIN = { table: null, without: null };

function isLeftBehind(table: SourceTable, rules: Rules): boolean {
  return (
    isExcludedByRule(table, rules) || (keeperOf(table) !== null && rulesOfTable(rules, table.name).exclude !== false)
  );
}

function keeperOf({ columns, name }: SourceTable): string | null {
  return keeperOfFile(
    name,
    columns.map((column) => column.name),
  );
}

function isExcludedByRule({ name, virtual }: SourceTable, rules: Rules): boolean {
  return (
    rulesOfTable(rules, name).exclude === true ||
    (virtual !== undefined && rulesOfTable(rules, virtual.name).exclude === true)
  );
}

/** Once the tool keeps books in the target, those say what is applied there. */
function migrationsTableOf(
  { columns, name }: SourceTable,
  rules: Rules,
  owned: readonly TargetMigrationsTable[],
): SourceMigrationsTable[] {
  if (rulesOfTable(rules, name).exclude === false) return [];
  const tool = migrationTool(
    name,
    columns.map((column) => column.name),
  );
  if (tool === null) return [];
  const own = owned.find(
    (candidate) =>
      candidate.isFilled &&
      // The same columns are the same tool's, whichever of the two it is.
      amongOthers(candidate.tool, []) === amongOthers(tool, []) &&
      candidate.name.toLowerCase() === name.toLowerCase(),
  );
  const state = own === undefined ? null : { table: own.table, version: own.version };
  return [{ table: name, tool, own: state, version: null }];
}

function excludedColumns(table: SourceTable, rules: Rules): ReadonlySet<string> {
  return new Set(
    table.columns.filter(({ name }) => rulesOfColumn(rules, table.name, name).exclude === true).map(({ name }) => name),
  );
}

/** Columns that a rule leaves behind, with the keys and indexes that go with them. */
function excludedOf(table: SourceTable, rules: Rules): ExcludedObject[] {
  const left = excludedColumns(table, rules);
  const place = { table: table.name };
  const without = (columns: readonly (string | null)[]) =>
    columns.find((name) => name !== null && left.has(name)) ?? null;
  const dependent = [
    ...table.indexes.map(({ name, origin, terms, unique }) => ({
      kind:
        origin === "primary-key" ? ("primary-key" as const) : unique ? ("unique-index" as const) : ("index" as const),
      name: origin === "index" ? name : `(${terms.map(({ column }) => column ?? "").join(", ")})`,
      without: without(terms.map(({ column }) => column)),
    })),
    ...table.foreignKeys.map(({ columns, name, parentTable }) => ({
      kind: "foreign-key" as const,
      name: name ?? `(${columns.join(", ")}) to ${parentTable}`,
      without: without(columns),
    })),
  ];
  return [
    ...[...left].map((name) => ({ kind: "column" as const, name, without: null, ...place })),
    ...dependent.filter((object) => object.without !== null).map((object) => ({ ...object, ...place })),
  ];
}

function withoutExcludedColumns(table: SourceTable, rules: Rules): SourceTable {
  const left = excludedColumns(table, rules);
  if (left.size === 0) return table;
  const stays = (name: string | null) => name === null || !left.has(name);
  return {
    ...table,
    columns: table.columns.filter(({ name }) => stays(name)),
    primaryKey: table.primaryKey.every(stays) ? table.primaryKey : [],
    rowidAlias: stays(table.rowidAlias) ? table.rowidAlias : null,
    indexes: table.indexes.filter(({ terms }) => terms.every(({ column }) => stays(column))),
    foreignKeys: table.foreignKeys.filter(({ columns }) => columns.every(stays)),
  };
}

/** The SQL on the SQLite side that a column's rules put in its place; undefined where it travels as it is. */
export function shapeOf(
  table: string,
  column: Pick<SourceColumn, "name" | "generated">,
  rules: Rules,
): string | undefined {
  const rule: ColumnRules = rulesOfColumn(rules, table, column.name);
  const read = rule.expression ?? (column.generated?.storage === "elsewhere" ? column.generated.expression : undefined);
  const value = read === undefined ? sqliteName(column.name) : `(${read}\n)`;
  switch (rule.nullAndEmpty) {
    case "empty-to-null":
      return `CASE WHEN typeof(${value})='text' AND octet_length(${value})=0 THEN NULL ELSE ${value} END`;
    case "null-to-empty":
      return `coalesce(${value},'')`;
    default:
      return read;
  }
}

/** A rule for what is not there is a slip of the pen that should not go unnoticed. */
function refuseUnknown(schema: SourceSchema, rules: Rules): void {
  const known = [...schema.tables, ...schema.skipped].map(({ name }) => name.toLowerCase());
  for (const [name, { columns = {}, ...others }] of Object.entries(rules.tables ?? {})) {
    const behind = schema.tables.find(({ virtual }) => virtual?.name.toLowerCase() === name.toLowerCase());
    if (behind !== undefined) {
      if (others.exclude !== true) throw onVirtual(name, behind.name);
      continue;
    }
    if (!known.includes(name.toLowerCase())) throw unknown(`a table ${name}`, { table: name });
    const table = schema.tables.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    for (const column of Object.keys(columns)) {
      if (
        table !== undefined &&
        !table.columns.some((candidate) => candidate.name.toLowerCase() === column.toLowerCase())
      )
        throw unknown(`a column ${column} of ${name}`, { table: name, column });
    }
  }
}

/** Paging and replay find rows by these columns as they are. */
function refuseShapedKeys(schema: SourceSchema, rules: Rules): void {
  for (const table of schema.tables) {
    const key = table.withoutRowid ? table.primaryKey : table.rowidAlias === null ? [] : [table.rowidAlias];
    const wrong = key.find(
      (name) =>
        isShaped(table.name, name, rules) ||
        (table.withoutRowid && rulesOfColumn(rules, table.name, name).exclude === true),
    );
    if (wrong === undefined) continue;
    throw new UsageError({
      code: "RULE_ON_KEY",
      message: `the config changes or excludes column ${wrong} of ${table.name}, by which its rows are identified`,
      hint:
        "take expression, nullAndEmpty and exclude out of that column's rules; " +
        "a view or a generated column in the target can show the value in another form",
      context: { table: table.name, column: wrong },
    });
  }
}

function isShaped(table: string, name: string, rules: Rules): boolean {
  return shapeOf(table, { name, generated: null }, rules) !== undefined;
}

function onVirtual(name: string, table: string): UsageError {
  return new UsageError({
    code: "RULE_UNKNOWN",
    message: `the config has a rule for the virtual table ${name}, whose rows are in ${table}`,
    hint: `name ${table} and its columns in the rule; only exclude goes by ${name}`,
    context: { table: name },
  });
}

function unknown(what: string, context: Readonly<Record<string, unknown>>): UsageError {
  return new UsageError({
    code: "RULE_UNKNOWN",
    message: `the config has a rule for ${what}, and the source has none`,
    hint: "rules go by the names in the source: correct it, or take it out",
    context,
  });
}
