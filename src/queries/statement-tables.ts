import type { Statement } from "../sqlite-sql/ast.ts";
import { walkStatement } from "./walk-statement.ts";

/** The tables, views and common tables that a statement names, in lower case. */
export function tablesNamed(statement: Statement): ReadonlySet<string> {
  const names = new Set<string>();
  walkStatement(statement, (node) => {
    if (node.kind === "insert" || node.kind === "update" || node.kind === "delete")
      names.add(node.target.table.name.text.toLowerCase());
    // The nodes of FROM are not in the union of statements and expressions, and have a kind of their own.
    const from: { readonly kind: string; readonly table?: unknown } = node;
    if (from.kind === "table") names.add(nameIn(from.table));
  });
  return names;
}

function nameIn(table: unknown): string {
  if (typeof table !== "object" || table === null || !("name" in table)) return "";
  const { name } = table;
  return typeof name === "object" && name !== null && "text" in name ? String(name.text).toLowerCase() : "";
}
