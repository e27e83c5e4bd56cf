import type { TableMapping } from "../model/mapping.ts";
import { isKnownCollation, type SourceTable } from "../model/schema.ts";

/** What cannot come back of a table, for people; known before the cutover. */
export function wayBackLimits(mapping: TableMapping, table: SourceTable): string[] {
  const made = mapping.columns
    .filter(
      ({ source, expression }) =>
        expression !== undefined &&
        table.columns.find(({ name }) => name === source)?.generated?.storage !== "elsewhere",
    )
    .map(({ source }) => source);
  const behind = table.columns.filter(
    ({ name, notNull, defaultSql, generated }) =>
      notNull &&
      defaultSql === null &&
      generated === null &&
      name !== table.rowidAlias &&
      !mapping.columns.some(({ source }) => source === name),
  );
  const collations = [
    ...new Set([
      ...table.columns.map(({ collation }) => collation),
      ...table.indexes.flatMap(({ terms }) => terms.map(({ collation }) => collation)),
    ]),
  ].filter((collation) => !isKnownCollation(collation));
  return [
    ...(made.length === 0
      ? []
      : [
          `a rule's expression makes ${list(made)}: other values go back only where the expression makes the same of them, and so do new rows`,
        ]),
    ...(behind.length === 0
      ? []
      : [`${list(behind.map(({ name }) => name))} stayed behind and take no NULL: new rows cannot go back`]),
    ...(collations.length === 0
      ? []
      : [`only the application knows the collation ${collations.join(", ")}: nothing of that table can go back`]),
  ];
}

function list(columns: readonly string[]): string {
  return `${columns.length === 1 ? "column" : "columns"} ${columns.join(", ")}`;
}
