import type { Statement } from "../sqlite-sql/ast.ts";
import type { QueryTables } from "./query-tables.ts";
import { tablesNamed } from "./statement-tables.ts";

type Select = Extract<Statement, { kind: "select" }>;

export type ResultOrder = "total" | "unclear" | readonly number[] | null;

/**
 * How far the order of a result is settled. `total`: ORDER BY has a key of the only table. `unclear`: what it orders by
 * is not in the result. Else the places of the columns that settle it; null: none does.
 */
export function resultOrder(statement: Statement, tables: QueryTables): ResultOrder {
  if (statement.kind !== "select" || statement.orderBy.length === 0) return null;
  const names = statement.orderBy.map(({ expression }) =>
    expression.kind === "column" ? expression.name.text.toLowerCase() : null,
  );
  if (coversKey(statement, names, tables)) return "total";
  const places = statement.orderBy.map(({ expression }, index) =>
    expression.kind === "number" ? Number(expression.text) - 1 : placeOf(statement, names[index] ?? null),
  );
  return places.every((place) => place !== -1) ? places : "unclear";
}

function coversKey(statement: Select, names: readonly (string | null)[], tables: QueryTables): boolean {
  const named = [...tablesNamed(statement)];
  const only = named.length === 1 ? tables.get(named[0] ?? "") : undefined;
  if (only === undefined) return false;
  const sourceOf = (name: string) => only.columns.find((column) => column.name === name)?.source.toLowerCase() ?? "";
  return only.uniques.some((key) => key?.every((name) => names.includes(sourceOf(name))) === true);
}

/** -1 where the result does not have it. */
function placeOf({ body }: Select, name: string | null): number {
  if (body.kind !== "core" || name === null) return -1;
  const { columns } = body;
  if (columns.some(({ kind }) => kind !== "result")) return -1;
  return columns.findIndex(
    (column) =>
      column.kind === "result" &&
      (column.alias?.text ?? (column.expression.kind === "column" ? column.expression.name.text : "")).toLowerCase() ===
        name,
  );
}
