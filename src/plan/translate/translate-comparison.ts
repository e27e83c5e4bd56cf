import { pgString } from "../../quote.ts";
import { isIsoDay } from "../types/iso-timestamp.ts";
import { collationOf, foldedCase } from "./collation.ts";
import { compareJsonValues } from "./compare-json-values.ts";
import { convertedLike } from "./open-parameter.ts";
import {
  comparisonAffinity,
  fitsDouble,
  INTEGER,
  isNumericAffinity,
  isWithin,
  looksNumeric,
} from "./storage-classes.ts";
import {
  ATOM,
  asInteger,
  inBytes,
  isBlob,
  isDate,
  isInteger,
  isMixedText,
  isNumber,
  isRealLiteral,
  isText,
  OTHER,
  operand,
  type TypedSql,
  typed,
  Untranslatable,
} from "./typed-sql.ts";

/** Two operands as PostgreSQL must compare them to come to SQLite's result. */
export interface Pair {
  readonly left: TypedSql;
  readonly right: TypedSql;
}

/**
 * SQLite compares anything with anything: first the affinity of one side converts the other, then numbers come before
 * texts and texts before blobs. Here only what surely means the same.
 */
export function compare(left: TypedSql, right: TypedSql, operator: string): Pair {
  if (left.isJsonValue === true || right.isJsonValue === true) return compareJsonValues(left, right, operator);
  if (left.parameter !== undefined || right.parameter !== undefined) return compareParameter(left, right, operator);
  const mixture = isEquality(operator) ? compareMixed(left, right) : null;
  if (mixture !== null) return mixture;
  if (isText(left) && isText(right)) return compareTexts(left, right, operator);
  if (isNumberOrTruth(left) && isNumberOrTruth(right)) return compareNumbers(left, right);
  if (isBlob(left) && isBlob(right)) return { left, right };
  if (isNumberOrTruth(left) && isText(right)) return numberAndText(left, right, operator);
  if (isText(left) && isNumberOrTruth(right)) {
    const { left: number, right: text } = numberAndText(right, left, operator);
    return { left: text, right: number };
  }
  if (isDate(left) || isDate(right)) return compareDates(left, right);
  throw new Untranslatable("it compares values of different types");
}

/** A parameter is taken for a value of the type that it is compared with. */
function compareParameter(left: TypedSql, right: TypedSql, operator: string): Pair {
  const [one, other] = [convertedLike(left, right), convertedLike(right, left)];
  // Of a type that is compared as a whole, such as uuid, texts and values are equal alike if they have one spelling.
  const isOpaque = one.family === "other" && one.typeName === other.typeName && one.isRespelled !== true;
  if (isOpaque && other.isRespelled !== true && isEquality(operator)) return { left: one, right: other };
  return compare(one, other, operator);
}

function isNumberOrTruth(piece: TypedSql): boolean {
  return isNumber(piece) || (piece.family === "boolean" && isWithin(piece.classes, INTEGER));
}

function compareNumbers(left: TypedSql, right: TypedSql): Pair {
  if (left.family === "boolean" && right.family === "boolean") return { left, right };
  if (left.family === "boolean" && isTruthNumber(right)) return { left, right: asTruth(right) };
  if (right.family === "boolean" && isTruthNumber(left)) return { left: asTruth(left), right };
  const [one, other] = [asInteger(left), asInteger(right)];
  for (const [piece, facing] of [
    [one, other],
    [other, one],
  ] as const) {
    // PostgreSQL makes a double of an integer next to a double; SQLite compares the values themselves.
    const isRounded = facing.family === "double" && facing.literal === null && piece.family !== "double";
    if (isRounded && !fitsDouble(piece.range))
      throw new Untranslatable("it compares reals with integers of more than 53 bits");
    if (isRealLiteral(piece) && significantDigits(piece.literal ?? "") > 15)
      throw new Untranslatable("it compares with a number of more than 15 digits");
  }
  return { left: one, right: other };
}

function significantDigits(number: string): number {
  return number.replace(/e.*$/i, "").replace(/[-.]/g, "").replace(/^0+/, "").length;
}

function isTruthNumber({ family, literal }: TypedSql): boolean {
  return family === "integer" && (literal === "0" || literal === "1");
}

function asTruth({ literal }: TypedSql): TypedSql {
  return typed(literal === "1" ? "true" : "false", "boolean");
}

/** Either the text becomes a number, or the number a text, or they are never equal. */
function numberAndText(number: TypedSql, text: TypedSql, operator: string): Pair {
  const affinity = comparisonAffinity(number.affinity, text.affinity);
  if (isNumericAffinity(affinity) && text.literal !== null) return compareNumbers(number, asNumber(text));
  if (affinity === "text") {
    const { left, right } = compareTexts(text, asText(number), operator);
    return { left: right, right: left };
  }
  throw new Untranslatable("it compares numbers with texts");
}

function asText(number: TypedSql): TypedSql {
  if (!isInteger(number)) throw new Untranslatable("it compares numbers with texts");
  return number.literal === null
    ? typed(`${operand(number, ATOM)}::text`, "text", ATOM, [number])
    : { ...typed(pgString(number.literal), "text"), literal: number.literal };
}

/** A string next to a column of numbers is a number to SQLite if it looks like one. */
function asNumber({ literal }: TypedSql): TypedSql {
  const text = literal ?? "";
  if (/^-?(0|[1-9]\d{0,17})$/.test(text))
    return { ...typed(text, "integer"), literal: text, range: [Number(text), Number(text)] };
  if (/^-?(0|[1-9]\d{0,8})\.\d{1,6}$/.test(text))
    return { ...typed(text, "double"), literal: text, range: [Number(text), Number(text)] };
  throw new Untranslatable("it compares numbers with texts");
}

/**
 * A column that mixes integers and texts, next to another such column, a literal, or nothing that looks like a number.
 */
function compareMixed(left: TypedSql, right: TypedSql): Pair | null {
  const isMixed = (piece: TypedSql) => isMixedText(piece) && !isText(piece);
  if (!isMixed(left) && !isMixed(right)) return null;
  if (isMixedText(left) && isMixedText(right)) return collated(left, right);
  const [mixed, other] = isMixed(left) ? [left, right] : [right, left];
  const text = other.literal;
  if (text === null || !(isText(other) || isInteger(other))) return null;
  const isWord = isText(other) && !looksNumeric(text);
  if (!isWord && !/^-?(0|[1-9]\d{0,17})$/.test(text)) return null;
  const literal: TypedSql = { ...other, sql: pgString(text), family: "text", binding: ATOM };
  return mixed === left ? collated(left, literal) : collated(literal, right);
}

function compareTexts(left: TypedSql, right: TypedSql, operator: string): Pair {
  requireTextsStay(left, right, operator);
  const { collation, ...pair } = collated(left, right);
  // Equality is the same under every collation, order is not.
  if (isEquality(operator) || collation !== "BINARY") return pair;
  return right.byBytes === true ? { left, right } : { left: inBytes(left), right };
}

function collated(left: TypedSql, right: TypedSql): Pair & { readonly collation: string } {
  const collation = collationOf(left, right);
  if (collation === "BINARY") return { left, right, collation };
  if (collation === "NOCASE") return { left: folded(left), right: folded(right), collation };
  if (collation === "RTRIM") return { left: trimmed(left), right: trimmed(right), collation };
  throw new Untranslatable(`it compares by the collation ${collation}`);
}

/**
 * NUMERIC affinity makes numbers of texts that look like some. No text in a column of that affinity does, so such a
 * column is equal to none that becomes a number; but its texts are greater than all of those.
 */
function requireTextsStay(left: TypedSql, right: TypedSql, operator: string): void {
  const affinity = comparisonAffinity(left.affinity, right.affinity);
  if (affinity === "unclear") throw new Untranslatable("it compares texts by an affinity that is not clear");
  if (!isNumericAffinity(affinity)) return;
  for (const piece of [left, right]) {
    if (isNumericAffinity(piece.affinity)) continue;
    const stays = piece.literal === null ? isEquality(operator) : !looksNumeric(piece.literal);
    if (!stays) throw new Untranslatable("it compares texts as numbers");
  }
}

function folded(value: TypedSql): TypedSql {
  return { ...typed(foldedCase(value), "text", ATOM, [value]), byBytes: value.literal === null };
}

function trimmed(value: TypedSql): TypedSql {
  if (value.literal !== null) return { ...typed(pgString(value.literal.replace(/ +$/, "")), "text"), literal: null };
  return { ...typed(`rtrim(${inBytes(value).sql})`, "text", ATOM, [value]), byBytes: true };
}

function compareDates(left: TypedSql, right: TypedSql): Pair {
  if (left.family === right.family) {
    if (left.isRespelled === true || right.isRespelled === true)
      throw new Untranslatable("it compares dates that are written in several ways");
    return { left, right };
  }
  if (left.family === "date" && right.today !== undefined) return { left, right: typed(right.today, "date", OTHER) };
  if (right.family === "date" && left.today !== undefined) return { left: typed(left.today, "date", OTHER), right };
  if (left.family === "date" && isDayLiteral(right)) return { left, right: typed(`date ${right.sql}`, "date", OTHER) };
  if (right.family === "date" && isDayLiteral(left)) return { left: typed(`date ${left.sql}`, "date", OTHER), right };
  throw new Untranslatable("it compares values of different types");
}

function isDayLiteral(piece: TypedSql): boolean {
  return isText(piece) && piece.literal !== null && /^\d{4}-\d\d-\d\d$/.test(piece.literal) && isIsoDay(piece.literal);
}

export function isEquality(operator: string): boolean {
  return operator === "=" || operator === "<>" || operator === "IS" || operator === "IS NOT";
}
