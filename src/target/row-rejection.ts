import { ChangeoverError, ValueError } from "../errors.ts";
import { showTuple, type Tuple } from "../model/key.ts";
import type { ColumnMapping, TableMapping } from "../model/mapping.ts";
import { sqlState } from "./target-error.ts";

/** A row that PostgreSQL rejected, and its reason. */
export interface RowRejection {
  /** Line of the row in its COPY, from 1; null where PostgreSQL names none. */
  readonly line: number | null;
  /** Null where PostgreSQL names no column, as for a CHECK. */
  readonly column: ColumnMapping | null;
  /** PostgreSQL's message, without row values. */
  readonly reason: string;
  readonly error: ChangeoverError;
}

/** The rejection of a row (SQLSTATE classes 22 and 23, and 54 for a row that is too wide); null for any other error. */
export function rejectionOf(error: unknown, mapping: TableMapping): RowRejection | null {
  const state = sqlState(error);
  if (!(error instanceof ChangeoverError) || state === undefined || !/^(22|23|54)/.test(state)) return null;
  const where = String(error.context["where"] ?? "");
  const line = Number(/, line (\d+)/.exec(where)?.[1] ?? Number.NaN);
  const named = /, column (.+)$/.exec(where)?.[1] ?? (error.context["column"] as string | undefined);
  return {
    line: Number.isNaN(line) ? null : line,
    column: mapping.columns.find(({ target }) => target === named) ?? null,
    reason: /\(([^]*)\)$/.exec(error.message)?.[1] ?? error.message,
    error,
  };
}

/** The error for a rejected row without a rule for it. */
export function rowRejectedError(mapping: TableMapping, rejection: RowRejection, key: Tuple | null): ValueError {
  const { column, reason, error } = rejection;
  return new ValueError({
    code: "VALUE_NOT_CONVERTIBLE",
    message:
      `table ${mapping.source}${column === null ? "" : `, column ${column.source}`}: PostgreSQL refuses the ` +
      `row${key === null ? "" : ` whose key is ${showTuple(key)}`}: ${reason}`,
    hint:
      "correct the value in the source, or give the column a type in the migration files that holds it, or let " +
      "such rows be quarantined with the rule onBadValue; then run the same command again",
    context: { ...error.context, table: mapping.source, column: column?.source, key },
    cause: error,
  });
}
