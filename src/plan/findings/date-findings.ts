import { type ColumnProfile, DATE_FORMATS, type DateFormat, type DateFormats } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/schema.ts";
import { sqliteName } from "../../quote.ts";
import type { CompactDate } from "../../rows/compact-date.ts";
import { dateFormat } from "../../rows/date-format.ts";
import { compactDateAnswer } from "../compact-dates.ts";
import { cell, hasNoFormat } from "../translate/row-condition.ts";
import { type ColumnAnswer, type ColumnNote, quarantineRows } from "../types/column-note.ts";
import { figure } from "./count-values.ts";

/** A column declared as a date whose values have no one form: it stays what holds them all. */
export function datesAsText(column: SourceColumn, profile: ColumnProfile, keyed: boolean): ColumnNote {
  const formats = profile.dateFormats ?? {};
  const type = dateType(column, formats);
  const good = goodFormats(type);
  const bad = (Object.keys(formats) as DateFormat[]).filter((format) => !good.includes(format));
  const values = profile.integers + profile.reals + profile.texts + profile.blobs;
  const count = profile.dateFormats === null ? values - profile.isoDates - profile.isoTimestamps : sum(formats, bad);
  return {
    code: "DATE_AS_TEXT",
    severity: "info",
    count,
    where:
      profile.dateFormats === null
        ? hasNoFormat(column, "isoDates", "localTimestamps", "zonedTimestamps")
        : `${dateFormat(cell(column))} IN (${bad.map((format) => `'${format}'`).join(", ")})`,
    message: `its values are not all dates of one form (${describeFormats(formats)}): it stays text`,
    hint: `correct the values in the source, or say by a rule what becomes of those that are no ${type}, to get a column of ${type}`,
    answers: answers(column, formats, type, keyed),
  };
}

/** Numbers that count from 1970, or Julian days, where a date is declared. */
export function datesAsNumbers(column: SourceColumn, profile: ColumnProfile, type: string, what: string): ColumnNote {
  const julian = what === "julian";
  const count = profile.integers + profile.reals;
  const c = sqliteName(column.name);
  return {
    code: "DATE_AS_NUMBER",
    severity: "info",
    count,
    where: `t.${c} IS NOT NULL`,
    message: `it is declared ${column.declaredType} and its ${figure(count)} values are ${julian ? "Julian days" : what}: it becomes ${type}, which keeps them as they are`,
    hint: "say by a rule, or with --types enhanced, that they are to become timestamps, if the application is to read them so",
    answers: [
      julian
        ? {
            description: "timestamp; Julian days become dates and times to the millisecond",
            rule: { type: "timestamp", expression: `strftime('%Y-%m-%d %H:%M:%f', ${c})` },
          }
        : { description: "timestamptz", rule: { type: "timestamptz" } },
    ],
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
    message: `it is declared ${column.declaredType} and its ${figure(profile.integers)} values are dates written in digits: it becomes bigint, which keeps them as they are`,
    hint: "say by a rule that they are to become dates, if the application is to read them so",
    answers: answer === null ? [] : [answer],
  };
}

function isDay({ declaredType }: SourceColumn): boolean {
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

/** The type that most of the values would have. */
function dateType(column: SourceColumn, formats: DateFormats): "date" | "timestamp" | "timestamptz" {
  const zoned = sum(formats, ["utc", "offset", "too-fine-zoned", "seconds", "milliseconds", "microseconds"]);
  const local = sum(formats, ["local", "julian", "too-fine"]);
  if (zoned > local) return "timestamptz";
  return local === 0 && isDay(column) ? "date" : "timestamp";
}

function goodFormats(type: "date" | "timestamp" | "timestamptz"): readonly DateFormat[] {
  if (type === "date") return ["day"];
  return type === "timestamp" ? ["day", "local"] : ["day", "local", "utc", "offset"];
}

function answers(
  column: SourceColumn,
  formats: DateFormats,
  type: "date" | "timestamp" | "timestamptz",
  keyed: boolean,
): ColumnAnswer[] {
  // Where most are no dates, a type for the others is no answer.
  const mostly = 2 * sum(formats, goodFormats(type)) >= sum(formats, DATE_FORMATS);
  const quarantined = mostly ? [...quarantineRows(type, column, keyed)].reverse() : [];
  if (keyed) return quarantined;
  const c = sqliteName(column.name);
  const compact = compactDateAnswer(column, type, type === "date" ? "days" : "seconds");
  // Nothing but digits: one expression reads them all, or none does.
  if (compact !== null && sum(formats, DATE_FORMATS) === (formats.digits ?? 0))
    return [
      {
        description: `${compact.description}, and what is no such date is quarantined in changeover.quarantine`,
        rule: { ...compact.rule, onBadValue: "quarantine" },
      },
    ];
  const cases: string[] = [];
  const said: string[] = [];
  const add = (format: DateFormat, condition: string, expression: string, what: string) => {
    if ((formats[format] ?? 0) === 0) return;
    cases.push(`WHEN ${condition} THEN ${expression}`);
    said.push(what);
  };
  if (type !== "date") {
    add(
      "seconds",
      `typeof(${c}) = 'integer' AND ${c} BETWEEN 100000000 AND 99999999999`,
      `strftime('%Y-%m-%d %H:%M:%S', ${c}, 'unixepoch')`,
      "seconds since 1970 become times in UTC",
    );
    add(
      "milliseconds",
      `typeof(${c}) = 'integer' AND ${c} BETWEEN 100000000000 AND 99999999999999`,
      `strftime('%Y-%m-%d %H:%M:%f', ${c} / 1000.0, 'unixepoch')`,
      "milliseconds since 1970 become times in UTC",
    );
    add(
      "julian",
      `typeof(${c}) = 'real' AND ${c} BETWEEN 1721425.5 AND 5373484.5`,
      `strftime('%Y-%m-%d %H:%M:%f', ${c})`,
      "Julian days become times in UTC",
    );
    add(
      (formats["too-fine"] ?? 0) > 0 ? "too-fine" : "too-fine-zoned",
      `${c} GLOB '????-??-??[ T]??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'`,
      `substr(${c}, 1, 26) || ltrim(substr(${c}, 27), '0123456789')`,
      "decimals beyond the sixth are cut off",
    );
  }
  if (!column.notNull) {
    add("zero", `${c} GLOB '0000-00-00*'`, "NULL", "0000-00-00 becomes NULL");
    add("empty", `octet_length(${c}) = 0`, "NULL", "the empty text becomes NULL");
  }
  if (cases.length === 0) return quarantined;
  // Other numbers become texts that are no dates, lest they be taken for seconds.
  const numbers =
    formats.number === undefined && formats.microseconds === undefined
      ? ""
      : ` WHEN typeof(${c}) IN ('integer', 'real') THEN CAST(${c} AS TEXT)`;
  const expression = `CASE ${cases.join(" ")}${numbers} ELSE ${c} END`;
  return [
    {
      description: `${type}; ${said.join(", ")}, and what then is no date is quarantined in changeover.quarantine`,
      rule: { type, expression, onBadValue: "quarantine" },
    },
    ...quarantined,
  ];
}

function sum(formats: DateFormats, wanted: readonly DateFormat[]): number {
  return wanted.reduce((total, format) => total + (formats[format] ?? 0), 0);
}
