import type { DeclaredKind } from "../model/declared-type.ts";
import type { ColumnProfile } from "../model/profile.ts";
import type { SourceColumn } from "../model/schema.ts";
import { isIsoMoment } from "./iso-moment.ts";
import type { Choose, DateHabits, TypeChoice, TypeContext } from "./type-choice.ts";

/** Sums up the profiles of all columns declared as dates. */
export function dateHabits(profiles: readonly ColumnProfile[]): DateHabits {
  const sum = (count: (profile: ColumnProfile) => number) => profiles.reduce((total, profile) => total + count(profile), 0);
  const times = sum(({ isoTimestamps }) => isoTimestamps);
  const iso = times + sum(({ isoDates }) => isoDates);
  const zoned = sum(({ zonedTimestamps }) => zonedTimestamps);
  return { iso: iso > 0, zoned: zoned > 0 && zoned === times, other: sum(({ integers, reals, texts, blobs }) => integers + reals + texts + blobs) > iso || (zoned > 0 && zoned < times) };
}

/** The type of a column declared as a date whose values are all texts. */
export function chooseDateType(kind: "date" | "timestamp", column: SourceColumn, profile: ColumnProfile, context: TypeContext, choose: Choose): TypeChoice {
  const { texts, isoDates, isoTimestamps, zonedTimestamps } = profile;
  if (hasOddDefault(column)) return choose("text", "holds texts, the default is no date");
  if (isoDates === texts) return kind === "date" ? choose("date", `all ${texts} values are YYYY-MM-DD`) : choose("timestamp", `all ${texts} values are YYYY-MM-DD`);
  if (isoDates + isoTimestamps !== texts) {
    return choose("text", `${texts - isoDates - isoTimestamps} of ${texts} values are no ISO date`, {
      code: "DATE_AS_TEXT",
      severity: "info",
      count: texts - isoDates - isoTimestamps,
      message: `${texts - isoDates - isoTimestamps} of ${texts} values are no ISO date that PostgreSQL reads to the microsecond: it stays text`,
      hint: "correct those values in the source to get a date or timestamp column",
    });
  }
  // '10:00' and '10:00:00' are two keys in SQLite and would be one here.
  if (context.keyed) return choose("text", "ISO dates in a key, where different spellings are different keys");
  if (zonedTimestamps === texts) return choose("timestamptz", `all ${texts} values are ISO timestamps with a zone`);
  if (zonedTimestamps === 0) return choose("timestamp", `all ${texts} values are ISO ${isoDates > 0 ? "dates or timestamps" : "timestamps"} without a zone`);
  return choose("text", `${zonedTimestamps} of ${texts} timestamps say their zone, the others not`, {
    code: "DATE_AS_TEXT",
    severity: "info",
    count: texts - zonedTimestamps,
    message: `${zonedTimestamps} of ${texts} timestamps say their zone and the others do not, so that there is no one type: it stays text`,
    hint: "say the zone of all or of none in the source to get a timestamp column",
  });
}

/** Whether the default is a literal that no date of PostgreSQL can be, such as '0000-00-00': rows with it may come any moment. */
export function hasOddDefault({ defaultSql }: SourceColumn): boolean {
  const literal = /^(['"])(.*)\1$/s.exec(defaultSql ?? "")?.[2];
  return literal !== undefined && !isIsoMoment(literal);
}

/** The unit in which integers count from 1970 if that gives likely dates; null if they are no dates. */
export function epochType(column: SourceColumn, kind: DeclaredKind, { integers, minInteger, maxInteger }: ColumnProfile): string | null {
  const declared = kind === "date" || kind === "timestamp";
  if (!declared && (integers < 20 || kind !== "integer" || !DATE_NAME.test(column.name))) return null;
  if (minInteger === null || maxInteger === null) return null;
  for (const [unit, perSecond] of UNITS) {
    // From 1973 on the units' ranges do not overlap. A column that only by its name is a date must look more likely.
    const [least, most] = declared ? [100_000_000n, 99_999_999_999n] : [946_684_800n, 4_102_444_800n];
    if (minInteger >= least * perSecond && maxInteger <= most * perSecond) return `all ${integers} values are ${unit} since 1970`;
  }
  return null;
}

const UNITS = [
  ["seconds", 1n],
  ["milliseconds", 1_000n],
  ["microseconds", 1_000_000n],
] as const;

const DATE_NAME = /(_at|_on|_time|_date|At|Time|Date|_ts|timestamp)$|^(date|time|timestamp|created|updated|modified|deleted|expires|expiry)/;
