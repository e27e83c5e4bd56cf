import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import { pgTable } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import type { TargetReader, TargetTransaction } from "../target/target.ts";
import { CanonicalPages } from "./canonical-pages.ts";
import { hasKeyRanges } from "./canonical-split.ts";
import type { LookUp } from "./look-up.ts";
import {
  addDigests,
  EMPTY_DIGEST,
  isSameDigest,
  type RangeDigest,
  subtractDigest,
  targetHashes,
} from "./range-digest.ts";
import { ReadHashes } from "./read-hashes.ts";
import type { DigestColumns } from "./render-target-digest.ts";
import { keyOfHash } from "./row-hash.ts";
import { sourceDigest } from "./source-digest.ts";
import { digestOfBlocks } from "./target-blocks.ts";
import type { VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

/** A table whose digest is equal on both sides. */
export interface Checksummed {
  readonly rows: number;
  /** Rows that were left out, since their keys are logged. */
  readonly pending: number;
}

const FIRST_PAGE = 500;
/**
 * Minutes: an interrupted checksum starts again, and its snapshot keeps PostgreSQL from cleaning up. The progress of
 * pages is saved, so larger tables are compared by pages.
 */
const MAX_BYTES = 16 * 2 ** 30;
/** Where pages are ranges of the key: by pages these tables take twice PostgreSQL's time, the others far more. */
const MAX_BYTES_OF_KEY_RANGES = 2 * 2 ** 30;

/**
 * The digest of a table: each side reads its rows as they lie. Looking each row up by a text key takes both of them
 * several times as long, and a range of numbers takes PostgreSQL twice as long by its index. Null: nothing is known.
 * There may be a difference, or too many changes are pending.
 *
 * The target answers in one snapshot, whose watermark says which source state it equals. The source is read in pages
 * after it: rows whose keys were logged since are left out. Of the target's rows under logged keys, those are left out
 * that no page brought; the others were read before their change. What is left out is compared from the log, as in any
 * pass. If too little were left out, the digests would differ; leaving out too much is impossible.
 */
export async function tableChecksum(
  options: VerifyOptions,
  mapping: TableMapping,
  lookUp: LookUp,
  remember: () => ReadHashes = () => new ReadHashes(),
): Promise<Checksummed | null> {
  const pages = new CanonicalPages(mapping, {
    captured: options.captured,
    order: readingOrder(mapping, { isAtRest: true }),
  });
  if (!canBeSummed(options, mapping, pages)) return null;
  await lookUp.prepare([mapping]);
  const blocks = await blocksOf(options.session, mapping);
  // A range of the key is one only in the order of the key.
  const first = hasKeyRanges(mapping)
    ? new CanonicalPages(mapping, { captured: options.captured, order: keyColumns(mapping) })
    : pages;
  if (blocks === null || !(await beginsEqual(options, first, lookUp))) return null;
  return options.session.transaction(
    (tx) => compareDigests(tx, options, { mapping, lookUp, pages, blocks, remember }),
    {
      isolation: "repeatable read",
    },
  );
}

interface Comparison {
  readonly mapping: TableMapping;
  readonly lookUp: LookUp;
  readonly pages: CanonicalPages;
  readonly blocks: number;
  readonly remember: () => ReadHashes;
}

/** Both sides work at once: PostgreSQL sums its rows while the source's pages are read. */
async function compareDigests(
  tx: TargetTransaction,
  options: VerifyOptions,
  { mapping, lookUp, pages, blocks, remember }: Comparison,
): Promise<Checksummed | null> {
  const watermark = await watermarkOf(tx, options);
  const columns: DigestColumns = { mapping, split: pages.split, neverNull: lookUp.neverNull(mapping) };
  const givenUp = new AbortController();
  const summing = digestOfBlocks(tx, columns, { from: 0, to: blocks, isOpen: true, givenUp: givenUp.signal });
  const giveUp = async () => {
    givenUp.abort();
    await summing.catch(() => {});
  };
  const read = options.captured ? remember() : null;
  try {
    const source = await sourceDigest(options, mapping, { pages, watermark, read }).catch(async (error: unknown) => {
      await giveUp();
      throw error;
    });
    if (source === null) {
      await giveUp();
      return null;
    }
    const target = await summing;
    const left = await leftOut(tx, columns, { lookUp, logged: source.logged, read });
    if (isSameDigest(subtractDigest(target, left), source.digest))
      return { rows: source.digest.rows, pending: source.pending };
    options.onRows?.(mapping.source, -source.digest.rows);
    return null;
  } finally {
    await read?.close();
  }
}

/** Whether rows name themselves, and all of their values have a canonical form. */
export function canBeSummed(
  { byPages, failback }: VerifyOptions,
  mapping: TableMapping,
  pages: CanonicalPages,
): boolean {
  return (
    byPages !== true &&
    failback === undefined &&
    pages.isOfUse &&
    pages.split.others.length === 0 &&
    pages.split.namesRows &&
    mapping.quarantine !== true
  );
}

/** Whether the first rows are equal. If not, or if there are no more rows, summing the table would gain nothing. */
function beginsEqual(
  { captured, run, session, source, standsAt }: VerifyOptions,
  pages: CanonicalPages,
  lookUp: LookUp,
): Promise<boolean> {
  return session.transaction(
    async (tx) => {
      const watermark = await watermarkOf(tx, { run, ...(standsAt === undefined ? {} : { standsAt }) });
      const page = await source.read((reader) =>
        pages.read(reader, { after: null, upTo: null }, { maxRows: FIRST_PAGE, watermark }),
      );
      if (page === null || page.rows < FIRST_PAGE) return false;
      return (captured && page.pending > 0) || pages.isEqual(tx, lookUp, page);
    },
    { isolation: "repeatable read" },
  );
}

/** How long the target's table is; null if too long. */
export async function blocksOf(session: TargetReader, mapping: TableMapping): Promise<number | null> {
  const [size] = await session.rows<{ blocks: string; bytes: string }>(
    `select bytes::text as bytes, (bytes / current_setting('block_size')::bigint)::text as blocks
       from pg_relation_size($1::regclass) as bytes`,
    [pgTable(mapping.target)],
  );
  const max = hasKeyRanges(mapping) ? MAX_BYTES_OF_KEY_RANGES : MAX_BYTES;
  return Number(size?.bytes ?? 0) > max ? null : Number(size?.blocks ?? 0);
}

/** The target's rows under logged keys, but for those that a page brought. */
async function leftOut(
  tx: TargetTransaction,
  columns: DigestColumns,
  {
    lookUp,
    logged,
    read,
  }: { readonly lookUp: LookUp; readonly logged: ArrayBuffer | null; readonly read: ReadHashes | null },
): Promise<RangeDigest> {
  if (logged === null || read === null) return EMPTY_DIGEST;
  const keys = await lookUp.take(tx, columns.mapping, asUtf8(logged, columns.mapping));
  const found = await targetHashes(tx, keys, columns);
  const hashes = new Map(found.map((hash) => [keyOfHash(hash), hash]));
  await read.removeFrom(hashes);
  return [...hashes.values()].reduce((total, sum) => addDigests(total, { rows: 1, sum }), EMPTY_DIGEST);
}
