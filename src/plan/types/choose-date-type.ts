import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { hasFormat } from "../../rows/text-formats.ts";
import { figure } from "../findings/count-values.ts";
import { datesAsText, describeFormats } from "../findings/date-findings.ts";
import { cell, isOf } from "../translate/row-condition.ts";
import { isIsoTimestamp } from "./iso-timestamp.ts";
import type { Choose, DateHabits, TypeChoice, TypeContext } from "./type-choice.ts";

/** Sums up the profiles of all columns declared as dates. */
export function dateHabits(profiles: readonly ColumnProfile[]): DateHabits {
  const sum = (count: (profile: ColumnProfile) => number) =>
    profiles.reduce((total, profile) => total + count(profile), 0);
  const times = sum(({ isoTimestamps }) => isoTimestamps);
  const iso = times + sum(({ isoDates }) => isoDates);
  const zoned = sum(({ zonedTimestamps }) => zonedTimestamps);
  return {
    iso: iso > 0,
    zoned: zoned > 0 && zoned === times,
    other:
      sum(({ integers, reals, texts, blobs }) => integers + reals + texts + blobs) > iso ||
      (zoned > 0 && zoned < times),
    ...yearsOf(profiles),
  };
}

function yearsOf(profiles: readonly ColumnProfile[]): Pick<DateHabits, "years"> {
  const years = profiles.flatMap((profile) => profile.years ?? []);
  return years.length === 0 ? {} : { years: [Math.min(...years), Math.max(...years)] };
}

/** The type of a column declared as a date whose values are all texts. */
export function chooseDateType(
  kind: "date" | "timestamp",
  column: SourceColumn,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const { texts, isoDates, isoTimestamps, zonedTimestamps } = profile;
  const all = `all ${figure(texts)} values are`;
  if (hasOddDefault(column)) return choose("text", "holds texts, the default is no date");
  if (isoDates === texts) return choose(kind, `${all} YYYY-MM-DD`);
  const { "zoned-minutes": minutes = 0, utc = 0, offset = 0 } = profile.dateFormats ?? {};
  if (minutes > 0 && !context.keyed && minutes + utc + offset === texts)
    return choose("timestamptz", `${all} ISO timestamps with a zone`);
  if (isoDates + isoTimestamps !== texts)
    return choose(
      "text",
      `holds ${describeFormats(profile.dateFormats ?? {})}`,
      datesAsText(column, profile, context.keyed),
    );
  // '10:00' and '10:00:00' are two keys in SQLite and would be one here.
  if (context.keyed) return choose("text", "ISO dates in a key, where different spellings are different keys");
  if (zonedTimestamps === texts) return choose("timestamptz", `${all} ISO timestamps with a zone`);
  if (zonedTimestamps === 0)
    return choose("timestamp", `${all} ISO ${isoDates > 0 ? "dates or timestamps" : "timestamps"} without a zone`);
  const unzoned = texts - zonedTimestamps;
  return choose("text", `${figure(zonedTimestamps)} of ${figure(texts)} timestamps say their zone, the others not`, {
    code: "DATE_AS_TEXT",
    severity: "info",
    count: unzoned,
    where: `${isOf(column, "text")} AND coalesce(${hasFormat("zonedTimestamps", cell(column))}, 0) = 0`,
    message:
      `${figure(zonedTimestamps)} of ${figure(texts)} timestamps say their zone and the others do not, ` +
      "so that there is no one type: it stays text",
    hint:
      "say the zone of all or of none in the source to get a timestamp column, " +
      "or choose timestamptz by a rule if those without are UTC",
    answers: [
      {
        description: "timestamptz; those without a zone are taken as UTC, as SQLite's own functions do",
        rule: { type: "timestamptz" },
      },
    ],
  });
}

/**
 * The type of a column declared as a date that holds nothing: by its default, and by what the other dates of the
 * database look like.
 */
export function guessDateType(
  kind: "date" | "timestamp",
  column: SourceColumn,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const type = kind === "date" ? "date" : context.habits.zoned ? "timestamptz" : "timestamp";
  if (hasOddDefault(column)) return choose("text", "no values, the default is no date");
  if (context.keyed) return choose("text", "no values");
  if (/^\s*\(*\s*(current_(timestamp|date)|(date|datetime)\s*\(\s*'now'\s*\))/i.test(column.defaultSql ?? ""))
    return choose(kind, "no values, the default is a date");
  if (context.habits.iso && !context.habits.other)
    return choose(type, "no values, the other dates of the database are ISO texts");
  if (context.enhanced || !context.habits.other) return choose(type, "no values");
  return choose("text", "no values, and the other dates of the database are not all ISO texts");
}

/**
 * Whether the default is a literal that no date of PostgreSQL can be, such as '0000-00-00': rows with it may come any
 * moment.
 */
function hasOddDefault({ defaultSql }: SourceColumn): boolean {
  const literal = /^(['"])(.*)\1$/s.exec(defaultSql ?? "")?.[2];
  return literal !== undefined && !isIsoTimestamp(literal);
}
