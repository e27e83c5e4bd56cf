import { pgString } from "../../quote.ts";
import type { Expression } from "../../sqlite-sql/ast.ts";
import { parseExpression } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { hasZone, isIsoDay, isIsoTimestamp } from "../types/iso-timestamp.ts";
import { type Translation, translateValue, truthOf } from "./translate-expression.ts";
import { translateNow } from "./translate-now.ts";
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
  const random = randomIdentifier(text, family);
  if (random !== null) return done(random);
  const node = parsed(text);
  if (node === null) return failed("the parser does not know this SQL");
  if (node.kind === "null") return { sql: null, reason: null };
  const now = translateNow(node, family);
  if (now !== null) return now === "" ? failed("it is a moment in a form that has no translation") : done(now);
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
      return kind !== "blob" && /^[01]$/.test(value) ? String(value === "1") : null;
    case "text":
      if (kind === "string") return pgString(value);
      return kind === "number" && (INTEGER.test(value) || /^-?\d+\.\d*[1-9]$/.test(value) || /^-?\d+\.0$/.test(value))
        ? pgString(INTEGER.test(value) ? canonical(value) : value)
        : null;
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
      return kind === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? pgString(value) : null;
    case "jsonb":
      return kind === "string" && isJson(value) ? pgString(value) : null;
    case "inet":
      return kind === "string" &&
        /^\d{1,3}(\.\d{1,3}){3}$/.test(value) &&
        value.split(".").every((part) => Number(part) < 256)
        ? pgString(value)
        : null;
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

/** The ways to make a random identifier that SQLite's applications have: hex digits, or a UUID put together. */
function randomIdentifier(text: string, family: string): string | null {
  const squeezed = text.toLowerCase().replace(/\s+/g, "");
  if (family !== "text" && family !== "uuid") return null;
  if (
    /randomblob\(4\).*randomblob\(2\).*'-?4'.*'(89ab|ab89)'.*randomblob\(6\)/.test(squeezed) &&
    /^\(*lower\(/.test(squeezed)
  )
    return family === "uuid" ? "gen_random_uuid()" : "gen_random_uuid()::text";
  const hex = /^\(*(lower\()?hex\(randomblob\((\d+)\)\)\)*$/.exec(squeezed);
  const bytes = Number(hex?.[2] ?? 0);
  if (family === "uuid" || bytes < 1 || bytes > 16) return null;
  const digits =
    bytes === 16
      ? "replace(gen_random_uuid()::text, '-', '')"
      : `substr(replace(gen_random_uuid()::text, '-', ''), 1, ${2 * bytes})`;
  return hex?.[1] === undefined ? `upper(${digits})` : digits;
}
