import { RefusedError } from "../../errors.ts";
import { showTuple } from "../../model/key.ts";
import { renderCount, renderCountOf } from "../../status/render-count.ts";
import type { TableVerification, Verification } from "../../verify/verify-run.ts";

/** The comparison of both sides. */
export interface CheckResult {
  /** Both sides are equal. */
  readonly ok: boolean;
  /** Rows compared. */
  readonly rows: number;
  /** Rows that differ. */
  readonly differences: number;
  /** Changed rows that nobody brings over: no sync is running. */
  readonly unsettled: number;
  /** Rows and values that the quarantine names. They are no differences, but not all is equal either. */
  readonly quarantined: number;
  /** Differences that a repair has ended. */
  readonly repaired?: number;
  /** Each table. */
  readonly tables: readonly CheckedTable[];
}

/** The comparison of one table. */
export interface CheckedTable {
  /** The table in the source. */
  readonly table: string;
  /** Rows compared. */
  readonly rows: number;
  /** Rows that differ. */
  readonly differences: number;
  /** Rows that the quarantine names. */
  readonly quarantined?: number;
  /** Some of the rows that differ. */
  readonly examples?: readonly CheckedRow[];
}

/** A row that differs. */
export interface CheckedRow {
  /** Its key, as text. */
  readonly key: string;
  /** `missing` in the target, `extra` there, or `different`. */
  readonly what: "missing" | "extra" | "different";
  /** The columns that differ. */
  readonly columns: readonly string[];
}

export const NAMED_EXAMPLES = 5;

/** One result of a whole verification and what was compared again after it. */
export function checkResult(
  [everything, ...rounds]: readonly [Verification, ...Verification[]],
  examples = NAMED_EXAMPLES,
): CheckResult {
  const tables = everything.tables.map((table, index) =>
    checkedTable(
      table,
      rounds.flatMap((round) => round.tables[index] ?? []),
      examples,
    ),
  );
  const sum = (of: (table: CheckedTable) => number) => tables.reduce((total, table) => total + of(table), 0);
  const differences = sum((table) => table.differences);
  return {
    ok: differences === 0,
    rows: sum((table) => table.rows),
    differences,
    unsettled: 0,
    quarantined: sum((table) => table.quarantined ?? 0),
    tables,
  };
}

function checkedTable(
  everything: TableVerification,
  rounds: readonly TableVerification[],
  examples: number,
): CheckedTable {
  const all = [everything, ...rounds];
  // A row may be compared in several rounds: the last word counts.
  const named = new Map(
    all.flatMap((table) => table.differences.map((difference) => [showTuple(difference.key), difference] as const)),
  );
  const differences = named.size + everything.more;
  return {
    table: everything.mapping.source,
    rows:
      everything.rows +
      (rounds.length === 0
        ? 0
        : Math.min(
            everything.pending,
            rounds.reduce((sum, { rows }) => sum + rows, 0),
          )),
    differences,
    ...(all.some(({ quarantineRows }) => quarantineRows > 0)
      ? { quarantined: Math.max(...all.map(({ quarantineRows }) => quarantineRows)) }
      : {}),
    ...(named.size === 0
      ? {}
      : { examples: [...named].slice(0, examples).map(([key, { what, columns }]) => ({ key, what, columns })) }),
  };
}

/** The error for a verification that found differences, by table and column. */
export function differencesFound(result: CheckResult): RefusedError {
  const named = result.tables
    .filter((table) => table.differences > 0)
    .map((table) => `${table.table}: ${renderCount(table.differences, "row")}${columnsOf(table)}`);
  return new RefusedError({
    code: "DIFFERENCES",
    message:
      "source and target differ: " +
      (named.length === 0
        ? `${renderCountOf(result.unsettled, "changed row", "were")} not brought over in time`
        : named.join("; ")),
    hint:
      "`changeover check` names the rows; give the columns a type that holds their values, or correct " +
      "the values, then start over with `changeover rollback`",
    context: { tables: result.tables.filter((table) => table.differences > 0) },
  });
}

function columnsOf(table: CheckedTable): string {
  const columns = [...new Set((table.examples ?? []).flatMap((example) => example.columns))];
  return columns.length === 0 ? "" : ` (columns ${columns.join(", ")})`;
}

export function pendingRows(verification: Verification): number {
  return verification.tables.reduce((sum, { pending }) => sum + pending, 0);
}
