import type { EpochUnit, TableMapping } from "../model/mapping.ts";
import { isKnownCollation, type SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { Source } from "../source/source.ts";

/** What cannot come back of a table, for people; known before the cutover. */
export function failbackLimits(
  mapping: TableMapping,
  table: SourceTable,
  counting: readonly CountingColumn[] = [],
): string[] {
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
    ...[...new Set(counting.map(({ unit }) => unit))].map((unit) => {
      const columns = counting.filter((column) => column.unit === unit).map(({ source }) => source);
      return (
        `where ${list(columns)} ${columns.length === 1 ? "counts" : "count"} ${unit}, what PostgreSQL has ` +
        `finer is cut to that`
      );
    }),
    ...(made.length === 0
      ? []
      : [
          `a rule's expression makes ${list(made)}: other values go back only where the expression makes the ` +
            `same of them, and so do new rows`,
        ]),
    ...(behind.length === 0
      ? []
      : [`${list(behind.map(({ name }) => name))} stayed behind and take no NULL: new rows cannot go back`]),
    ...(collations.length === 0
      ? []
      : [`only the application knows the collation ${collations.join(", ")}: nothing of that table can go back`]),
  ];
}

/** A timestamp column whose values are numbers in the source. */
export interface CountingColumn {
  readonly source: string;
  readonly unit: EpochUnit;
}

// Columns whose first values are all NULL are taken for texts.
const FIRST_ROWS = 20_000;

export async function countingColumns(source: Source, mapping: TableMapping): Promise<CountingColumn[]> {
  const counting: CountingColumn[] = [];
  for (const { conversion, expression, source: name } of mapping.columns) {
    if (conversion.kind !== "timestamp" || conversion.epoch === null || expression !== undefined) continue;
    const column = sqliteName(name);
    const [row] = await source.read((tx) =>
      tx.rows(
        `SELECT typeof(v) FROM (SELECT ${column} AS v FROM ${sqliteName(mapping.source)} LIMIT ` +
          `${FIRST_ROWS}) WHERE v IS NOT NULL LIMIT 1`,
      ),
    );
    if (row?.[0] === "integer") counting.push({ source: name, unit: conversion.epoch });
  }
  return counting;
}

function list(columns: readonly string[]): string {
  return `${columns.length === 1 ? "column" : "columns"} ${columns.join(", ")}`;
}
