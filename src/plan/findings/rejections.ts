import type { ColumnProfile, TableProfile } from "../../model/profile.ts";
import type { Finding, PlannedFinding, ProposedTable } from "../../model/proposal.ts";
import type { OnBadValue } from "../../model/rules.ts";
import type { SourceTable } from "../../model/source-schema.ts";
import { notConvertible } from "../../rows/not-convertible.ts";
import { compactDateAnswers } from "../compact-dates.ts";
import { cell } from "../translate/row-condition.ts";
import { surelyPasses } from "../translate/surely-passes.ts";
import { type ColumnAnswer, noteOf, quarantineRows, WRITE_RULES } from "../types/column-note.ts";
import { conversionOfType } from "../types/conversion-of-type.ts";
import { epochAnswer, epochReadings } from "../types/known-epochs.ts";
import { figure } from "./count-values.ts";

/** A column of which the profile alone does not say that all values pass. */
export interface Refusable {
  readonly column: string;
  readonly type: string;
  /**
   * SQLite condition on the rows `t` that would not pass, as far as SQLite can tell; null where the profile says that
   * there are none.
   */
  readonly condition: string | null;
  /** Texts that only their bytes tell. */
  readonly badTexts: number;
  readonly badRows: readonly string[];
  readonly seen?: ColumnProfile;
}

/** The columns of a table whose values must be asked whether they pass. */
export function refusableColumns(
  table: SourceTable,
  proposed: ProposedTable,
  profile: TableProfile,
  findings: readonly Finding[],
): Refusable[] {
  return proposed.columns.flatMap(({ source, type }) => {
    const column = table.columns.find(({ name }) => name === source);
    const seen = profile.columns.find((candidate) => candidate.column === source);
    const answered = findings.some(
      (finding) => finding.severity === "blocking" && finding.table === table.name && finding.column === source,
    );
    if (column === undefined || seen === undefined || answered) return [];
    const conversion = conversionOfType(type, seen);
    const condition = surelyPasses(conversion, seen) ? null : notConvertible(cell(column), type, conversion);
    // For other kinds a text with such bytes does not have the form that the condition asks for.
    const isText = ["text", "json", "other"].includes(conversion.kind);
    const refusable: Refusable = {
      column: source,
      type,
      condition,
      badTexts: isText ? seen.nulTexts + seen.invalidTexts : 0,
      seen,
      badRows: isText ? [seen.nulRows, seen.invalidRows].filter((rows) => rows !== null) : [],
    };
    return condition === null && refusable.badTexts === 0 ? [] : [refusable];
  });
}

export interface RejectedValues {
  readonly count: number;
  readonly onBadValue: OnBadValue;
  readonly keyed: boolean;
}

/** The finding that values of a column do not fit its type; blocking unless a rule says what becomes of them. */
export function rejectedFinding(
  table: SourceTable,
  { column, type, condition, badRows, seen }: Refusable,
  { count, onBadValue, keyed }: RejectedValues,
): PlannedFinding {
  const found = table.columns.find(({ name }) => name === column) ?? { notNull: false };
  const what = {
    stop: "the run would stop there",
    quarantine: "their rows are quarantined in changeover.quarantine",
    null: "they arrive as NULL",
  }[onBadValue];
  const text: ColumnAnswer = {
    description: "text, which keeps all numbers and texts as they are",
    rule: { type: "text" },
  };
  return noteOf(table.name, column, {
    code: "VALUE_NOT_CONVERTIBLE",
    severity: onBadValue === "stop" ? "blocking" : "warning",
    count,
    where: [...badRows, ...(condition === null ? [] : [condition])].map((rows) => `(${rows})`).join(" OR "),
    message: `${count === 1 ? "1 value" : `${figure(count)} values`} cannot become ${type}: ${what}`,
    hint:
      onBadValue === "stop"
        ? `${WRITE_RULES}; or correct those values in the source, or give the column another type`
        : "correct those values in the source, if they are to arrive",
    // First what reads them; whether it reads all is asked before it is offered.
    answers:
      onBadValue === "stop"
        ? [
            ...(keyed ? [] : readings(column, type, seen)),
            ...quarantineRows(type, found, keyed),
            ...(type === "text" ? [] : [text]),
          ]
        : [],
  });
}

/** Expressions that may read all values of a date column that do not pass as they are. */
function readings(column: string, type: string, profile: ColumnProfile | undefined): ColumnAnswer[] {
  const epochs =
    profile === undefined || profile.texts + profile.blobs > 0 || !/^\s*timestamp/i.test(type)
      ? []
      : epochReadings(profile, column)
          .map((reading) => epochAnswer(reading, column, profile.reals === 0))
          .filter(({ rule }) => rule.expression !== undefined)
          .map(({ description, rule }) => ({ description, rule: { ...rule, type } }));
  return [...unitAnswers(type, profile), ...compactDateAnswers({ name: column }, type), ...epochs];
}

/** What integers that become an interval may count. */
function unitAnswers(type: string, profile: ColumnProfile | undefined): ColumnAnswer[] {
  if (!/^\s*interval/i.test(type) || profile === undefined || profile.integers === 0) return [];
  return (["seconds", "milliseconds", "microseconds"] as const).map((unit) => {
    const perSecond = { seconds: 1, milliseconds: 1_000, microseconds: 1_000_000 }[unit];
    const hours = Number(profile.maxInteger ?? 0n) / perSecond / 3_600;
    return {
      description: `${type}; counted as ${unit}, the longest is ${hours.toPrecision(3)} hours`,
      rule: { unit },
    };
  });
}
