import { createHash } from "node:crypto";
import { stateSql } from "../../target/state-schema.ts";
import type { TargetReader, TargetSession } from "../../target/target.ts";

/** A database's schema, one line for each object, sorted. */
export type Catalogue = readonly string[];

/** A catalogue with its digest: an equal one need not be sent again. */
export interface KnownCatalogue {
  readonly lines: Catalogue;
  readonly digest: string;
}

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

/** The catalogue with its digest. */
export async function readKnownCatalogue(session: TargetSession): Promise<KnownCatalogue> {
  const lines = await readSchemaCatalogue(session);
  return { lines, digest: createHash("md5").update(lines.join("\n")).digest("hex") };
}

/** Compares the database with a catalogue: by its digest, and line by line only where that differs. */
export async function compareWithKnown(session: TargetSession, known: KnownCatalogue): Promise<CatalogueDifference> {
  const [row] = await session.transaction((tx) => executed<{ digest: string }>(tx, "digest"));
  if (row?.digest === known.digest) return { missing: [], extra: [], reordered: [] };
  return compareSchemas(known.lines, await readSchemaCatalogue(session));
}

/** The catalogue as a running transaction sees it. */
export async function catalogueIn(tx: TargetReader): Promise<Catalogue> {
  return (await executed<{ line: string }>(tx, "lines")).map(({ line }) => line);
}

/** Runs the query for all lines, or for their digest. */
async function executed<Row extends object>(tx: TargetReader, what: "lines" | "digest"): Promise<Row[]> {
  const name = `changeover_catalogue_${what}`;
  // An empty search_path, so that all names are qualified, whatever the migrations do to it.
  const [state] = await tx.rows<{ path: string; prepared: boolean }>(
    "select current_setting('search_path') as path, set_config('search_path', 'pg_catalog', true), " +
      // Compiling so large a query takes seconds, running it milliseconds.
      "set_config('jit', 'off', true), exists " +
      "(select from pg_prepared_statements where name = $1) as prepared",
    [name],
  );
  // Prepared, since planning it takes longer than running it.
  if (state?.prepared !== true)
    await tx.rows(`prepare ${name} as ${QUERIES[what](stateSql(tx, "target/describe-schema"))}`);
  const rows = await tx.rows<Row>(`execute ${name}`);
  await tx.rows("select set_config('search_path', $1, true)", [state?.path ?? ""]);
  return rows;
}

const described = (lines: string) => `(${lines}) as described`;

const QUERIES = {
  lines: (lines: string) => `select ${TRIMMED} as line from ${described(lines)}`,
  digest: (lines: string) =>
    `select md5(coalesce(string_agg(${TRIMMED}, e'\\n' order by line collate "C"), '')) as digest ` +
    `from ${described(lines)}`,
};

const TRIMMED = "rtrim(line, e' \\n\\t\\r')";

/** Storage file by table and materialized view: it changes when PostgreSQL rewrites one. */
export async function readStorage(session: TargetReader): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows<{ name: string; storage: string }>(stateSql(session, "target/table-storage"));
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
