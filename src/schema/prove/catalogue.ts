import { sql } from "../../sql.ts";
import type { TargetReader, TargetSession } from "../../target/target.ts";

/** All that a database holds but its rows, one line each, in order. */
export type Catalogue = readonly string[];

export interface Difference {
  /** Lines that should be there. */
  readonly missing: readonly string[];
  /** Lines that should not. */
  readonly extra: readonly string[];
  /** Tables whose columns are all there and as they were, but in another order. */
  readonly reordered: readonly string[];
}

export function readCatalogue(session: TargetSession): Promise<Catalogue> {
  return session.transaction(catalogueIn);
}

/** The same as a transaction under way sees it. */
export async function catalogueIn(tx: TargetReader): Promise<Catalogue> {
  // So that names come out the same whatever the migrations do to it.
  const [state] = await tx.rows<{ path: string; prepared: boolean }>(
    "select current_setting('search_path') as path, set_config('search_path', 'pg_catalog', true), exists (select from pg_prepared_statements where name = 'changeover_catalogue') as prepared",
  );
  // To plan it takes longer than to run it.
  if (state?.prepared !== true) await tx.rows(`prepare changeover_catalogue as ${sql("target/describe-schema")}`);
  const rows = await tx.rows<{ line: string }>("execute changeover_catalogue");
  await tx.rows("select set_config('search_path', $1, true)", [state?.path ?? ""]);
  return rows.map(({ line }) => line.trimEnd());
}

/** Storage by table and materialized view: it changes when PostgreSQL writes one anew. */
export async function readStorage(session: TargetReader): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows<{ name: string; storage: string }>(sql("target/table-storage"));
  return new Map(rows.map(({ name, storage }) => [name, storage]));
}

export function compareCatalogues(expected: Catalogue, found: Catalogue): Difference {
  const missing = without(expected, found);
  const extra = without(found, expected);
  const tables = [...missing, ...extra].filter(isOrder).map(tableOf);
  const reordered = [...new Set(tables)].filter(
    (table) =>
      ![...missing, ...extra].some((line) => line.startsWith(`column ${table}.`)) &&
      [missing, extra].every((lines) => lines.some((line) => isOrder(line) && tableOf(line) === table)),
  );
  return {
    missing: missing.filter((line) => !isOrder(line)),
    extra: extra.filter((line) => !isOrder(line)),
    reordered,
  };
}

export function isSame({ missing, extra }: Difference): boolean {
  return missing.length === 0 && extra.length === 0;
}

function without(lines: Catalogue, others: Catalogue): string[] {
  const left = new Set(others);
  return lines.filter((line) => !left.has(line));
}

const ORDER = "column order ";

function isOrder(line: string): boolean {
  return line.startsWith(ORDER);
}

function tableOf(line: string): string {
  return line.slice(ORDER.length, line.indexOf(": "));
}
