import type { ColumnProfile } from "../../model/profile.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { sqliteName } from "../../quote.ts";
import { type ColumnAnswer, type ColumnNote, quarantineRows, WRITE_RULES } from "../types/column-note.ts";
import { counted, textsHold } from "./count-values.ts";
import { asBytes } from "./mixture-findings.ts";

/** Texts that PostgreSQL's text cannot hold: the column becomes bytea, unless it holds numbers too. */
export function badTexts(
  column: SourceColumn,
  profile: ColumnProfile,
  context: { readonly keyed: boolean; readonly utf16?: boolean },
): ColumnNote[] {
  const numbers = profile.integers + profile.reals;
  const common = {
    severity: numbers > 0 ? ("blocking" as const) : ("warning" as const),
    hint:
      numbers > 0
        ? `${WRITE_RULES}; or correct those texts in the source`
        : "correct those texts in the source, or choose by a rule what becomes of them, to get a text column",
  };
  const outcome = numbers > 0 ? `and bytea would not hold its ${counted(numbers, "number")}` : "it becomes bytea";
  // Rows are looked up by their keys: one that is no text cannot even be asked for where keys are text.
  const quarantined = !context.keyed
    ? quarantineRows("text", column, false)
    : numbers > 0
      ? quarantineRows("bytea", column, true)
      : [];
  const bytes = numbers > 0 && !context.keyed ? [asBytes(column)] : [];
  const notes: ColumnNote[] = [];
  if (profile.nulTexts > 0) {
    // In UTF-16 every second byte may be 0.
    const mend =
      context.keyed || context.utf16 === true || profile.invalidTexts > 0 ? [] : [withoutNul(column), upToNul(column)];
    notes.push({
      ...common,
      code: "NUL_IN_TEXT",
      count: profile.nulTexts,
      ...(profile.nulRows === null ? {} : { where: profile.nulRows }),
      message: `${textsHold(profile.nulTexts)} a NUL byte, which PostgreSQL's text cannot: ${outcome}`,
      answers: [...mend, ...bytes, ...quarantined],
    });
  }
  if (profile.invalidTexts > 0) {
    const what = context.utf16 === true ? "half of a surrogate pair" : "bytes that are not UTF-8";
    notes.push({
      ...common,
      code: "INVALID_UTF8",
      count: profile.invalidTexts,
      ...(profile.invalidRows === null ? {} : { where: profile.invalidRows }),
      message: `${textsHold(profile.invalidTexts)} ${what}, which PostgreSQL's text cannot: ${outcome}`,
      answers: [...bytes, ...quarantined],
    });
  }
  return notes;
}

/** SQLite's replace() takes char(0) for nothing to look for: hence a walk from NUL to NUL. */
function withoutNul(column: SourceColumn): ColumnAnswer {
  const c = sqliteName(column.name);
  const hasNul = `typeof(${c}) = 'text' AND instr(CAST(${c} AS BLOB), x'00') > 0`;
  const walk =
    `WITH RECURSIVE walk(kept, rest) AS (SELECT '', CAST(${c} AS BLOB) UNION ALL ` +
    "SELECT kept || CAST(substr(rest, 1, instr(rest, x'00') - 1) AS TEXT), substr(rest, instr(rest, x'00') + 1) " +
    "FROM walk WHERE instr(rest, x'00') > 0) SELECT kept || CAST(rest AS TEXT) FROM walk " +
    "WHERE instr(rest, x'00') = 0";
  return {
    description: "text; NUL bytes are taken out",
    rule: {
      type: "text",
      expression: `CASE WHEN ${hasNul} THEN (${walk}) ELSE ${c} END`,
    },
  };
}

function upToNul(column: SourceColumn): ColumnAnswer {
  const c = sqliteName(column.name);
  return {
    description: "text; a text ends at its first NUL byte",
    rule: {
      type: "text",
      expression: `CASE typeof(${c}) WHEN 'text' THEN substr(${c}, 1, length(${c})) ELSE ${c} END`,
    },
  };
}
