import { DATE_FORMATS, type DateFormat, type DateFormats } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";
import { compactDateAnswers } from "../compact-dates.ts";
import { type ColumnAnswer, quarantineRows } from "../types/column-note.ts";
import { isDay } from "./date-findings.ts";

/** The type that most of the values would have. */
export function dateType(column: SourceColumn, formats: DateFormats): "date" | "timestamp" | "timestamptz" {
  const zoned = sumOfFormats(formats, [
    "utc",
    "offset",
    "zoned-minutes",
    "go",
    "too-fine-zoned",
    "seconds",
    "milliseconds",
    "microseconds",
  ]);
  const local = sumOfFormats(formats, ["local", "julian", "too-fine"]);
  if (zoned > local) return "timestamptz";
  return local === 0 && isDay(column) ? "date" : "timestamp";
}

export function goodFormats(type: "date" | "timestamp" | "timestamptz"): readonly DateFormat[] {
  if (type === "date") return ["day"];
  return type === "timestamp" ? ["day", "local"] : ["day", "local", "utc", "offset", "zoned-minutes"];
}

export function dateAnswers(
  column: SourceColumn,
  formats: DateFormats,
  type: "date" | "timestamp" | "timestamptz",
  keyed: boolean,
): ColumnAnswer[] {
  // Where most are no dates, a type for the others is no answer.
  const mostly = 2 * sumOfFormats(formats, goodFormats(type)) >= sumOfFormats(formats, DATE_FORMATS);
  const quarantined = mostly ? [...quarantineRows(type, column, keyed)].reverse() : [];
  if (keyed) return quarantined;
  // Nothing but digits: one expression reads them all, or none does.
  if (sumOfFormats(formats, DATE_FORMATS) === (formats.digits ?? 0))
    return compactDateAnswers(column, type).map(({ description, rule }) => ({
      description: `${description}, and what is no such date is quarantined in changeover.quarantine`,
      rule: { ...rule, onBadValue: "quarantine" },
    }));
  const c = sqliteName(column.name);
  const readings = [
    ...(type === "date" ? [] : timeReadings(c, type, formats)),
    ...(column.notNull ? [] : nullReadings(c)),
  ].filter(({ format }) => (formats[format] ?? 0) > 0);
  if (readings.length === 0) return quarantined;
  const cases = readings.map(({ condition, expression }) => `WHEN ${condition} THEN ${expression}`);
  // Other numbers become texts that are no dates, lest they be taken for seconds.
  const numbers =
    formats.number === undefined && formats.microseconds === undefined
      ? ""
      : ` WHEN typeof(${c}) IN ('integer', 'real') THEN CAST(${c} AS TEXT)`;
  const expression = `CASE ${cases.join(" ")}${numbers} ELSE ${c} END`;
  const description = `${type}; ${readings.map(({ words }) => words).join(", ")}`;
  return [
    {
      description: `${description}, and what then is no date is quarantined in changeover.quarantine`,
      rule: { type, expression, onBadValue: "quarantine" },
    },
    ...quarantined,
  ];
}

/** How a format is read in SQLite: where the condition holds, by the expression. */
interface Reading {
  readonly format: DateFormat;
  readonly condition: string;
  readonly expression: string;
  readonly words: string;
}

function timeReadings(c: string, type: "timestamp" | "timestamptz", formats: DateFormats): Reading[] {
  return [
    {
      format: "seconds",
      condition: `typeof(${c}) = 'integer' AND ${c} BETWEEN 100000000 AND 99999999999`,
      expression: `strftime('%Y-%m-%d %H:%M:%S', ${c}, 'unixepoch')`,
      words: "seconds since 1970 become times in UTC",
    },
    {
      format: "milliseconds",
      condition: `typeof(${c}) = 'integer' AND ${c} BETWEEN 100000000000 AND 99999999999999`,
      expression: `strftime('%Y-%m-%d %H:%M:%f', ${c} / 1000.0, 'unixepoch')`,
      words: "milliseconds since 1970 become times in UTC",
    },
    {
      format: "julian",
      condition: `typeof(${c}) = 'real' AND ${c} BETWEEN 1721425.5 AND 5373484.5`,
      expression: `strftime('%Y-%m-%d %H:%M:%f', ${c})`,
      words: "Julian days become times in UTC",
    },
    ...(type === "timestamptz" ? [goReading(c)] : []),
    {
      format: (formats["too-fine"] ?? 0) > 0 ? "too-fine" : "too-fine-zoned",
      condition: `${c} GLOB '????-??-??[ T]??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'`,
      expression: `substr(${c}, 1, 26) || ltrim(substr(${c}, 27), '0123456789')`,
      words: "decimals beyond the sixth are cut off",
    },
  ];
}

function goReading(c: string): Reading {
  const rest = `substr(${c}, 20)`;
  return {
    format: "go",
    condition: `${c} GLOB '????-??-?? ??:??:??* [-+][0-9][0-9][0-9][0-9] *'`,
    expression:
      `substr(${c}, 1, 19) || substr(substr(${rest}, 1, instr(${rest}, ' ') - 1), 1, 7) || ` +
      `substr(${rest}, instr(${rest}, ' ') + 1, 5)`,
    words: "what Go's time.Time.String() wrote is read by its offset",
  };
}

function nullReadings(c: string): Reading[] {
  return [
    {
      format: "zero",
      condition: `${c} GLOB '0000-00-00*'`,
      expression: "NULL",
      words: "0000-00-00 becomes NULL",
    },
    {
      format: "empty",
      condition: `octet_length(${c}) = 0`,
      expression: "NULL",
      words: "the empty text becomes NULL",
    },
  ];
}

export function sumOfFormats(formats: DateFormats, wanted: readonly DateFormat[]): number {
  return wanted.reduce((total, format) => total + (formats[format] ?? 0), 0);
}
