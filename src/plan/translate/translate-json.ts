import { pgString } from "../../quote.ts";
import { extractedValue, jsonPart } from "./translate-json-function.ts";
import {
  ATOM,
  COMPARE,
  isTextual,
  OTHER,
  operand,
  type Scope,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** json_valid(), as far as a row has to be refused that is no JSON. */
export function jsonValid(value: TypedSql, { asserts }: Scope): TypedSql {
  if (value.family === "json")
    return typed(asserts === true ? "true" : `case when ${value.sql} is not null then true end`, "boolean", ATOM, [
      value,
    ]);
  // The cast fails where SQLite says 0: only where that is an answer.
  if (!isTextual(value) || asserts !== true)
    throw new Untranslatable("it calls json_valid() in a way that has no sure translation");
  return {
    ...typed(`json_typeof(${operand(value, ATOM)}::json) <> ''`, "boolean", COMPARE, [value]),
    asserting: value.sql,
  };
}

/** A member of a JSON value as text, for an index: in SQLite it may be a number, too. */
export function jsonMember(operator: string, [value, path]: readonly TypedSql[], { loose, now }: Scope): TypedSql {
  // A statement that runs once; what a view or an index gives has one type.
  if (now === true && value !== undefined && path !== undefined)
    return operator === "->" ? jsonPart([value, path]) : extractedValue([value, path], operator === "->>");
  const keys = path === undefined ? null : keysOf(path);
  if (loose !== true || operator === "->" || value?.family !== "json" || keys === null)
    throw new Untranslatable("it reads values out of JSON, which may be of another type in PostgreSQL");
  const [only] = keys;
  const sql =
    keys.length === 1
      ? `${operand(value, OTHER)} ->> ${only ?? ""}`
      : `${operand(value, OTHER)} #>> ` +
        `array[${keys.map((key) => (key.startsWith("'") || key.startsWith("E") ? key : `'${key}'`)).join(", ")}]`;
  return typed(sql, "text", OTHER, [value]);
}

/** `$.a.b[0]`, or the name of a member, or the place in an array. */
function keysOf({ literal, family }: TypedSql): string[] | null {
  if (literal === null) return null;
  if (family === "integer") return [literal];
  if (!literal.startsWith("$")) return [pgString(literal)];
  const steps = [...literal.slice(1).matchAll(/\.(?:"([^"\\]+)"|([^."[\]\\]+))|\[(\d+)\]/gy)];
  if (steps.length === 0 || steps.reduce((length, [step]) => length + step.length, 1) !== literal.length) return null;
  return steps.map(([, quoted, name, place]) => place ?? pgString(quoted ?? name ?? ""));
}
