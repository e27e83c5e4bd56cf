import { pgString } from "../../quote.ts";
import { isOfFormat } from "../../rows/text-formats.ts";
import type { Expression } from "../../sqlite-sql/ast.ts";
import { parseExpression } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { hasZone, isIsoDay, isIsoTimestamp } from "../types/iso-timestamp.ts";
import { realText } from "./real-text.ts";
import { truthOf } from "./translate-expression.ts";
import { translateNow } from "./translate-now.ts";
import { translateRandomId } from "./translate-random-id.ts";
import { type Translation, translateValue } from "./translate-sql-text.ts";
import { familyOfType, isNumber, type TypedSql } from "./typed-sql.ts";

/**
 * A column's default as the target column's type wants it. `sql` is null without a reason for
 * DEFAULT NULL, which needs no words.
 */
export function translateDefault(
  text: string,
  type: string,
): Translation | { readonly sql: null; readonly reason: null } {
  const family = type.startsWith("numeric") ? "numeric" : type;
  const node = parsed(text);
  if (node === null) return failed("the parser does not know this SQL");
  const random = translateRandomId(node, family);
  if (random !== null) return done(random);
  if (node.kind === "null") return { sql: null, reason: null };
  const now = translateNow(node, family);
  if (now !== null) return now === "" ? failed("it is a timestamp in a format that has no translation") : done(now);
  const literal = literalOf(node);
  if (literal === null) return expressionAs(text, family);
  const sql = literalAs(literal, family);
  return sql === null ? failed(`it is no value of ${type}`) : done(sql);
}

function done(sql: string): Translation {
  return { sql, reason: null };
}

function failed(reason: string): Translation {
  return { sql: null, reason };
}

function parsed(text: string): Expression | null {
  try {
    return parseExpression(text);
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}

/** An expression over constants and random(), whose result needs no conversion. */
function expressionAs(text: string, family: string): Translation {
  const fits = (value: TypedSql) =>
    value.family === familyOfType(family) ||
    (isNumber(value) && (family === "double precision" || family === "numeric"));
  const { sql, reason } = translateValue(text, { aggregates: false, column: () => null, random: true }, fits);
  return reason === null ? done(`(${sql})`) : failed(`it is an expression that has no sure translation: ${reason}`);
}

type Literal = { readonly kind: "number" | "string" | "blob"; readonly value: string };

function literalOf(node: Expression): Literal | null {
  switch (node.kind) {
    case "number":
      return { kind: "number", value: /^0x/i.test(node.text) ? BigInt(node.text).toString() : node.text };
    case "string":
      return { kind: "string", value: node.value };
    case "column": {
      // "abc" and abc are strings here: a default knows no columns.
      if (node.table !== null) return null;
      const truth = truthOf(node.name);
      return truth === null ? { kind: "string", value: node.name.text } : { kind: "number", value: truth ? "1" : "0" };
    }
    case "blob":
      return { kind: "blob", value: node.hex.toLowerCase() };
    case "unary": {
      const inner = literalOf(node.operand);
      if (inner?.kind !== "number" || (node.operator !== "-" && node.operator !== "+")) return null;
      return {
        kind: "number",
        value: node.operator === "-" && !inner.value.startsWith("-") ? `-${inner.value}` : inner.value,
      };
    }
    default:
      return null;
  }
}

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** What PostgreSQL reads as well; an application that writes them means nothing else. */
const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ["1", "true"],
  ["true", "true"],
  ["t", "true"],
  ["yes", "true"],
  ["0", "false"],
  ["false", "false"],
  ["f", "false"],
  ["no", "false"],
]);

function literalAs({ kind, value }: Literal, family: string): string | null {
  if (kind === "string" && value.includes("\0")) return null;
  switch (family) {
    case "bigint":
      if (kind === "blob") return null;
      if (/^-?\d+\.0*$/.test(value)) return canonical(value.slice(0, value.indexOf(".")));
      return INTEGER.test(value) && inRange(value) ? canonical(value) : null;
    case "double precision":
    case "numeric":
      if (kind === "blob" || !DECIMAL.test(value)) return null;
      if (!Number.isFinite(Number(value))) return `'${value.startsWith("-") ? "-" : ""}Infinity'::${family}`;
      return INTEGER.test(value) ? canonical(value) : value.replace(/^(-?)\./, "$10.").replace(/\.$/, "");
    case "boolean":
      return kind === "blob" ? null : (BOOLEANS.get(value.toLowerCase()) ?? null);
    case "text":
      if (kind === "string") return pgString(value);
      if (kind !== "number") return null;
      return pgString(INTEGER.test(value) && inRange(value) ? canonical(value) : realText(Number(value)));
    case "bytea":
      if (kind === "number") return null;
      return `'\\x${kind === "blob" ? value : Buffer.from(value).toString("hex")}'::bytea`;
    case "date":
      return kind === "string" && isIsoDay(value) ? pgString(value) : null;
    case "timestamp":
      return kind === "string" && isIsoTimestamp(value) && !hasZone(value) ? pgString(value) : null;
    case "timestamptz":
      return kind === "string" && isIsoTimestamp(value) ? pgString(hasZone(value) ? value : `${value}+00`) : null;
    case "uuid":
      return kind === "string" && isOfFormat("uuids", value) ? pgString(value) : null;
    case "jsonb":
      return kind === "string" && isJson(value) ? pgString(value) : null;
    case "inet":
      return kind === "string" && isOfFormat("inets", value) ? pgString(value) : null;
    default:
      return null;
  }
}

function canonical(value: string): string {
  return BigInt(value).toString();
}

function inRange(value: string): boolean {
  return BigInt(value) === BigInt.asIntN(64, BigInt(value));
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return !value.includes("\\u");
  } catch {
    return false;
  }
}
