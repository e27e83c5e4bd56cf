import { compareTable } from "./compare.ts";
import { countersBehind, countObjectsOfSource, countObjectsOfTarget } from "./count-objects.ts";
import { type PostgresDatabase, readTarget, targetTables } from "./postgres-side.ts";
import { quoted, readSource, type SqliteDatabase, sourceTables } from "./sqlite-side.ts";

/** What another tool has made of a case. */
export interface OtherResult {
  /**
   * `clean`; `errors`: logged, and ended with exit code 0; `silent`: exit code 0, no word, and something is not as it
   * was; `failed`.
   */
  readonly outcome: "clean" | "errors" | "silent" | "failed";
  readonly detail: string;
}

export interface OtherRun {
  readonly database: SqliteDatabase;
  readonly target: PostgresDatabase;
  readonly run: { readonly code: number | null; readonly output: string };
}

/** Judges by the same oracle as our own runs; names may be folded to lower case, and a hidden column may be more. */
export async function judge({ database, target, run }: OtherRun): Promise<OtherResult> {
  if (run.code === null) return { outcome: "failed", detail: "hangs, or was killed" };
  const { wrong, arrived, expected } = await compareTables(database, target);
  const rows = arrived === expected ? "" : `${arrived} of ${expected} rows arrive`;
  const error = firstError(run.output);
  if (run.code !== 0)
    return { outcome: "failed", detail: [`exit code ${run.code}`, error, rows].filter(Boolean).join("; ") };
  const lost = await lostObjects(database, target);
  if (error !== "")
    return {
      outcome: "errors",
      detail: [error, rows, ...(rows === "" ? wrong.slice(0, 2).map((line) => line.slice(0, 160)) : []), lost]
        .filter(Boolean)
        .join("; "),
    };
  const changed = [rows, ...(rows === "" ? wrong.slice(0, 2).map((line) => line.slice(0, 160)) : []), lost].filter(
    Boolean,
  );
  return changed.length === 0 ? { outcome: "clean", detail: "" } : { outcome: "silent", detail: changed.join("; ") };
}

async function compareTables(
  database: SqliteDatabase,
  target: PostgresDatabase,
): Promise<{ wrong: string[]; arrived: number; expected: number }> {
  const present = await targetTables(target);
  const wrong: string[] = [];
  let arrived = 0;
  let expected = 0;
  for (const table of sourceTables(database)) {
    const source = readSource(database, table, quoted);
    expected += source.rows.length;
    const name = [table, table.toLowerCase()].find((candidate) => present.includes(candidate));
    if (name === undefined) {
      wrong.push(`there is no table ${table}`);
      continue;
    }
    const contents = await readTarget(target, name);
    arrived += contents.rows.length;
    const columns = contents.columns.map((column) => column.name);
    const renamed = (column: string) => [column, column.toLowerCase()].find((candidate) => columns.includes(candidate));
    wrong.push(...compareTable({ source, raw: source, target: contents, ledger: [], renamed, wasThere: true }));
  }
  return { wrong, arrived, expected };
}

/** What of the schema has not come along, without a word. */
async function lostObjects(database: SqliteDatabase, target: PostgresDatabase): Promise<string> {
  const [before, after] = [countObjectsOfSource(database), await countObjectsOfTarget(target)];
  const lost = before
    .filter(([what, count]) => count > (after.get(what) ?? 0))
    .map(([what, count]) => `${count - (after.get(what) ?? 0)} of ${count} ${what}`);
  const behind = await countersBehind(database, target);
  return [
    lost.length === 0 ? "" : `lost: ${lost.join(", ")}`,
    behind.length === 0 ? "" : `gives ids of ${behind.join(", ")} a second time`,
  ]
    .filter(Boolean)
    .join("; ");
}

/** The first error of the log, without the time. */
function firstError(output: string): string {
  const line =
    output
      .split("\n")
      .find((candidate) => /\b(ERROR|FATAL|CRITICAL)\b/.test(candidate) && !/errors\s+rows/.test(candidate)) ?? "";
  return line
    .replace(/^\S+ /, "")
    .replace(/idx_\d+_/g, "idx_")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 160);
}
