import { declaredKind } from "../../model/declared-type.ts";
import type { SourceColumn } from "../../model/source-schema.ts";
import { parseExpression } from "../../sqlite-sql/parse.ts";
import { SqlSyntaxError } from "../../sqlite-sql/syntax-error.ts";
import { wordsAsBoolean } from "../findings/number-findings.ts";
import { translateDefault } from "../translate/translate-default.ts";
import type { ColumnNote } from "../types/column-note.ts";
import type { TypeChoice } from "../types/type-choice.ts";

/**
 * A default is a value that may come any moment: a type that does not hold it is not chosen where another holds both.
 * An expression that has no translation for any type decides nothing.
 */
export function heedDefault(column: SourceColumn, choice: TypeChoice): TypeChoice {
  const { defaultSql } = column;
  if (choice.type === "date" && isTimestamp(defaultSql))
    return { ...choice, type: "timestamp", evidence: `${choice.evidence}; timestamp for its default` };
  if (defaultSql === null || holdsDefault(column, choice.type)) return heedWords(column, choice);
  const type = candidates(column, choice).find((candidate) => holdsDefault(column, candidate));
  if (type === undefined) return choice;
  const evidence = `${choice.evidence}; ${type} for its default, which ${choice.type} does not hold`;
  if (choice.guessed) return { ...choice, type, evidence };
  return { ...choice, type, evidence, findings: [...choice.findings, otherDefault(column, choice.type, type)] };
}

/** A day and the time of it: SQLite stores it so in a column declared DATE, too. */
function isTimestamp(sql: string | null): boolean {
  return /^[\s(]*(current_timestamp|datetime\s*\(\s*('now'|current_timestamp)?\s*\))[\s)]*$/i.test(sql ?? "");
}

function holdsDefault({ defaultSql }: SourceColumn, type: string): boolean {
  return defaultSql !== null && translateDefault(defaultSql, type).reason === null;
}

/**
 * Types that may hold the default and all that was seen. A column of numbers does not become one of texts for its
 * default alone: queries count on the numbers, and the default is named as left out.
 */
function candidates({ defaultSql }: SourceColumn, { guessed, type }: TypeChoice): readonly string[] {
  const isNumber = isNumberSql(defaultSql ?? "");
  // DATETIME DEFAULT 0 is a date that is not there yet: what comes are texts, and text holds both.
  if (guessed && /^(date|timestamp)/.test(type) && /^[\s(]*-?\d+[\s)]*$/.test(defaultSql ?? "")) return ["text"];
  if (guessed) return isNumber ? ["bigint", "double precision", "text"] : ["text", "bigint", "bytea"];
  if (/^(boolean|bigint|double precision|numeric)/.test(type)) return isNumber ? ["bigint", "numeric"] : [];
  // Bytes hold every text, and of numbers neither holds the other.
  return type === "bytea" ? [] : ["text"];
}

function isNumberSql(sql: string): boolean {
  try {
    const node = parseExpression(sql);
    const value = node.kind === "unary" ? node.operand : node;
    return (
      value.kind === "number" || (value.kind === "call" && /^(unixepoch|random|julianday)$/i.test(value.name.text))
    );
  } catch (error) {
    if (error instanceof SqlSyntaxError) return false;
    throw error;
  }
}

function otherDefault(column: SourceColumn, wanted: string, type: string): ColumnNote {
  return {
    code: "MIXED_STORAGE",
    severity: "warning",
    message:
      `all of its values are ${wanted}, and its default is not (${column.defaultSql ?? ""}): ` +
      `it becomes ${type}, which holds both`,
    hint: `say by a rule that it is ${wanted}, and which default it has, if rows with that default never come`,
    answers: [
      {
        description: `${wanted}, without a default; the default's value would stop the run`,
        rule: { type: wanted, default: null },
      },
    ],
  };
}

/** BOOLEAN DEFAULT 'FALSE': SQLite writes the word, and PostgreSQL reads it. */
function heedWords(column: SourceColumn, choice: TypeChoice): TypeChoice {
  if (choice.type !== "boolean" || !/^\s*\(*\s*['"][a-z]+['"]/i.test(column.defaultSql ?? "")) return choice;
  if (declaredKind(column.declaredType) !== "boolean" || column.affinity === "text") return choice;
  const note: ColumnNote = {
    code: "INVALID_BOOLEAN",
    severity: "warning",
    message:
      `its default is the text ${column.defaultSql ?? ""}, which SQLite stores as a text: ` +
      "such a row would stop the run",
    hint: "say by a rule that the words are truth values, if rows with that default may come before the cutover",
    answers: [wordsAsBoolean(column)],
  };
  return { ...choice, findings: [...choice.findings, note] };
}
