import { pgString } from "../quote.ts";
import type { SqlNode } from "./parse-sql.ts";

/**
 * The ways to say "now" in a SQLite default, as the type needs it: a text in the same form, a timestamp,
 * seconds since 1970. Null if the node is none of them; "" if it is but has no translation.
 */
export function translateNow(node: SqlNode, family: string): string | null {
  if (node.type === "paren_expr") return translateNow(node.expr, family);
  if (node.type === "cast_expr") {
    const inner = translateNow(node.args.expr.expr, "bigint");
    return inner === null ? null : family === "bigint" ? inner : "";
  }
  if (node.type === "binary_expr" && node.operator === "*" && node.right.type === "number_literal") {
    const inner = translateNow(node.left, "bigint");
    if (inner === null) return null;
    if (family === "timestamptz") return "now()";
    return family === "bigint" && /^\d+$/.test(node.right.text) ? `${inner} * ${node.right.text}` : "";
  }
  const format = formatOf(node);
  if (format === null) return null;
  return format === "" ? "" : inForm(format, family);
}

/** strftime's format for what a call gives; "" if it has modifiers, null if it is no call of the kind. */
function formatOf(node: SqlNode): string | null {
  if (node.type !== "func_call" || node.name.type !== "identifier") return null;
  const name = node.name.name.toLowerCase();
  const args = node.args?.expr.args.items ?? [];
  const known = CONSTANTS[name] ?? FORMATS[name];
  if (known === undefined && name !== "strftime") return null;
  const values = args.map((arg) => (arg.type === "string_literal" ? arg.value : null));
  const [format, ...times] = name === "strftime" ? values : [known, ...values];
  if (CONSTANTS[name] !== undefined || (name !== "strftime" && times.length === 0)) return known ?? null;
  return format != null && times.length <= 1 && times.every((time) => time?.toLowerCase() === "now") ? format : "";
}

const CONSTANTS: Readonly<Record<string, string>> = { current_timestamp: "%Y-%m-%d %H:%M:%S", current_date: "%Y-%m-%d", current_time: "%H:%M:%S" };
const FORMATS: Readonly<Record<string, string>> = { datetime: "%Y-%m-%d %H:%M:%S", date: "%Y-%m-%d", time: "%H:%M:%S", unixepoch: "%s" };

const UTC = "now() at time zone 'UTC'";

function inForm(format: string, family: string): string {
  const seconds = format === "%s";
  switch (family) {
    case "bigint":
      return seconds ? "floor(extract(epoch from now()))::bigint" : "";
    case "double precision":
    case "numeric":
      return seconds ? "trunc(extract(epoch from now()))" : "";
    case "timestamptz":
      return "now()";
    case "timestamp":
      return format.startsWith("%Y-%m-%d") && format.length > 8 ? `(${UTC})` : format === "%Y-%m-%d" ? `date_trunc('day', ${UTC})` : "";
    case "date":
      return format.startsWith("%Y-%m-%d") ? `(${UTC})::date` : "";
    case "time":
      return format === "%H:%M:%S" ? `date_trunc('second', ${UTC})::time` : "";
    case "text":
      return seconds ? "trunc(extract(epoch from now()))::text" : asText(format);
    default:
      return "";
  }
}

const PARTS: Readonly<Record<string, string>> = { Y: "YYYY", m: "MM", d: "DD", H: "HH24", M: "MI", S: "SS", f: "SS.MS", j: "DDD", F: "YYYY-MM-DD", T: "HH24:MI:SS" };

/** strftime's format as one of to_char(). */
function asText(format: string): string {
  let known = true;
  const template = format.replace(/%(.)|[A-Za-z"\\]+/g, (piece, part: string | undefined) => {
    if (part === undefined) {
      if (/["\\]/.test(piece)) known = false;
      return `"${piece}"`;
    }
    if (PARTS[part] === undefined) known = false;
    return PARTS[part] ?? "";
  });
  return known ? `to_char(${UTC}, ${pgString(template)})` : "";
}
