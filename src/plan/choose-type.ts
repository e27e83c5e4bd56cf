import { type DeclaredKind, declaredDecimal, declaredKind } from "../model/declared-type.ts";
import type { ColumnProfile } from "../model/profile.ts";
import type { SourceColumn } from "../model/schema.ts";
import { chooseDateType, epochType, hasOddDefault } from "./choose-date-type.ts";
import { chooseRichType } from "./choose-rich-type.ts";
import type { Choose, TypeChoice, TypeContext } from "./type-choice.ts";
import { badTexts, beyondScale, mixedBytes, mixedText, noOneType, notBoolean, textsInNumbers } from "./type-findings.ts";

/** A type of PostgreSQL that holds every value that was seen, unchanged. */
export function chooseType(column: SourceColumn, profile: ColumnProfile, context: TypeContext): TypeChoice {
  const declared = column.declaredType === "" ? "declared without a type" : `declared ${column.declaredType}`;
  const choose = (type: string, evidence: string, ...findings: TypeChoice["findings"]): TypeChoice => ({ type, evidence: `${declared}, ${evidence}`, findings, guessed: false });
  const { integers, reals, texts, blobs } = profile;
  const numbers = integers + reals;
  const bad = profile.nulTexts + profile.invalidTexts;

  if (context.rowid) return choose("bigint", "the rowid");
  if (numbers + texts + blobs === 0) return { ...guess(column, context, choose), guessed: true };
  if (blobs > 0 && numbers > 0) return choose("bytea", "holds blobs and numbers", noOneType(profile, "blobs and numbers"));
  if (bad > 0 && numbers > 0) return choose("text", "holds numbers, and texts that PostgreSQL cannot hold", noOneType(profile, "numbers, and texts with a NUL or invalid UTF-8"));
  if (bad > 0) return choose("bytea", "holds texts that PostgreSQL's text cannot", badTexts(profile));
  if (blobs > 0 && texts > 0) return choose("bytea", "holds blobs and texts", mixedBytes(column, profile));
  if (blobs > 0) return choose("bytea", "holds blobs");
  if (texts > 0 && numbers > 0) return choose("text", "holds numbers and texts", mixedText(profile));
  if (texts > 0) return chooseForTexts(column, profile, context, choose);
  return chooseForNumbers(column, profile, context, choose);
}

function chooseForTexts(column: SourceColumn, profile: ColumnProfile, context: TypeContext, choose: Choose): TypeChoice {
  const kind = declaredKind(column.declaredType);
  if (kind === "date" || kind === "timestamp") return chooseDateType(kind, column, profile, context, choose);
  if (context.enhanced) {
    const rich = chooseRichType(column, kind, profile, context, choose);
    if (rich !== null) return rich;
  }
  if (isNumeric(kind)) return choose("text", "holds texts", textsInNumbers(profile));
  return choose("text", kind === "text" ? "holds texts" : `holds ${profile.texts} texts`);
}

function chooseForNumbers(column: SourceColumn, profile: ColumnProfile, context: TypeContext, choose: Choose): TypeChoice {
  const kind = declaredKind(column.declaredType);
  const { integers, reals } = profile;
  if (reals === 0 && (kind === "boolean" || kind === "maybe-boolean")) {
    if (profile.notBoolean === 0) return choose("boolean", `all ${integers} values are 0 or 1`);
    return choose("bigint", "holds integers beyond 0 and 1", ...(kind === "boolean" ? [notBoolean(profile)] : []));
  }
  if (kind === "decimal") return chooseDecimal(column, profile, choose);
  if (reals === 0 && kind !== "double") {
    const epoch = context.enhanced ? epochType(column, kind, profile) : null;
    if (epoch !== null) return choose("timestamptz", epoch);
    return choose("bigint", `all ${integers} values are integers`);
  }
  if (integers === 0) return choose("double precision", `all ${reals} values are reals`);
  if (isExactInDouble(profile)) return choose("double precision", "holds integers and reals");
  return choose("numeric", "holds reals, and integers that a double would round");
}

function chooseDecimal(column: SourceColumn, profile: ColumnProfile, choose: Choose): TypeChoice {
  const decimal = declaredDecimal(column.declaredType);
  if (decimal === null) return choose("numeric", "holds numbers");
  if (profile.beyondScale === 0) return choose(`numeric(${decimal.precision},${decimal.scale})`, `all ${profile.integers + profile.reals} values fit`);
  return choose("numeric", `${profile.beyondScale} values do not fit`, beyondScale(profile));
}

/** What a column without values becomes: by its declaration, and where that says little the type that takes most. */
function guess(column: SourceColumn, context: TypeContext, choose: Choose): TypeChoice {
  const kind = declaredKind(column.declaredType);
  const empty = "no values";
  switch (kind) {
    case "date":
    case "timestamp":
      return guessDate(kind, column, context, choose);
    case "boolean":
      return choose("boolean", empty);
    case "maybe-boolean":
      return choose(context.enhanced ? "boolean" : "bigint", empty);
    case "integer":
      return choose("bigint", empty);
    case "double":
      return choose("double precision", empty);
    case "decimal":
      return choose("numeric", empty);
    case "blob":
      return choose("bytea", empty);
    case "uuid":
      return choose(context.enhanced ? "uuid" : "text", empty);
    case "json":
      return choose(context.enhanced ? "jsonb" : "text", empty);
    case "time":
    case "text":
    case "none":
      return choose("text", empty);
    case "other":
      return choose(/^(multi)?(point|line|linestring|polygon|curve|surface)|^(geometry|geography)/i.test(column.declaredType) ? "bytea" : "text", empty);
  }
}

function guessDate(kind: "date" | "timestamp", column: SourceColumn, context: TypeContext, choose: Choose): TypeChoice {
  const type = kind === "date" ? "date" : context.habits.zoned ? "timestamptz" : "timestamp";
  if (hasOddDefault(column)) return choose("text", "no values, the default is no date");
  if (context.keyed) return choose("text", "no values");
  if (/^\s*\(*\s*(current_(timestamp|date)|(date|datetime)\s*\(\s*'now'\s*\))/i.test(column.defaultSql ?? "")) return choose(kind === "date" ? "date" : "timestamp", "no values, the default is a date");
  if (context.habits.iso && !context.habits.other) return choose(type, "no values, the other dates of the database are ISO texts");
  if (context.enhanced && !context.habits.other) return choose(type, "no values");
  return choose("text", "no values to say what its dates look like");
}

function isNumeric(kind: DeclaredKind): boolean {
  return kind === "integer" || kind === "decimal" || kind === "double" || kind === "boolean" || kind === "maybe-boolean";
}

const EXACT = 9_007_199_254_740_992n;

function isExactInDouble({ minInteger, maxInteger }: ColumnProfile): boolean {
  return (minInteger ?? 0n) >= -EXACT && (maxInteger ?? 0n) <= EXACT;
}
