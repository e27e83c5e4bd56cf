import { pgString } from "../../quote.ts";
import { foldedCase, lowerAscii } from "./collation.ts";
import { settledLike } from "./open-parameter.ts";
import {
  ATOM,
  inBytes,
  isInteger,
  isText,
  isTextual,
  OTHER,
  operand,
  RANGE,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** LIKE, which in SQLite takes the ASCII letters of both cases for one and knows no escape unless told. */
export function likePattern(value: TypedSql, pattern: TypedSql, escapeWith: TypedSql | null, not: boolean): TypedSql {
  if (isInteger(value)) return likePattern(asDigits(value), pattern, escapeWith, not);
  if (escapeWith !== null && (escapeWith.literal === null || !/^[^A-Za-z%_]$/.test(escapeWith.literal)))
    throw new Untranslatable("it has an ESCAPE that is not known");
  const sign = escapeWith?.literal ?? "";
  if (isTextual(value) && (isGiven(pattern) || (pattern.literal === null && isText(pattern))))
    return givenPattern([value, pattern], sign, not);
  if (!isTextual(value) || pattern.literal === null || pattern.family !== "text")
    throw new Untranslatable("it has LIKE with something other than a text and a fixed pattern");
  // PostgreSQL fails where nothing follows the escape.
  if (sign !== "" && pattern.literal.replaceAll(`${sign}${sign}`, "").endsWith(sign))
    throw new Untranslatable("it has a LIKE pattern that ends with its ESCAPE");
  return typed(
    `${foldedCase(value)} ${not ? "not like" : "like"} ${pgString(lowerAscii(pattern.literal))} escape ` +
      `${pgString(sign)}`,
    "boolean",
    RANGE,
    [value],
  );
}

/** A parameter, or a text made of one and of others: `'%' || ? || '%'`. */
function isGiven({ bare, literal, family, parameter }: TypedSql): boolean {
  return literal === null && bare.length === 0 && (parameter !== undefined || family === "text");
}

function givenPattern([value, pattern]: readonly [TypedSql, TypedSql], sign: string, not: boolean): TypedSql {
  const text = settledLike(pattern, typed("", "text"));
  const folded = foldedCase(text);
  const sql = `${foldedCase(value)} ${not ? "not like" : "like"} ${folded} escape ${pgString(sign)}`;
  if (sign === "") return typed(sql, "boolean", RANGE, [value, text]);
  // With nothing behind its last escape a pattern matches nothing in SQLite, and fails in PostgreSQL.
  const ends = `length(${folded}) - length(rtrim(${folded}, ${pgString(sign)}))`;
  const isOpen = `(${ends}) % 2 = 1 and ${operand(value, OTHER)} is not null`;
  return typed(`case when ${isOpen} then ${not} else ${sql} end`, "boolean", ATOM, [value, text]);
}

function asDigits(value: TypedSql): TypedSql {
  return typed(`${operand(value, ATOM)}::text`, "text", ATOM, [value]);
}

/** GLOB as a regular expression. */
export function globPattern(value: TypedSql, pattern: TypedSql, not: boolean): TypedSql {
  if (!isTextual(value) || pattern.literal === null || pattern.family !== "text")
    throw new Untranslatable("it has GLOB with something other than a text and a fixed pattern");
  return typed(
    `${inBytes(value).sql} ${not ? "!~" : "~"} ${pgString(`^${globRegex(pattern.literal)}$`)}`,
    "boolean",
    OTHER,
    [value],
  );
}

function globRegex(glob: string): string {
  return glob.replace(
    /\[(\^?)([^\][\\^]+)\]|[\s\S]/g,
    (piece, caret: string | undefined, inside: string | undefined) => {
      if (inside !== undefined) return `[${caret ?? ""}${characterSet(inside)}]`;
      if (piece === "*") return ".*";
      if (piece === "?") return ".";
      if (piece === "[" || piece === "]") throw new Untranslatable("it has a GLOB pattern that is not known");
      return piece.replace(/[\\^$.|+(){}]/, "\\$&");
    },
  );
}

/** Single characters and ranges that go upwards: a regular expression fails with others, GLOB does not. */
function characterSet(inside: string): string {
  const items = [...inside.matchAll(/([^-])-([^-])|[^-]|-/gsu)];
  const isPlain = items.every(
    ([item, from, to], index) =>
      (from !== undefined && to !== undefined && (from.codePointAt(0) ?? 0) <= (to.codePointAt(0) ?? 0)) ||
      (item !== "-" && from === undefined) ||
      (item === "-" && (index === 0 || index === items.length - 1)),
  );
  if (!isPlain) throw new Untranslatable("it has a GLOB pattern that is not known");
  return inside;
}
