import { UsageError } from "../errors.ts";
import { migrationTool, type ToolTable } from "../model/migration-tool.ts";
import { type ColumnRules, type Rules, rulesOfColumn, rulesOfTable } from "../model/rules.ts";
import type { SourceColumn, SourceSchema, SourceTable } from "../model/schema.ts";
import { sqliteName } from "../quote.ts";

/** The source's schema without what rules leave behind. */
export function withoutExcluded(schema: SourceSchema, rules: Rules): SourceSchema {
  refuseUnknown(schema, rules);
  refuseShapedKeys(schema, rules);
  const tables = schema.tables.filter(
    ({ name, virtual }) =>
      rulesOfTable(rules, name).exclude !== true &&
      (virtual === undefined || rulesOfTable(rules, virtual.name).exclude !== true),
  );
  const tools = tables.flatMap((table) => toolTable(table, rules));
  const moved = tables.filter(({ name }) => !tools.some(({ table }) => table === name));
  return {
    ...schema,
    tables: moved.map((table) => withoutExcludedColumns(table, rules)),
    ...(tools.length === 0 ? {} : { tools }),
  };
}

/** What another tool has applied here says nothing of the target; there it keeps books of its own. */
function toolTable({ columns, name }: SourceTable, rules: Rules): ToolTable[] {
  const tool =
    rulesOfTable(rules, name).exclude === false
      ? null
      : migrationTool(
          name,
          columns.map((column) => column.name),
        );
  return tool === null ? [] : [{ table: name, tool }];
}

function withoutExcludedColumns(table: SourceTable, rules: Rules): SourceTable {
  const left = new Set(
    table.columns.filter(({ name }) => rulesOfColumn(rules, table.name, name).exclude === true).map(({ name }) => name),
  );
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
      message: `the config changes or excludes column ${wrong} of ${table.name}, by which its rows are told apart`,
      hint: "take expression, nullAndEmpty and exclude out of that column's rules; a view or a generated column in the target can show the value in another form",
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
