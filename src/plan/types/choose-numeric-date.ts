import type { DeclaredKind } from "../../model/declared-type.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { compactDates } from "../compact-dates.ts";
import { figure } from "../findings/count-values.ts";
import { datesAsDigits, datesAsNumbers, julianDays, maybeDates, unknownEpoch } from "../findings/date-findings.ts";
import { type EpochReading, epochReadings, sureReading } from "./known-epochs.ts";
import { numberType } from "./number-type.ts";
import type { Choose, TypeChoice, TypeContext } from "./type-choice.ts";

/**
 * The type of a column declared as a date that holds numbers: timestamptz in enhanced mode where they surely count from
 * 1970. The same number is another date by another epoch, and PostgreSQL would show that one without an error.
 */
export function chooseDateOfNumbers(
  column: SourceColumn,
  profile: ColumnProfile,
  context: TypeContext,
  choose: Choose,
): TypeChoice {
  const { integers, reals } = profile;
  const type = numberType(profile);
  const compact = reals === 0 ? compactDates(profile) : null;
  if (compact !== null)
    return choose(
      "bigint",
      `all ${figure(integers)} values are dates in digits`,
      datesAsDigits(column, profile, compact),
    );
  if (reals > 0 && profile.dateFormats?.julian === integers + reals)
    return choose("double precision", `all ${figure(reals)} values are Julian days`, julianDays(column, profile));
  const readings = epochReadings(profile, column.name, context.habits.years);
  const unix = reals === 0 ? sureReading(readings, context.habits.years) : undefined;
  const options = { type, readings, keyed: isKey(context) };
  if (unix === undefined)
    return choose(
      type,
      reals === 0
        ? `all ${figure(integers)} values are integers`
        : integers === 0
          ? `all ${figure(reals)} values are reals`
          : "holds integers and reals",
      unknownEpoch(column, profile, options),
    );
  const evidence = `all ${figure(integers)} values are ${describeEpoch(unix)}`;
  if (context.enhanced && !isKey(context)) return choose("timestamptz", evidence);
  return choose("bigint", evidence, datesAsNumbers(column, profile, { ...options, what: describeEpoch(unix) }));
}

/** Without a declaration, this many values must agree. */
const ENOUGH = 20;

/**
 * A question about a column of integers that is a date by its name: no more than the name says so, and it stays a
 * number.
 */
export function askedByName(
  column: SourceColumn,
  kind: DeclaredKind,
  profile: ColumnProfile,
  context: TypeContext,
): TypeChoice["findings"] {
  const { integers, reals } = profile;
  if (kind !== "integer" || reals > 0 || integers < ENOUGH || isKey(context) || !isDateByName(column.name)) return [];
  if (compactDates(profile) !== null) return [maybeDates(column, profile, "dates written in digits", [])];
  const readings = epochReadings(profile, column.name, context.habits.years).filter(
    (reading) => reading.epoch.unit !== undefined,
  );
  const likely = sureReading(readings, context.habits.years);
  return likely === undefined ? [] : [maybeDates(column, profile, describeEpoch(likely), [likely])];
}

function isKey({ keyed, linked, rowid }: TypeContext): boolean {
  return keyed || rowid || linked === true;
}

function isDateByName(name: string): boolean {
  return DATE_NAME.test(name) && !OTHER_NAME.test(name);
}

const DATE_NAME = anyOf(
  /((^|_)(at|on|time|date|ts|timestamp)|At|Time|Date|timestamp)$/,
  /^(date|time|timestamp|created|updated|modified|deleted|expires|expiry)(_|$|[A-Z])/,
);
const OTHER_NAME = anyOf(
  /(^|_)(by|id|in|to|count|zone|elapsed|spent|total|up|run|life|depends_on|based_on|duration|timeout)(_|$)/,
  /(By|Id|Count|Zone)$/,
);

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join("|"));
}

/** `epoch milliseconds between 2019 and 2026`. */
function describeEpoch({ epoch, years: [first, last] }: EpochReading): string {
  return `epoch ${epoch.unit ?? ""} ${first === last ? `in ${first}` : `between ${first} and ${last}`}`;
}
