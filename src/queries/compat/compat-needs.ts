import type { Expression, Statement } from "../../sqlite-sql/ast.ts";
import type { QueryTables } from "../query-tables.ts";
import { walkStatement } from "../walk-statement.ts";
import { COMPAT_NAMES, COMPAT_OBJECTS, type CompatName } from "./compat-objects.ts";

const COMPARISONS: readonly string[] = ["=", "<>", "IS", "IS NOT"];

/** The objects of sqlite_compat that could serve a statement as it stands. */
export function compatNeeds(statement: Statement, tables: QueryTables): CompatName[] {
  const calls = new Set<string>();
  const operators = new Set<string>();
  const compared = new Set<"boolean" | "text">();
  let hasEscape = false;
  walkStatement(statement, (node) => {
    if (node.kind === "call") calls.add(node.name.text.toLowerCase());
    if (node.kind === "binary") {
      operators.add(node.operator);
      if (COMPARISONS.includes(node.operator))
        for (const side of [node.left, node.right])
          for (const family of familiesOf(side, tables)) compared.add(family === "boolean" ? "boolean" : "text");
    }
    if (node.kind === "in")
      for (const family of familiesOf(node.value, tables)) if (family === "boolean") compared.add(family);
    if (node.kind === "like") {
      if (node.escape === null) operators.add(node.operator);
      else hasEscape = true;
    }
  });
  // PostgreSQL turns ESCAPE into a pattern whose backslashes the operator could not tell from others.
  if (hasEscape) operators.delete("LIKE");
  return COMPAT_NAMES.filter((name) => {
    const object = COMPAT_OBJECTS[name];
    return (
      object.calls?.some((call) => calls.has(call)) === true ||
      object.operators?.some((operator) => operators.has(operator)) === true ||
      (object.compares !== undefined && compared.has(object.compares))
    );
  });
}

/** Of the columns that a side may be. A call may give any. */
function familiesOf(side: Expression, tables: QueryTables): readonly string[] {
  if (side.kind === "call") return ["text"];
  if (side.kind !== "column") return [];
  const name = side.name.text.toLowerCase();
  return [...tables.values()].flatMap(({ columns }) =>
    columns.filter(({ source }) => source.toLowerCase() === name).map(({ family }) => family),
  );
}
