import { createHash } from "node:crypto";
import type { Span, Statement } from "../sqlite-sql/ast.ts";
import { parseStatement } from "../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../sqlite-sql/syntax-error.ts";
import { walkStatement } from "./walk-statement.ts";

/** A statement with its literals and parameters folded, and the digest that names it in the config. */
export interface Fingerprint {
  readonly text: string;
  readonly digest: string;
}

/** Statements that differ in values, white space and comments only have one fingerprint. */
export function fingerprintOf(sql: string): Fingerprint {
  const text = foldedText(sql);
  return { text, digest: createHash("sha256").update(text).digest("hex").slice(0, 12) };
}

function foldedText(sql: string): string {
  let statement: Statement;
  try {
    statement = parseStatement(sql);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    return sql.replace(/\s+/g, " ").trim();
  }
  const spans: Span[] = [];
  walkStatement(statement, (node, path) => {
    // ORDER BY 1 and GROUP BY 2 name columns.
    const isPlace = node.kind === "number" && (path.at(-1) === "groupBy" || path.at(-2) === "orderBy");
    const isValue = ["number", "string", "blob", "parameter"].includes(node.kind);
    if (isValue && !isPlace) spans.push(node);
  });
  spans.sort((one, other) => one.start - other.start);
  let folded = "";
  let end = 0;
  for (const span of spans) {
    if (span.start < end) continue;
    folded += `${withoutSpace(sql.slice(end, span.start))}?`;
    end = span.end;
  }
  folded += withoutSpace(sql.slice(end));
  // Lists and rows of any length are one statement.
  return folded
    .replace(/\(\s*\?(\s*,\s*\?)+\s*\)/g, "(?, …)")
    .replace(/(\(\?, …\))(\s*,\s*\(\?, …\))+/g, "$1, …")
    .replace(/\s*;\s*$/, "")
    .trim();
}

/** Outside of names in quotes. */
function withoutSpace(sql: string): string {
  return sql
    .replace(/("(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\])|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\s+/g, (_, name) =>
      typeof name === "string" ? name : " ",
    )
    .replace(/ {2,}/g, " ");
}
