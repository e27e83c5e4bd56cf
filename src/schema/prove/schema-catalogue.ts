import { sql } from "../../sql.ts";
import type { TargetReader, TargetSession } from "../../target/target.ts";

/** A database's schema, one line for each object, sorted. */
export type Catalogue = readonly string[];

export interface CatalogueDifference {
  /** Expected lines that are missing. */
  readonly missing: readonly string[];
  /** Unexpected lines. */
  readonly extra: readonly string[];
  /** Tables with the same columns in another order. */
  readonly reordered: readonly string[];
}

export function readSchemaCatalogue(session: TargetSession): Promise<Catalogue> {
  return session.transaction(catalogueIn);
}

/** The catalogue as a running transaction sees it. */
export async function catalogueIn(tx: TargetReader): Promise<Catalogue> {
  // An empty search_path, so that all names are qualified, whatever the migrations do to it.
  const [state] = await tx.rows<{ path: string; prepared: boolean }>(
    "select current_setting('search_path') as path, set_config('search_path', 'pg_catalog', true), exists " +
      "(select from pg_prepared_statements where name = 'changeover_catalogue') as prepared",
  );
  // Prepared, since planning it takes longer than running it.
  if (state?.prepared !== true) await tx.rows(`prepare changeover_catalogue as ${sql("target/describe-schema")}`);
  const rows = await tx.rows<{ line: string }>("execute changeover_catalogue");
  await tx.rows("select set_config('search_path', $1, true)", [state?.path ?? ""]);
  return rows.map(({ line }) => line.trimEnd());
}

/** Storage file by table and materialized view: it changes when PostgreSQL rewrites one. */
export async function readStorage(session: TargetReader): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows<{ name: string; storage: string }>(sql("target/table-storage"));
  return new Map(rows.map(({ name, storage }) => [name, storage]));
}

export function compareSchemas(expected: Catalogue, found: Catalogue): CatalogueDifference {
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

export function isSameCatalogue({ missing, extra }: CatalogueDifference): boolean {
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
