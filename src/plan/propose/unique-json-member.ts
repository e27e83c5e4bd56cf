import { pgString } from "../../quote.ts";
import type { Expression } from "../../sqlite-sql/ast.ts";
import { parseExpression } from "../../sqlite-sql/parse.ts";
import { renderName } from "../names/render-name.ts";
import type { TablePlan } from "./table-plan.ts";

/**
 * The terms of a unique index that keep apart what `json_extract(doc, '$.email')` keeps apart: the text and the type,
 * since 1 and "1" are two values to SQLite. It never refuses what SQLite takes: equal text and type mean equal values
 * there. Null where not all values are surely JSON, or where the expression is another.
 */
export function uniqueJsonMember(plan: TablePlan, text: string): readonly string[] | null {
  const member = memberOf(parseExpression(text));
  if (member === null) return null;
  const column = plan.columns.find(({ source }) => source.name.toLowerCase() === member.column.toLowerCase());
  const keys = keysOf(member.path);
  if (column === undefined || keys === null) return null;
  const { type, profile } = column;
  const isJson = /^jsonb?$/.test(type) || (type === "text" && profile.json === profile.texts && profile.texts > 0);
  if (!isJson || profile.blobs > 0) return null;
  const json = `${renderName(column.name)}${type === "text" ? "::json" : ""}`;
  const path = keys.length === 1 ? pgString(keys[0] ?? "") : `array[${keys.map(pgString).join(", ")}]`;
  const [inside, asText] = keys.length === 1 ? ["->", "->>"] : ["#>", "#>>"];
  const typeOf = type === "jsonb" ? "jsonb_typeof" : "json_typeof";
  return [`(${json} ${asText} ${path})`, `${typeOf}(${json} ${inside} ${path})`];
}

interface Member {
  readonly column: string;
  readonly path: string;
}

function memberOf(node: Expression): Member | null {
  if (node.kind === "binary" && node.operator === "->>" && node.left.kind === "column" && node.right.kind === "string")
    return { column: node.left.name.text, path: node.right.value };
  if (node.kind !== "call" || node.args === "*" || node.args.length !== 2) return null;
  const [value, path] = node.args;
  if (node.name.text.toLowerCase() !== "json_extract" || value?.kind !== "column" || path?.kind !== "string")
    return null;
  return path.value.startsWith("$") ? { column: value.name.text, path: path.value } : null;
}

/** Names of members only: places in arrays count from the end in one database and not in the other. */
function keysOf(path: string): string[] | null {
  if (!path.startsWith("$")) return [path];
  const steps = [...path.slice(1).matchAll(/\.(?:"([^"\\]+)"|([^."[\]\\]+))/gy)];
  if (steps.length === 0 || steps.reduce((length, [step]) => length + step.length, 1) !== path.length) return null;
  return steps.map(([, quoted, name]) => quoted ?? name ?? "");
}
