import { SourceError } from "../errors.ts";
import type { CheckViolations } from "../model/check-violations.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { BoundKey } from "../rows/bind-key.ts";
import type { Source } from "../source/source.ts";
import { nextRange, pageKey } from "./page-range.ts";

const FIRST_PAGE = 2_000;
const MAX_ROWS = 100_000;
/** The application may be writing: no snapshot is open for longer than about that. */
const PAGE_MS = 20;

/**
 * Counts the rows that break a CHECK of their table, in short snapshots: SQLite lets them in under
 * `ignore_check_constraints`, and does not look at old rows when a column with a CHECK is added.
 */
export async function checkViolations(source: Source, table: SourceTable): Promise<CheckViolations[]> {
  const checks: (Omit<CheckViolations, "rows"> & { readonly where: string })[] = [];
  for (const [position, { expression }] of table.checks.entries()) {
    // NULL passes. A line end, lest a comment swallows what follows.
    const where = `NOT (${expression}\n)`;
    if (await isKnown(source, table, where)) checks.push({ table: table.name, position, where });
  }
  if (checks.length === 0) return [];
  const counts = await count(
    source,
    table,
    checks.map(({ where }) => where),
  );
  return checks.flatMap((check, index) => ((counts[index] ?? 0) > 0 ? [{ ...check, rows: counts[index] ?? 0 }] : []));
}

/** False where a function or collation of the application's own is called: SQLite cannot say. */
async function isKnown(source: Source, table: SourceTable, where: string): Promise<boolean> {
  try {
    await source.read((tx) => tx.rows(`SELECT ${where} FROM ${sqliteName(table.name)} AS t LIMIT 1`));
    return true;
  } catch (error) {
    if (error instanceof SourceError && error.code === "SOURCE_FAILED") return false;
    throw error;
  }
}

async function count(source: Source, table: SourceTable, conditions: readonly string[]): Promise<number[]> {
  const key = pageKey(table);
  const sums = conditions.map((condition) => `total(${condition})`).join(", ");
  const counts = conditions.map(() => 0);
  let limit = FIRST_PAGE;
  for (let after: BoundKey | null = null; ; ) {
    const page = await source.read(async (tx) => {
      const started = performance.now();
      const range = await nextRange(tx, table.name, key, after, limit);
      const [row = []] = await tx.rows(`SELECT ${sums} FROM ${sqliteName(table.name)} AS t${range.where}`, range.args);
      return { row, last: range.last, durationMs: performance.now() - started };
    });
    for (const [index, value] of page.row.entries()) counts[index] = (counts[index] ?? 0) + Number(value);
    limit = Math.max(
      1,
      Math.min(MAX_ROWS, Math.round(limit * Math.min(4, Math.max(0.25, PAGE_MS / Math.max(page.durationMs, 0.1))))),
    );
    after = page.last;
    if (after === null) return counts;
  }
}
