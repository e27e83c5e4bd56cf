import type { Expression, Statement } from "../sqlite-sql/ast.ts";

/** Any node of a parsed statement: it has a kind and a place. */
export type AnyNode = Statement | Expression;

/** Calls `visit` for each node of a statement or expression that has a kind, in the order of the tree. */
export function walkStatement(statement: AnyNode, visit: (node: AnyNode, parents: readonly string[]) => void): void {
  walk(statement, [], visit);
}

function walk(value: unknown, path: readonly string[], visit: (node: AnyNode, path: readonly string[]) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, path, visit);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (isNode(value)) visit(value, path);
  for (const [key, part] of Object.entries(value)) walk(part, [...path, key], visit);
}

function isNode(value: object): value is AnyNode {
  return "kind" in value && typeof value.kind === "string" && "start" in value;
}
