import { pgString } from "../../quote.ts";
import { foldedCase, lowerAscii } from "./collation.ts";
import { settledLike } from "./open-parameter.ts";
import { inBytes, isTextual, OTHER, RANGE, type TypedSql, typed, Untranslatable } from "./typed-sql.ts";

/** LIKE, which in SQLite takes the ASCII letters of both cases for one and knows no escape unless told. */
export function likePattern(value: TypedSql, pattern: TypedSql, escapeWith: TypedSql | null, not: boolean): TypedSql {
  if (isTextual(value) && isGiven(pattern) && escapeWith === null) return givenPattern(value, pattern, not);
  if (!isTextual(value) || pattern.literal === null || pattern.family !== "text")
    throw new Untranslatable("it has LIKE with something other than a text and a fixed pattern");
  if (escapeWith !== null && (escapeWith.literal === null || !/^[^A-Za-z%_]$/.test(escapeWith.literal)))
    throw new Untranslatable("it has an ESCAPE that is not known");
  const sign = escapeWith?.literal ?? "";
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

function givenPattern(value: TypedSql, pattern: TypedSql, not: boolean): TypedSql {
  const text = settledLike(pattern, typed("", "text"));
  const sql = `${foldedCase(value)} ${not ? "not like" : "like"} ${foldedCase(text)} escape ''`;
  return typed(sql, "boolean", RANGE, [value, text]);
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
