import {
  ATOM,
  asInteger,
  isNumber,
  isText,
  OTHER,
  operand,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/**
 * Values out of JSON, compared as jsonb with what has no affinity: values of two types are never equal there, too, and
 * are put into SQLite's order: numbers before texts.
 */
export function compareJsonValues(
  left: TypedSql,
  right: TypedSql,
  operator: string,
): { readonly left: TypedSql; readonly right: TypedSql } {
  const isEquality = ["=", "<>", "IS", "IS NOT"].includes(operator);
  const both = [left, right].every(({ isJsonValue }) => isJsonValue === true);
  if (both && !isEquality) throw new Untranslatable("it compares two values out of JSON, whose types are not known");
  const sides = { left: asJson(left), right: asJson(right) };
  const isNumeric = [sides.left, sides.right].some(({ kind }) => kind === "number");
  if (!isEquality && !isNumeric) throw new Untranslatable("it compares values out of JSON with texts by their order");
  const written = (side: Side, piece: TypedSql, other: Side) =>
    side.kind === "value" ? typed(comparable(piece, other, isEquality), "json", ATOM, [piece]) : side.sql;
  return { left: written(sides.left, left, sides.right), right: written(sides.right, right, sides.left) };
}

/** A value out of JSON as it must be written so that jsonb compares it with the other side as SQLite does. */
function comparable(piece: TypedSql, other: Side, isEquality: boolean): string {
  const { literal } = other;
  const part = `nullif(${piece.jsonPart ?? piece.sql}, 'null')`;
  // A number is equal to no text, object or list, and a text that begins otherwise to no spelling of one.
  if (isEquality && other.kind === "number") return literal === null || Number(literal) <= 1 ? piece.sql : part;
  if (isEquality && literal !== null && !/^[[{]/.test(literal)) return part;
  return ordered(piece.sql, other.kind === "number");
}

interface Side {
  readonly kind: "value" | "number" | "text";
  readonly sql: TypedSql;
  readonly literal: string | null;
}

function asJson(piece: TypedSql): Side {
  if (piece.isJsonValue === true) return { kind: "value", sql: piece, literal: null };
  const value = settledAsKnown(piece);
  const number = asInteger(value);
  if (value.affinity !== "none") throw new Untranslatable("it compares a value out of JSON with a column");
  if (isNumber(number))
    return { kind: "number", sql: jsonb(`${operand(number, ATOM)}::numeric`, value), literal: value.literal };
  if (isText(value))
    return { kind: "text", sql: jsonb(`${operand(value, ATOM)}::text`, value), literal: value.literal };
  throw new Untranslatable("it compares a value out of JSON with one of another type");
}

function jsonb(sql: string, from: TypedSql): TypedSql {
  return typed(`to_jsonb(${sql})`, "json", ATOM, [from]);
}

function settledAsKnown(piece: TypedSql): TypedSql {
  const { parameter } = piece;
  if (parameter === undefined) return piece;
  const [type, family] = TYPES[parameter.known ?? "null"];
  if (type === null) throw new Untranslatable("it compares a value out of JSON with a parameter of unknown type");
  return typed(parameter.as(type, "kept"), family);
}

const TYPES = {
  integer: ["bigint", "integer"],
  real: ["double precision", "double"],
  text: ["text", "text"],
  blob: [null, "other"],
  null: [null, "other"],
} as const;

/**
 * Next to a number all else is greater in SQLite, as a truth value is in jsonb. Next to a text an object would be
 * compared by its spelling: such a row fails aloud.
 */
function ordered(value: string, isNumeric: boolean): string {
  const others = isNumeric
    ? "when 'string' then 'true'::jsonb when 'array' then 'true'::jsonb when 'object' then 'true'::jsonb"
    : `when 'array' then (${operand(typed(value, "json"), OTHER)} #>> '{}')::integer::text::jsonb ` +
      `when 'object' then (${operand(typed(value, "json"), OTHER)} #>> '{}')::integer::text::jsonb`;
  return `case jsonb_typeof(${value}) ${others} else ${value} end`;
}
