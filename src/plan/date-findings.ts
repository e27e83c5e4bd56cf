import { type ColumnProfile, DATE_FORMS, type DateForm, type DateForms } from "../model/profile.ts";
import type { SourceColumn } from "../model/schema.ts";
import { sqliteName } from "../quote.ts";
import type { CompactDate } from "../value/compact-date.ts";
import { dateForm } from "../value/date-form.ts";
import { type ColumnAnswer, type ColumnNote, setAside } from "./column-note.ts";
import { compactDateAnswer } from "./compact-dates.ts";
import { figure } from "./count-values.ts";
import { cell, hasNoForm } from "./row-condition.ts";

/** A column declared as a date whose values have no one form: it stays what holds them all. */
export function datesAsText(column: SourceColumn, profile: ColumnProfile, keyed: boolean): ColumnNote {
  const forms = profile.dateForms ?? {};
  const type = dateType(column, forms);
  const good = goodForms(type);
  const bad = (Object.keys(forms) as DateForm[]).filter((form) => !good.includes(form));
  const values = profile.integers + profile.reals + profile.texts + profile.blobs;
  const count = profile.dateForms === null ? values - profile.isoDates - profile.isoTimestamps : sum(forms, bad);
  return {
    code: "DATE_AS_TEXT",
    severity: "info",
    count,
    where:
      profile.dateForms === null
        ? hasNoForm(column, "isoDates", "localTimestamps", "zonedTimestamps")
        : `${dateForm(cell(column))} IN (${bad.map((form) => `'${form}'`).join(", ")})`,
    message: `its values are not all dates of one form (${describeForms(forms)}): it stays text`,
    hint: `correct the values in the source, or say by a rule what becomes of those that are no ${type}, to get a column of ${type}`,
    answers: answers(column, forms, type, keyed),
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
export function datesAsDigits(column: SourceColumn, profile: ColumnProfile, form: CompactDate): ColumnNote {
  const c = sqliteName(column.name);
  const answer = compactDateAnswer(column, form === "days" && isDay(column) ? "date" : "timestamp", form);
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
export function describeForms(forms: DateForms): string {
  const named = (Object.entries(forms) as [DateForm, number][])
    .sort(([, a], [, b]) => b - a)
    .map(([form, count]) => `${figure(count)} ${WORDS[form]}`);
  return named.length === 0 ? "none of ISO 8601" : named.join(", ");
}

const WORDS: Readonly<Record<DateForm, string>> = {
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
function dateType(column: SourceColumn, forms: DateForms): "date" | "timestamp" | "timestamptz" {
  const zoned = sum(forms, ["utc", "offset", "too-fine-zoned", "seconds", "milliseconds", "microseconds"]);
  const local = sum(forms, ["local", "julian", "too-fine"]);
  if (zoned > local) return "timestamptz";
  return local === 0 && isDay(column) ? "date" : "timestamp";
}

function goodForms(type: "date" | "timestamp" | "timestamptz"): readonly DateForm[] {
  if (type === "date") return ["day"];
  return type === "timestamp" ? ["day", "local"] : ["day", "local", "utc", "offset"];
}

function answers(
  column: SourceColumn,
  forms: DateForms,
  type: "date" | "timestamp" | "timestamptz",
  keyed: boolean,
): ColumnAnswer[] {
  // Where most are no dates, a type for the others is no answer.
  const mostly = 2 * sum(forms, goodForms(type)) >= sum(forms, DATE_FORMS);
  const aside = mostly ? [...setAside(type, column, keyed)].reverse() : [];
  if (keyed) return aside;
  const c = sqliteName(column.name);
  const compact = compactDateAnswer(column, type, type === "date" ? "days" : "seconds");
  // Nothing but digits: one expression reads them all, or none does.
  if (compact !== null && sum(forms, DATE_FORMS) === (forms.digits ?? 0))
    return [
      {
        description: `${compact.description}, and what is no such date is set aside in changeover.quarantine`,
        rule: { ...compact.rule, onBadValue: "quarantine" },
      },
    ];
  const cases: string[] = [];
  const said: string[] = [];
  const add = (form: DateForm, condition: string, expression: string, what: string) => {
    if ((forms[form] ?? 0) === 0) return;
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
      (forms["too-fine"] ?? 0) > 0 ? "too-fine" : "too-fine-zoned",
      `${c} GLOB '????-??-??[ T]??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9][0-9]*'`,
      `substr(${c}, 1, 26) || ltrim(substr(${c}, 27), '0123456789')`,
      "decimals beyond the sixth are cut off",
    );
  }
  if (!column.notNull) {
    add("zero", `${c} GLOB '0000-00-00*'`, "NULL", "0000-00-00 becomes NULL");
    add("empty", `octet_length(${c}) = 0`, "NULL", "the empty text becomes NULL");
  }
  if (cases.length === 0) return aside;
  // Other numbers become texts that are no dates, lest they be taken for seconds.
  const numbers =
    forms.number === undefined && forms.microseconds === undefined
      ? ""
      : ` WHEN typeof(${c}) IN ('integer', 'real') THEN CAST(${c} AS TEXT)`;
  const expression = `CASE ${cases.join(" ")}${numbers} ELSE ${c} END`;
  return [
    {
      description: `${type}; ${said.join(", ")}, and what then is no date is set aside in changeover.quarantine`,
      rule: { type, expression, onBadValue: "quarantine" },
    },
    ...aside,
  ];
}

function sum(forms: DateForms, wanted: readonly DateForm[]): number {
  return wanted.reduce((total, form) => total + (forms[form] ?? 0), 0);
}
