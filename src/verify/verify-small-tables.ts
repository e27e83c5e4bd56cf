import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { type CanonicalPage, CanonicalPages } from "./canonical-pages.ts";
import type { CanonicalSplit } from "./canonical-split.ts";
import { isSameDigest, type RangeDigest } from "./range-digest.ts";
import { type DigestColumns, renderTargetDigest } from "./render-target-digest.ts";
import { canBeSummed } from "./table-checksum.ts";
import type { TableVerification, VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

/** Rows that one snapshot takes in of each of several tables. */
export const FEW_ROWS = 200;
/** So many small tables are worth being compared together. */
const FEWEST_TABLES = 8;
/** No more than so many, for the sake of short snapshots and of the server's locks. */
const MAX_TABLES = 32;

const ALL = { after: null, upTo: null };

/**
 * Compares tables of a few rows together, in one snapshot of each side and one statement of the target: with thousands
 * of them asking is most of the work. Returns those whose digests are equal. What is out of the ordinary about others,
 * comparing them one by one finds out and says.
 */
export async function verifySmallTables(
  options: VerifyOptions,
  mappings: readonly TableMapping[],
): Promise<readonly TableVerification[]> {
  const tables = mappings.filter((mapping) => isSummable(options, mapping));
  if (tables.length === 0) return [];
  const started = performance.now();
  const equal = await options.session.transaction(
    async (tx) => {
      const watermark = await watermarkOf(tx, options.run);
      const read = await options.source.read((reader) => readTables(reader, tables, { watermark, ...options }));
      return read.length === 0 ? [] : whatIsEqual(tx, read);
    },
    { isolation: "repeatable read" },
  );
  for (const { mapping, rows } of equal) options.onRows?.(mapping.source, rows);
  const rows = equal.reduce((sum, table) => sum + table.rows, 0);
  await options.rest?.({ rows, durationMs: performance.now() - started });
  return equal.map((table) => ({ ...table, differences: [], more: 0, pending: 0, quarantineRows: 0 }));
}

/** Each table by itself, but small ones together. Those come last. */
export function withSmallTogether<Item>(
  items: readonly Item[],
  isSmall: (item: Item) => boolean,
): readonly (readonly Item[])[] {
  const small = items.filter(isSmall);
  if (small.length < FEWEST_TABLES) return items.map((item) => [item]);
  return [
    ...items.filter((item) => !isSmall(item)).map((item) => [item]),
    ...Array.from({ length: Math.ceil(small.length / MAX_TABLES) }, (_, group) =>
      small.slice(group * MAX_TABLES, (group + 1) * MAX_TABLES),
    ),
  ];
}

interface ReadTable {
  readonly mapping: TableMapping;
  readonly split: CanonicalSplit;
  readonly digest: RangeDigest;
}

function isSummable(options: VerifyOptions, mapping: TableMapping): boolean {
  if (options.rowidsDropped === true && mapping.identity.kind === "rowid") return false;
  return canBeSummed(options, mapping, pagesOf(mapping, options));
}

function pagesOf(mapping: TableMapping, { captured }: Pick<VerifyOptions, "captured">): CanonicalPages {
  return new CanonicalPages(mapping, { captured, order: keyColumns(mapping) });
}

/**
 * The digests of the tables that a page holds. Where nothing of a table is pending, its rows are those that the target
 * had at its watermark: a row that was deleted since then makes the digests differ.
 */
async function readTables(
  reader: SourceReader,
  tables: readonly TableMapping[],
  options: { readonly watermark: bigint; readonly captured: boolean },
): Promise<ReadTable[]> {
  const { watermark } = options;
  const counts = await rowsOf(reader, tables);
  // Asked once: mostly nothing is pending.
  const captured = options.captured && (await lastLogged(reader)) > watermark;
  const read: ReadTable[] = [];
  for (const [index, mapping] of tables.entries()) {
    const rows = counts[index] ?? 0;
    if (rows > FEW_ROWS) continue;
    const pages = pagesOf(mapping, { captured });
    const page = rows === 0 ? null : await pages.read(reader, ALL, { maxRows: FEW_ROWS, watermark, withKeys: false });
    if (isWhole(page, rows)) read.push({ mapping, split: pages.split, digest: { rows, sum: page?.hashes.sum ?? 0n } });
  }
  return read;
}

/** A page may end early, where rows are large. */
function isWhole(page: CanonicalPage | null, rows: number): boolean {
  if (page === null) return rows === 0;
  return page.areKnown && page.pending === 0 && page.rows === rows && page.hashes.rows === rows;
}

/** Of each table in the snapshot, up to one more than a few. */
async function rowsOf(reader: SourceReader, mappings: readonly TableMapping[]): Promise<number[]> {
  const counts = mappings.map(
    (mapping) => `(SELECT count(*) FROM (SELECT 1 FROM ${mappedRelation(mapping)} LIMIT ${FEW_ROWS + 1}))`,
  );
  const [row = []] = await reader.rows(`SELECT ${counts.join(", ")}`);
  return row.map(Number);
}

async function whatIsEqual(
  tx: TargetTransaction,
  tables: readonly ReadTable[],
): Promise<{ readonly mapping: TableMapping; readonly rows: number }[]> {
  const found = await tx.rows<{ place: number; rows: number; sum: string }>(
    renderDigestsOfTables(tables.map(({ mapping, split }) => ({ mapping, split, neverNull: new Set() }))),
  );
  const digests = new Map(found.map(({ place, rows, sum }) => [place, { rows, sum: BigInt(sum) }]));
  return tables.flatMap(({ digest, mapping }, index) => {
    const target = digests.get(index);
    return target !== undefined && isSameDigest(target, digest) ? [{ mapping, rows: digest.rows }] : [];
  });
}

/** One statement for the digests of whole tables, each with its place in the list. */
export function renderDigestsOfTables(tables: readonly DigestColumns[]): string {
  return tables
    .map(
      (columns, place) => `select ${place} as place, d.* from (${renderTargetDigest({ kind: "table" }, columns)}) as d`,
    )
    .join(" union all ");
}
