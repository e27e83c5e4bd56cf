import type { QueriesResult } from "../commands/queries.ts";
import { isRefused, type QueryVerdict } from "../queries/query-verdict.ts";
import { renderCount } from "../status/render-count.ts";

export interface QueriesView {
  /** Values of rows that differ are shown. */
  readonly showValues: boolean;
}

/** What became of the application's statements, for a person: what stands in the way first. */
export function renderQueries({ ok, statements, totals, written }: QueriesResult, view: QueriesView): string {
  const told = statements.filter(({ verdict }) => verdict !== "same" && verdict !== "driver");
  const sums = Object.entries(totals)
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(", ");
  return [
    ...told.map((verdict) => renderVerdict(verdict, view)),
    `${renderCount(statements.length, "distinct statement")}: ${sums}`,
    ...written.map((path) => `wrote ${path}: review it, then changeover up`),
    ok
      ? "no statement stands in the way of the cutover"
      : "change the statements that fail or differ, or accept them by fingerprint in the config (queries.accept)",
  ].join("\n");
}

function renderVerdict(verdict: QueryVerdict, { showValues }: QueriesView): string {
  const { causes, difference, fingerprint, isAccepted, message, reason, rewrite, site, sqlState, statement } = verdict;
  const times = verdict.count === 1 ? "" : ` (${verdict.count} times)`;
  const lines = [`${verdict.verdict}${isAccepted ? ", accepted" : ""} ${fingerprint}${times}`];
  if (site !== null) lines.push(`  at ${site}`);
  // A diff: what goes, and what comes in its place.
  lines.push(...prefixed(statement, rewrite === null ? "  " : "  - "));
  if (rewrite !== null) lines.push(...prefixed(rewrite.sql, "  + "));
  if (message !== null) lines.push(`  PostgreSQL: ${message}${sqlState === null ? "" : ` (${sqlState})`}`);
  if (difference !== null) lines.push(`  ${difference.message}`);
  if (showValues && difference?.values != null)
    lines.push(`  SQLite: ${difference.values.source}`, `  PostgreSQL: ${difference.values.target}`);
  if (verdict.compat.length > 0) lines.push(`  with sqlite_compat (${verdict.compat.join(", ")}) it gives the same`);
  if (reason !== null) lines.push(`  ${rewrite === null && isRefused(verdict) ? "no translation: " : ""}${reason}`);
  for (const { advice, cause } of causes.slice(0, MAX_CAUSES)) lines.push(`  ${cause}`, `    ${advice}`);
  lines.push(...verdict.indexes.map((create) => `  ${create}`));
  if (verdict.verdict === "slow")
    lines.push(`  SQLite ${duration(verdict.sourceMs)}, PostgreSQL ${duration(verdict.targetMs)}`);
  return `${lines.join("\n")}\n`;
}

const MAX_CAUSES = 3;

function prefixed(text: string, prefix: string): string[] {
  return text.split("\n").map((line) => `${prefix}${line}`);
}

function duration(ms: number | null): string {
  return ms === null ? "unknown" : `${ms.toFixed(1)} ms`;
}

/** The same for scripts. */
export function queriesDocument(
  { ok, statements, totals, written }: QueriesResult,
  { showValues }: QueriesView,
): object {
  return {
    ok,
    totals,
    written,
    statements: statements.map(({ difference, ...verdict }) => ({
      ...verdict,
      difference:
        difference === null
          ? null
          : { ...difference, values: showValues && difference.values !== null ? difference.values : null },
    })),
  };
}
