import type { Decimal } from "../../model/declared-type.ts";
import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";
import { isOf } from "../translate/row-condition.ts";
import { type ColumnAnswer, type ColumnNote, quarantineRows } from "../types/column-note.ts";
import { figure, valuesAre } from "./count-values.ts";

export function textsInNumbers(column: SourceColumn, profile: ColumnProfile): ColumnNote {
  return {
    code: "TEXT_IN_NUMBER",
    severity: "warning",
    count: profile.texts,
    where: isOf(column, "text"),
    message: `it is declared as numbers and all ${figure(profile.texts)} values are texts: it becomes text`,
    hint: "nothing to do, unless the application counts on numbers there",
  };
}

/** Declared boolean, and some values are neither 0 nor 1. */
export function notBoolean(column: SourceColumn, profile: ColumnProfile, type: string, keyed: boolean): ColumnNote {
  const others = profile.notBoolean + profile.reals + profile.texts;
  const c = `t.${sqliteName(column.name)}`;
  return {
    code: "INVALID_BOOLEAN",
    severity: "warning",
    count: others,
    where: `${c} IS NOT NULL AND NOT (typeof(${c}) = 'integer' AND ${c} IN (0, 1))`,
    message: `it is declared boolean and ${valuesAre(others)} neither 0 nor 1: it becomes ${type}`,
    hint: "correct those values in the source, or say by a rule what they mean, to get a boolean column",
    answers: [
      ...(keyed ? [] : [profile.texts > 0 ? wordsAsBoolean(column) : numbersAsBoolean(column)]),
      ...quarantineRows("boolean", column, keyed),
    ],
  };
}

function numbersAsBoolean(column: SourceColumn): ColumnAnswer {
  return {
    description: "boolean; any number but 0 is true, as in SQLite itself",
    rule: { type: "boolean", expression: `${sqliteName(column.name)} <> 0` },
  };
}

export function wordsAsBoolean(column: SourceColumn): ColumnAnswer {
  const c = sqliteName(column.name);
  return {
    description:
      "boolean; the words true, t, yes, y, on and false, f, no, n, off are taken for what they say, " +
      "other texts are quarantined in changeover.quarantine",
    rule: {
      type: "boolean",
      expression:
        `CASE WHEN typeof(${c}) IN ('integer', 'real') THEN ${c} <> 0 WHEN lower(${c}) IN ('true', 't', ` +
        `'yes', 'y', 'on', '1') THEN 1 WHEN lower(${c}) IN ('false', 'f', 'no', 'n', 'off', '0') THEN 0 ` +
        `ELSE ${c} END`,
      onBadValue: "quarantine",
    },
  };
}

export function beyondScale(
  column: SourceColumn,
  profile: ColumnProfile,
  { precision, scale }: Decimal,
  keyed: boolean,
): ColumnNote {
  const type = `numeric(${precision},${scale})`;
  const c = `t.${sqliteName(column.name)}`;
  const limit = `1e${precision - scale}`;
  return {
    code: "NUMERIC_SCALE_EXCEEDED",
    severity: "warning",
    count: profile.beyondScale,
    where:
      `CASE typeof(${c}) WHEN 'integer' THEN abs(CAST(${c} AS REAL)) >= ${limit} WHEN 'real' ` +
      `THEN abs(${c}) >= ${limit} OR CAST(printf('%.${scale}f', ${c}) AS REAL) <> ${c} END`,
    message:
      `${profile.beyondScale === 1 ? "1 value has" : `${figure(profile.beyondScale)} values have`} more digits ` +
      `than ${type} holds: it becomes numeric without limits, which keeps them`,
    hint: "round those values in the source, or by a rule, to get the declared precision",
    answers: [
      ...(keyed
        ? []
        : [
            {
              description: `${type}; rounded to ${scale} decimals`,
              rule: { type, expression: `round(${sqliteName(column.name)}, ${scale})` },
            },
          ]),
      ...quarantineRows(type, column, keyed),
    ],
  };
}

export function infinite(column: SourceColumn, profile: ColumnProfile, type: string): ColumnNote {
  return {
    code: "INFINITE",
    severity: "info",
    count: profile.infinities,
    where: `t.${sqliteName(column.name)} IN (9e999, -9e999)`,
    message:
      `${valuesAre(profile.infinities)} infinite, which ${type} holds as ` +
      `well${type === "numeric" ? " from PostgreSQL 14 on" : ""}`,
    hint: "nothing to do, if the application's code knows them",
  };
}
