import type { Statement } from "../sqlite-sql/ast.ts";
import { numbered } from "./parameters.ts";

/** The same statement with `?1` or `$1` for each parameter, so that values are bound by position. */
export function numberParameters(sql: string, statement: Statement, sign: "?" | "$"): string {
  const { places } = numbered(statement);
  let written = "";
  let end = 0;
  for (const { node, position } of places) {
    written += `${sql.slice(end, node.start)}${sign}${position}`;
    end = node.end;
  }
  return `${written}${sql.slice(end)}`.replace(/[\s;]+$/, "");
}
