import { type DeclaredKind, declaredDecimal, declaredKind } from "../../model/declared-type.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { badTexts } from "../findings/bad-text-findings.ts";
import { figure } from "../findings/count-values.ts";
import { datesAsText, describeFormats } from "../findings/date-findings.ts";
import { formatFindings } from "../findings/format-findings.ts";
import { blobsAndNumbers, emptyTextsIn, textsAndBlobs, textsAndNumbers } from "../findings/mixture-findings.ts";
import { beyondScale, infinite, notBoolean, textsInNumbers } from "../findings/number-findings.ts";
import { chooseDateType, guessDateType } from "./choose-date-type.ts";
import { askedByName, chooseDateOfNumbers } from "./choose-numeric-date.ts";
import { chooseRichType } from "./choose-rich-type.ts";
import { isExactInDouble, numberType } from "./number-type.ts";
import type { Choose, TypeChoice, TypeContext } from "./type-choice.ts";

/** A type of PostgreSQL that holds every value that was seen, unchanged. */
export function chooseType(column: SourceColumn, profile: ColumnProfile, context: TypeContext): TypeChoice {
  const declared = column.declaredType === "" ? "declared without a type" : `declared ${column.declaredType}`;
  const choose = (type: string, evidence: string, ...findings: TypeChoice["findings"]): TypeChoice => ({
    type,
    evidence: `${declared}, ${evidence}`,
    findings,
    guessed: false,
  });
  const { integers, reals, texts, blobs } = profile;
  const numbers = integers + reals;
  const bad = profile.nulTexts + profile.invalidTexts;

  if (context.rowid) return choose("bigint", "the rowid");
  if (numbers + texts + blobs === 0) return { ...guess(column, context, choose), guessed: true };
  if (blobs > 0 && numbers > 0) return chooseForBlobsAndNumbers(column, profile, context, choose);
  if (bad > 0)
    return choose(
      numbers > 0 ? "text" : "bytea",
      `holds ${numbers > 0 ? "numbers, and " : ""}texts that PostgreSQL's text cannot`,
      ...badTexts(column, profile, context),
    );
  if (blobs > 0 && texts > 0)
    return choose("bytea", "holds blobs and texts", textsAndBlobs(column, profile, context.keyed));
  if (blobs > 0) return choose("bytea", `all ${figure(blobs)} values are blobs`);
  if (texts > 0 && numbers > 0) return chooseForMixture(column, profile, context, choose);
  if (texts > 0) return chooseForTexts(column, profile, context, choose);
  return chooseForNumbers(column, profile, context, choose);
}

function chooseForBlobsAndNumbers(
  column: SourceColumn,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const { type, ...note } = blobsAndNumbers(column, profile, context.keyed);
  return choose(type, "holds blobs and numbers", note, ...(type === "text" ? badTexts(column, profile, context) : []));
}

function chooseForMixture(
  column: SourceColumn,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const kind = declaredKind(column.declaredType);
  const evidence = `holds ${figure(profile.integers + profile.reals)} numbers and ${figure(profile.texts)} texts`;
  if (kind === "date" || kind === "timestamp")
    return choose(
      "text",
      `holds ${describeFormats(profile.dateFormats ?? {})}`,
      datesAsText(column, profile, context.keyed),
    );
  if (kind === "boolean" && profile.emptyTexts < profile.texts)
    return choose("text", evidence, notBoolean(column, profile, "text", context.keyed));
  const { type } = chooseForNumbers(column, { ...profile, texts: 0, emptyTexts: 0 }, context, choose);
  return choose("text", evidence, textsAndNumbers(column, profile, type, context.keyed));
}

function chooseForTexts(
  column: SourceColumn,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const kind = declaredKind(column.declaredType);
  const { texts } = profile;
  if (kind === "date" || kind === "timestamp") return chooseDateType(kind, column, profile, context, choose);
  if (context.enhanced) {
    const rich = chooseRichType(column, kind, profile, context, choose);
    if (rich !== null) return rich;
  }
  if (kind === "boolean" && profile.emptyTexts < texts)
    return choose("text", `all ${figure(texts)} values are texts`, notBoolean(column, profile, "text", context.keyed));
  if (isNumeric(kind))
    return choose(
      "text",
      `all ${figure(texts)} values are texts`,
      profile.emptyTexts === texts && !context.keyed
        ? emptyTextsIn(column, profile, kind === "boolean" ? "boolean" : numberType(profile))
        : textsInNumbers(column, profile),
    );
  return choose("text", `all ${figure(texts)} values are texts`, ...formatFindings(column, kind, profile, context));
}

function chooseForNumbers(
  column: SourceColumn,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const kind = declaredKind(column.declaredType);
  const { integers, reals } = profile;
  if (reals === 0 && profile.notBoolean === 0 && (kind === "boolean" || kind === "maybe-boolean"))
    return choose("boolean", `all ${figure(integers)} values are 0 or 1`);
  if (reals === 0 && profile.notBoolean === 0 && isBooleanByDefault(column))
    return choose("boolean", `all ${figure(integers)} values are 0 or 1, the default is a truth value`);
  if (kind === "boolean")
    return choose(
      numberType(profile),
      "holds numbers beyond 0 and 1",
      notBoolean(column, profile, numberType(profile), context.keyed),
    );
  if (kind === "decimal") return chooseDecimal(column, profile, context, choose);
  if (kind === "date" || kind === "timestamp") return chooseDateOfNumbers(column, profile, context, choose);
  if (reals === 0 && kind !== "double") {
    const asked = context.enhanced ? askedByName(column, kind, profile, context) : [];
    return choose("bigint", `all ${figure(integers)} values are integers`, ...asked);
  }
  return chooseNumber(column, profile, choose);
}

function chooseNumber(column: SourceColumn, profile: ColumnProfile, choose: Choose): TypeChoice {
  const { integers, reals } = profile;
  const type = isExactInDouble(profile) ? "double precision" : "numeric";
  const evidence =
    integers === 0
      ? `all ${figure(reals)} values are reals`
      : type === "double precision"
        ? "holds integers and reals"
        : "holds integers that a double would round";
  return choose(type, evidence, ...(profile.infinities > 0 ? [infinite(column, profile, type)] : []));
}

function chooseDecimal(column: SourceColumn, profile: ColumnProfile, context: TypeContext, choose: Choose): TypeChoice {
  const decimal = declaredDecimal(column.declaredType);
  const infinities = profile.infinities > 0 ? [infinite(column, profile, "numeric")] : [];
  if (decimal === null) return choose("numeric", "holds numbers", ...infinities);
  if (profile.beyondScale === 0)
    return choose(
      `numeric(${decimal.precision},${decimal.scale})`,
      `all ${figure(profile.integers + profile.reals)} values fit`,
    );
  return choose(
    "numeric",
    `${figure(profile.beyondScale)} of ${figure(profile.integers + profile.reals)} values do not fit`,
    beyondScale(column, profile, decimal, context.keyed),
    ...infinities,
  );
}

/** What a column without values becomes: by its declaration, and where that says little the type that takes most. */
function guess(column: SourceColumn, context: TypeContext, choose: Choose): TypeChoice {
  const kind = declaredKind(column.declaredType);
  const empty = "no values";
  switch (kind) {
    case "date":
    case "timestamp":
      return guessDateType(kind, column, context, choose);
    case "boolean":
      return choose("boolean", empty);
    case "maybe-boolean":
      return choose(context.enhanced ? "boolean" : "bigint", empty);
    case "integer":
      return choose("bigint", empty);
    case "double":
      return choose("double precision", empty);
    case "decimal":
      return isBooleanByDefault(column)
        ? choose("boolean", `${empty}, the default is a truth value`)
        : choose("numeric", empty);
    case "blob":
      return choose("bytea", empty);
    case "uuid":
      return choose(context.enhanced ? "uuid" : "text", empty);
    case "json":
      return choose(context.enhanced ? "jsonb" : "text", empty);
    case "time":
      return choose(context.enhanced && !context.keyed ? "time" : "text", empty);
    case "text":
    case "none":
      return choose("text", empty);
    case "other":
      return choose(
        /^(multi)?(point|line|linestring|polygon|curve|surface)|^(geometry|geography)/i.test(column.declaredType)
          ? "bytea"
          : "text",
        empty,
      );
  }
}

/** gorm declares its booleans so: `numeric DEFAULT false`. */
function isBooleanByDefault({ declaredType, defaultSql }: SourceColumn): boolean {
  return /^\s*numeric\s*$/i.test(declaredType) && /^[\s(]*(true|false)[\s)]*$/i.test(defaultSql ?? "");
}

function isNumeric(kind: DeclaredKind): boolean {
  return (
    kind === "integer" || kind === "decimal" || kind === "double" || kind === "boolean" || kind === "maybe-boolean"
  );
}
