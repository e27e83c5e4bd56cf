import type { Statement } from "../sqlite-sql/ast.ts";
import { CONSTRUCTS, type ConstructCode, constructsOf } from "./constructs.ts";
import type { QueryTables } from "./query-tables.ts";

/** Why a statement fails or differs, out of the catalogue, and what to do. */
export interface Cause {
  /** The construct in the catalogue. */
  readonly code: ConstructCode;
  /** How the two databases differ there. */
  readonly cause: string;
  /** What to do about it. */
  readonly advice: string;
}

const SYNTAX: readonly ConstructCode[] = ["INSERT_OR", "GLOB", "REGEXP", "FULL_TEXT_MATCH", "IS_OPERATOR"];

/** What PostgreSQL's SQLSTATE may stem from. */
const BY_STATE: Readonly<Record<string, readonly ConstructCode[]>> = {
  "42601": SYNTAX,
  "42703": ["DOUBLE_QUOTED_STRING", "ROWID"],
  "42803": ["BARE_COLUMN"],
  "42883": [
    ...["DATE_FUNCTION", "JSON_FUNCTION", "BOOLEAN_NUMBER", "SQLITE_FUNCTION", "AGGREGATE", "NUMBER_AND_TEXT"],
    ...["CONCATENATION"],
  ] as readonly ConstructCode[],
  "42804": ["BOOLEAN_NUMBER", "STORED_TYPE", "NUMBER_AND_TEXT"],
  "42704": ["COLLATION"],
  "42725": ["CONCATENATION", "SQLITE_FUNCTION"],
  "22P02": ["NUMBER_AND_TEXT", "STORED_TYPE"],
  "22007": ["DATE_FUNCTION", "STORED_TYPE"],
  "22012": ["INTEGER_DIVISION"],
  "2201W": ["NEGATIVE_LIMIT"],
  "2201X": ["NEGATIVE_LIMIT"],
};

/** What gives another result in silence. */
const SILENT: readonly ConstructCode[] = [
  ...([
    "LIKE_CASE",
    "NULL_ORDER",
    "TEXT_ORDER",
    "ASCII_CASE",
    "INTEGER_DIVISION",
    "COLLATION",
    "DATE_FUNCTION",
  ] as const),
  ...(["JSON_FUNCTION", "AGGREGATE", "CONCATENATION", "SQLITE_FUNCTION", "STORED_TYPE", "ROW_ORDER"] as const),
];

/** Those that a failure's SQLSTATE allows, or that differ in silence; all that the statement has where none does. */
export function findCauses(statement: Statement, tables: QueryTables, sqlState: string | null): Cause[] {
  const found = constructsOf(statement, tables).filter((code) => code !== "PARAMETER");
  const allowed = sqlState === null ? SILENT : (BY_STATE[sqlState] ?? []);
  const likely = found.filter((code) => allowed.includes(code));
  const codes = likely.length > 0 ? likely : found.filter((code) => code !== "ROW_ORDER" && code !== "STORED_TYPE");
  return codes.map((code) => ({ code, cause: CONSTRUCTS[code].cause, advice: CONSTRUCTS[code].advice }));
}

/** What may differ with other rows, though it does not with these. */
export function risksOf(statement: Statement, tables: QueryTables): ConstructCode[] {
  const risky: readonly ConstructCode[] = ["LIKE_CASE", "NULL_ORDER", "ASCII_CASE", "INTEGER_DIVISION"];
  return constructsOf(statement, tables).filter((code) => risky.includes(code));
}
