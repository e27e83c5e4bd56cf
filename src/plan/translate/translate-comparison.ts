import { pgString } from "../../quote.ts";
import {
  IS,
  inBytes,
  isNumber,
  NOT,
  OTHER,
  operand,
  RANGE,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** Two operands as PostgreSQL must compare them to come to SQLite's result. */
export interface Pair {
  readonly left: TypedSql;
  readonly right: TypedSql;
}

/** SQLite compares anything with anything; here only what surely means the same. */
export function compare(left: TypedSql, right: TypedSql, operator: string): Pair {
  if (left.family === "text" && right.family === "text") return compareTexts(left, right, operator);
  if (isNumber(left) && isNumber(right)) return { left, right };
  if (left.family === "boolean" && right.literal !== null) return { left, right: asBoolean(right) };
  if (right.family === "boolean" && left.literal !== null) return { left: asBoolean(left), right };
  // TRUE and FALSE are 1 and 0.
  if (left.literal !== null && left.family === "boolean" && isNumber(right))
    return { left: typed(left.literal, "integer"), right };
  if (right.literal !== null && right.family === "boolean" && isNumber(left))
    return { left, right: typed(right.literal, "integer") };
  if (isNumber(left) && right.literal !== null && right.family === "text") return { left, right: asNumber(right) };
  if (isTextColumn(left) && isPlainInteger(right) && isEquality(operator))
    return { left, right: typed(pgString(right.literal ?? ""), "text") };
  if (left.family === right.family && left.family !== "null" && left.family !== "other" && left.family !== "json")
    return { left, right };
  if (left.family === "date" && right.literal !== null && /^\d{4}-\d\d-\d\d$/.test(right.literal))
    return { left, right: typed(`date ${right.sql}`, "date", OTHER) };
  throw new Untranslatable("it compares values of different types");
}

/** `typeof(x) = 'integer'` in a column where all that is not NULL is an integer. */
export function typeTest(
  { subject, name }: NonNullable<TypedSql["typeOf"]>,
  item: TypedSql,
  operator: string,
): TypedSql {
  if (item.family !== "text" || item.literal === null)
    throw new Untranslatable("it compares typeof() with what is no fixed text");
  const says = item.literal === name ? "is not null" : item.literal === "null" ? "is null" : null;
  const test =
    says === null ? typed("false", "boolean") : typed(`${operand(subject, OTHER)} ${says}`, "boolean", IS, [subject]);
  return operator === "=" ? test : typed(`not ${operand(test, NOT + 1)}`, "boolean", NOT, [subject]);
}

export function inList(value: TypedSql, items: readonly TypedSql[], not: boolean): TypedSql {
  const { typeOf } = value;
  if (typeOf !== undefined) {
    const tests = items.map((item) => typeTest(typeOf, item, "=")).filter(({ sql }) => sql !== "false");
    const [only] = tests;
    const test = tests.length > 1 ? typed("true", "boolean") : (only ?? typed("false", "boolean"));
    return not ? typed(`not ${operand(test, NOT + 1)}`, "boolean", NOT, [value]) : test;
  }
  const pairs = items.map((item) =>
    item.family === "null" ? { left: value, right: item } : compare(value, item, "="),
  );
  const first = pairs.find(({ right }) => right.family !== "null");
  if (first === undefined) throw new Untranslatable("it has a list without values");
  return typed(
    `${operand(first.left, OTHER)} ${not ? "not in" : "in"} (${pairs.map(({ right }) => right.sql).join(", ")})`,
    "boolean",
    RANGE,
    [value, ...items],
  );
}

/** LIKE, which in SQLite takes the ASCII letters of both cases for one and knows no escape unless told. */
export function likePattern(value: TypedSql, pattern: TypedSql, escapeWith: TypedSql | null, not: boolean): TypedSql {
  if (value.family !== "text" || pattern.literal === null || pattern.family !== "text")
    throw new Untranslatable("it has LIKE with something other than a text and a fixed pattern");
  if (escapeWith !== null && (escapeWith.literal === null || !/^[^A-Za-z]$/.test(escapeWith.literal)))
    throw new Untranslatable("it has an ESCAPE that is not known");
  return typed(
    `${foldedCase(value)} ${not ? "not like" : "like"} ${pgString(lowerAscii(pattern.literal))} escape ${pgString(escapeWith?.literal ?? "")}`,
    "boolean",
    RANGE,
    [value],
  );
}

/** GLOB as a regular expression. */
export function globPattern(value: TypedSql, pattern: TypedSql, not: boolean): TypedSql {
  if (value.family !== "text" || pattern.literal === null || pattern.family !== "text")
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
      if (inside !== undefined) return `[${caret ?? ""}${inside}]`;
      if (piece === "*") return ".*";
      if (piece === "?") return ".";
      if (piece === "[" || piece === "]") throw new Untranslatable("it has a GLOB pattern that is not known");
      return piece.replace(/[\\^$.|+(){}]/, "\\$&");
    },
  );
}

function compareTexts(left: TypedSql, right: TypedSql, operator: string): Pair {
  const says = left.explicit === true || right.explicit !== true ? [left, right] : [right, left];
  const collation = says.find((piece) => piece.collation !== null)?.collation ?? "BINARY";
  if (collation === "NOCASE") return { left: typed(foldedCase(left), "text"), right: typed(foldedCase(right), "text") };
  if (collation !== "BINARY") throw new Untranslatable(`it compares by the collation ${collation}`);
  // Equality is the same under every collation, order is not.
  if (operator === "=" || operator === "<>") return { left, right };
  return right.byBytes === true ? { left, right } : { left: inBytes(left), right };
}

/** A text as SQLite's NOCASE sees it: only ASCII letters have case. */
export function foldedCase(value: TypedSql): string {
  return value.literal === null ? `lower(${inBytes(value).sql})` : pgString(lowerAscii(value.literal));
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function asBoolean(value: TypedSql): TypedSql {
  if (value.family === "boolean") return value;
  if (value.family === "integer" && (value.literal === "0" || value.literal === "1"))
    return typed(value.literal === "1" ? "true" : "false", "boolean");
  throw new Untranslatable("it compares a boolean with something other than 0 and 1");
}

/** A number beside a column of texts is a text to SQLite. Its order would be another than in a column that mixes both. */
function isTextColumn({ family, literal, bare, sql }: TypedSql): boolean {
  return family === "text" && literal === null && bare.length === 1 && bare[0] === sql;
}

function isPlainInteger({ family, literal }: TypedSql): boolean {
  return family === "integer" && /^-?\d+$/.test(literal ?? "");
}

function isEquality(operator: string): boolean {
  return operator === "=" || operator === "<>";
}

/** A string beside a column of numbers is a number to SQLite if it looks like one. */
function asNumber(value: TypedSql): TypedSql {
  if (!/^-?(0|[1-9]\d{0,17})$/.test(value.literal ?? "")) throw new Untranslatable("it compares numbers with text");
  return typed(value.literal ?? "", "integer");
}
