import { type Rules, rulesOfColumn, rulesOfTable } from "../../model/rules.ts";
import type { SourceSchema, SourceTable } from "../../model/source-schema.ts";
import { isCatalogueName, isSystemColumn, NameSpace, takeNames } from "./choose-names.ts";
import { type FoldName, keepName, snakeCase } from "./fold-name.ts";

export interface NameOptions {
  /** `keep` (default) leaves names as they are, `snake_case` folds them. */
  readonly names?: "keep" | "snake_case";
  readonly rules?: Rules;
}

// The tool that runs the migrations keeps its own table alongside the application's.
const TAKEN = ["pgmigrations", "pgmigrations_pkey", "pgmigrations_id_seq"];

/** The names that all relations of the target share, before any is taken. */
export function relationSpace(): NameSpace {
  return new NameSpace(TAKEN);
}

export function foldOf({ names }: Pick<NameOptions, "names">): FoldName {
  return names === "snake_case" ? snakeCase : keepName;
}

/**
 * The names of the target's tables and views by the source's, taken from a space of names. Rows of a virtual table go
 * by its name, not by that of the table in which its module keeps them.
 */
export function tableNames(
  schema: SourceSchema,
  options: NameOptions,
  relations: NameSpace = relationSpace(),
): ReadonlyMap<string, string> {
  const fold = foldOf(options);
  const wished = new Map(schema.tables.map(({ name, virtual }) => [name, virtual?.name ?? name]));
  return takeNames(
    relations,
    [...schema.tables, ...schema.views].map(({ name }) => name),
    {
      isRefused: isCatalogueName,
      ruled: (name) => rulesOfTable(options.rules ?? {}, name).name,
      fold: (name) => fold(wished.get(name) ?? name),
    },
  );
}

/** The names of a target table's columns by the source's. */
export function columnNames(table: SourceTable, options: NameOptions): ReadonlyMap<string, string> {
  const fold = foldOf(options);
  const wished = (name: string) => table.columns.find((column) => column.name === name)?.knownAs ?? name;
  return takeNames(
    new NameSpace(),
    table.columns.map(({ name }) => name),
    {
      isRefused: isSystemColumn,
      ruled: (name) => rulesOfColumn(options.rules ?? {}, table.name, name).name,
      fold: (name) => fold(wished(name)),
    },
  );
}

/**
 * Names that are others in the target, by `table` and `table.column`: as {@link mapTables} wants them. They follow from
 * names alone, without the rest of a proposal.
 */
export function changedNames(schema: SourceSchema, options: NameOptions): ReadonlyMap<string, string> {
  const tables = tableNames(schema, options);
  const changed = new Map<string, string>();
  for (const table of schema.tables) {
    const name = tables.get(table.name) ?? table.name;
    if (name !== table.name) changed.set(table.name, name);
    for (const [column, columnName] of columnNames(table, options))
      if (columnName !== column) changed.set(`${table.name}.${column}`, columnName);
  }
  return changed;
}
