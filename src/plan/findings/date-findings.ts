import type { ColumnProfile, DateFormat, DateFormats } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";
import type { CompactDate } from "../../rows/compact-date.ts";
import { dateFormat } from "../../rows/date-format.ts";
import { compactDateAnswer, compactDateAnswers } from "../compact-dates.ts";
import { cell, hasNoFormat } from "../translate/row-condition.ts";
import type { ColumnAnswer, ColumnNote } from "../types/column-note.ts";
import { type EpochReading, epochAnswer } from "../types/known-epochs.ts";
import { figure } from "./count-values.ts";
import { dateAnswers, dateType, goodFormats, sumOfFormats } from "./date-answers.ts";

/** A column declared as a date whose values have no one form: it stays what holds them all. */
export function datesAsText(column: SourceColumn, profile: ColumnProfile, keyed: boolean): ColumnNote {
  const formats = profile.dateFormats ?? {};
  const type = dateType(column, formats);
  const good = goodFormats(type);
  const bad = (Object.keys(formats) as DateFormat[]).filter((format) => !good.includes(format));
  const values = profile.integers + profile.reals + profile.texts + profile.blobs;
  const count =
    profile.dateFormats === null ? values - profile.isoDates - profile.isoTimestamps : sumOfFormats(formats, bad);
  return {
    code: "DATE_AS_TEXT",
    severity: "info",
    count,
    where:
      profile.dateFormats === null
        ? hasNoFormat(column, "isoDates", "localTimestamps", "zonedTimestamps")
        : `${dateFormat(cell(column))} IN (${bad.map((format) => `'${format}'`).join(", ")})`,
    message: `its values are not all dates of one form (${describeFormats(formats)}): it stays text`,
    hint:
      `correct the values in the source, or say by a rule what becomes of those that are no ${type}, ` +
      `to get a column of ${type}`,
    answers: dateAnswers(column, formats, type, keyed),
  };
}

export interface NumericDates {
  /** What holds the numbers. */
  readonly type: string;
  readonly readings: readonly EpochReading[];
  readonly keyed: boolean;
}

const ASK_ENHANCED =
  "say by a rule, or with --types enhanced, that they are to become timestamps, if the application is to read them so";
const ASK_RULE = "say by a rule what they count, if the application is to read them as timestamps";

/** Numbers that count from 1970, where a date is declared. */
export function datesAsNumbers(
  column: SourceColumn,
  profile: ColumnProfile,
  { what, ...dates }: NumericDates & { readonly what: string },
): ColumnNote {
  return numericDates(column, profile, {
    what,
    hint: dates.keyed ? ASK_RULE : ASK_ENHANCED,
    type: dates.type,
    answers: epochAnswers(column, profile, dates),
  });
}

/** Numbers where a date is declared that may count from several moments, or from none that is known. */
export function unknownEpoch(column: SourceColumn, profile: ColumnProfile, dates: NumericDates): ColumnNote {
  const { readings, type } = dates;
  const span = ([first, last]: readonly [number, number]) =>
    first === last ? `in ${first}` : `between ${first} and ${last}`;
  const named = readings.slice(0, 3).map(({ epoch, years }) => `${epoch.words}, ${span(years)}`);
  return numericDates(column, profile, {
    what:
      named.length === 0
        ? "numbers that no known way of counting makes dates of"
        : `numbers, and what they count is not sure (${named.join("; ")})`,
    hint: ASK_RULE,
    type,
    answers: epochAnswers(column, profile, dates),
  });
}

export function julianDays(column: SourceColumn, profile: ColumnProfile): ColumnNote {
  return numericDates(column, profile, {
    what: "Julian days",
    hint: ASK_RULE,
    type: "double precision",
    answers: [
      {
        description: "timestamp; Julian days become dates and times to the millisecond",
        rule: { type: "timestamp", expression: `strftime('%Y-%m-%d %H:%M:%f', ${sqliteName(column.name)})` },
      },
    ],
  });
}

/** Integers that only a column's name makes dates of: asked, not decided. */
export function maybeDates(
  column: SourceColumn,
  profile: ColumnProfile,
  what: string,
  readings: readonly EpochReading[],
): ColumnNote {
  return {
    code: "DATE_AS_NUMBER",
    severity: "info",
    count: profile.integers,
    where: `t.${sqliteName(column.name)} IS NOT NULL`,
    message:
      `by its name it could be a date, and its ${figure(profile.integers)} values could be ${what}: ` +
      "it stays bigint, for nothing else says so",
    hint: "say by a rule that it is to become a timestamp, if it is one",
    answers: [
      ...readings.map((reading) => epochAnswer(reading, column.name, true)),
      ...(readings.length === 0 ? compactDateAnswers(column, "timestamp") : []),
    ],
  };
}

function epochAnswers(
  column: SourceColumn,
  { reals }: ColumnProfile,
  { keyed, readings }: NumericDates,
): ColumnAnswer[] {
  const answers = readings.map((reading) => epochAnswer(reading, column.name, reals === 0));
  // Keys travel as they are.
  return keyed ? answers.filter(({ rule }) => rule.expression === undefined) : answers;
}

function numericDates(
  column: SourceColumn,
  { integers, reals }: ColumnProfile,
  asked: {
    readonly what: string;
    readonly hint: string;
    readonly type: string;
    readonly answers: readonly ColumnAnswer[];
  },
): ColumnNote {
  return {
    code: "DATE_AS_NUMBER",
    severity: "info",
    count: integers + reals,
    where: `t.${sqliteName(column.name)} IS NOT NULL`,
    message:
      `it is declared ${column.declaredType} and its ${figure(integers + reals)} values are ${asked.what}: ` +
      `it becomes ${asked.type}, which keeps them as they are`,
    hint: asked.hint,
    answers: asked.answers,
  };
}

/** Numbers such as 20240131123000, which count nothing. */
export function datesAsDigits(column: SourceColumn, profile: ColumnProfile, format: CompactDate): ColumnNote {
  const c = sqliteName(column.name);
  const answer = compactDateAnswer(column, format === "days" && isDay(column) ? "date" : "timestamp", format);
  return {
    code: "DATE_AS_NUMBER",
    severity: "info",
    count: profile.integers,
    where: `t.${c} IS NOT NULL`,
    message:
      `it is declared ${column.declaredType} and its ${figure(profile.integers)} values are dates written in ` +
      "digits: it becomes bigint, which keeps them as they are",
    hint: "say by a rule that they are to become dates, if the application is to read them so",
    answers: answer === null ? [] : [answer],
  };
}

export function isDay({ declaredType }: SourceColumn): boolean {
  return /^\s*date\s*$/i.test(declaredType);
}

/** `300,000 YYYY-MM-DD, 2 zero dates`. */
export function describeFormats(formats: DateFormats): string {
  const named = (Object.entries(formats) as [DateFormat, number][])
    .sort(([, a], [, b]) => b - a)
    .map(([format, count]) => `${figure(count)} ${WORDS[format]}`);
  return named.length === 0 ? "none of ISO 8601" : named.join(", ");
}

const WORDS: Readonly<Record<DateFormat, string>> = {
  day: "YYYY-MM-DD",
  local: "with a time and no zone",
  utc: "with a time and Z",
  offset: "with a time and an offset",
  "too-fine": "with more than six decimals",
  "too-fine-zoned": "with a zone and more than six decimals",
  "zoned-minutes": "with a zone and no seconds",
  beyond: "with an offset that leads out of the years 1 to 9999",
  go: "as Go's time.Time.String() writes them",
  zero: "0000-00-00",
  impossible: "of a day or time that does not exist, like 30 February",
  empty: "empty",
  digits: "of digits only",
  other: "of another form",
  seconds: "numbers like seconds since 1970",
  milliseconds: "numbers like milliseconds since 1970",
  microseconds: "numbers like microseconds since 1970",
  julian: "numbers like Julian days",
  number: "other numbers",
  blob: "blobs",
};
