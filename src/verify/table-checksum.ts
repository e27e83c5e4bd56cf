import { InterruptedError } from "../errors.ts";
import type { Tuple } from "../model/key.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import { pgTable } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { lastLogged } from "../rows/change-log.ts";
import { PageSize } from "../rows/page-size.ts";
import { renderLoggedKeys } from "../rows/render-logged-keys.ts";
import { readSchemaVersion } from "../source/schema-version.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetReader, TargetTransaction } from "../target/target.ts";
import { type CanonicalPage, CanonicalPages } from "./canonical-pages.ts";
import type { LookUp } from "./look-up.ts";
import { ReadHashes } from "./read-hashes.ts";
import { isRanged, renderHashesUnder, rowHash } from "./render-canonical.ts";
import { keyOfHash } from "./row-hash.ts";
import type { VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

/** A table that was found equal as a whole. */
export interface Checksummed {
  readonly rows: number;
  /** Rows that were left out, since their keys are logged. */
  readonly pending: number;
}

const FIRST_PAGE = 500;
const MOST_ROWS = 20_000;
/** 64 MB: someone who wants it to stop waits for no more than that. */
const BLOCKS_AT_ONCE = 8_192;
const ALL_BLOCKS = 0xffff_ffff;
/** Minutes: an interrupted sweep begins anew, and its snapshot keeps PostgreSQL from cleaning up. Of larger tables pages are kept. */
const MOST_BYTES = 16 * 2 ** 30;
/** Of tables that a page is a range of: those take twice PostgreSQL's time by pages, the others far more. */
const MOST_RANGED_BYTES = 2 * 2 ** 30;

/**
 * Whether all of a table is equal, by the sum of its rows' hashes: each side reads its rows as they lie. Looking each row up by a text key
 * takes both of them several times as long, and a range of numbers takes PostgreSQL twice as long by its index. Null: nothing is said. There may be a difference, or too much that moves.
 *
 * The target answers in one snapshot, whose watermark says which source state it equals. The source is read in pages after it: rows whose
 * keys were logged since are left out. Of the target's rows under all keys that are logged by the end, those are left out
 * that no page brought; the others were read before their change. Whatever is left out is compared from the log, as in any
 * pass: that too much is left out is impossible, and the sums would not be equal if too little were.
 */
export async function tableChecksum(
  options: VerifyOptions,
  mapping: TableMapping,
  lookUp: LookUp,
  remember: () => ReadHashes = () => new ReadHashes(),
): Promise<Checksummed | null> {
  const plain = new CanonicalPages(mapping, {
    captured: options.captured,
    order: readingOrder(mapping, { isAtRest: true }),
  });
  if (!isSweepable(options, mapping, plain)) return null;
  await lookUp.prepare(mapping);
  const blocks = await blocksOf(options.session, mapping);
  // A range of the key is one only in the order of the key.
  const first = isRanged(mapping)
    ? new CanonicalPages(mapping, { captured: options.captured, order: keyColumns(mapping) })
    : plain;
  if (blocks === null || !(await beginsAlike(options, first, lookUp))) return null;
  return options.session.transaction(
    async (tx) => {
      const watermark = await watermarkOf(tx, options.run);
      const givenUp = new AbortController();
      const adding = targetSum(tx, mapping, {
        blocks,
        hash: rowHash(plain.split, lookUp.neverNull(mapping)),
        givenUp: givenUp.signal,
      });
      const giveUp = async () => {
        givenUp.abort();
        await adding.catch(() => {});
      };
      const read = options.captured ? remember() : null;
      try {
        const source = await readAll(options, mapping, { plain, watermark, read }).catch(async (error: unknown) => {
          await giveUp();
          throw error;
        });
        if (source === null) {
          await giveUp();
          return null;
        }
        const target = await adding;
        const left = await leftOut(tx, mapping, { lookUp, plain, logged: source.logged, read });
        if (target.rows - left.rows === source.rows && target.sum - left.sum === source.sum)
          return { rows: source.rows, pending: source.pending };
        options.onRows?.(mapping.source, -source.rows);
        return null;
      } finally {
        await read?.close();
      }
    },
    { isolation: "repeatable read" },
  );
}

/** Rows that say which they are, all of whose values both sides write alike. */
function isSweepable({ byPages, failback }: VerifyOptions, mapping: TableMapping, plain: CanonicalPages): boolean {
  return (
    byPages !== true &&
    failback === undefined &&
    plain.isOfUse &&
    plain.split.others.length === 0 &&
    plain.split.namesRows &&
    mapping.quarantine !== true
  );
}

/** Whether the first rows are equal, as they look to both sides: if not, or if there are no more, there is no point in reading all of them. */
function beginsAlike(
  { captured, run, session, source }: VerifyOptions,
  plain: CanonicalPages,
  lookUp: LookUp,
): Promise<boolean> {
  return session.transaction(
    async (tx) => {
      const watermark = await watermarkOf(tx, run);
      const page = await source.read((reader) => plain.read(reader, null, { most: FIRST_PAGE, watermark }));
      if (page === null || page.rows < FIRST_PAGE) return false;
      return (captured && page.flying > 0) || plain.isEqual(tx, lookUp, page);
    },
    { isolation: "repeatable read" },
  );
}

interface Sum {
  readonly rows: number;
  readonly sum: bigint;
}

const NOTHING: Sum = { rows: 0, sum: 0n };

/** How long the target's table is; null if too long. */
async function blocksOf(session: TargetReader, mapping: TableMapping): Promise<number | null> {
  const [size] = await session.rows<{ blocks: string; bytes: string }>(
    "select bytes::text as bytes, (bytes / current_setting('block_size')::bigint)::text as blocks from pg_relation_size($1::regclass) as bytes",
    [pgTable(mapping.target)],
  );
  return Number(size?.bytes ?? 0) > (isRanged(mapping) ? MOST_RANGED_BYTES : MOST_BYTES)
    ? null
    : Number(size?.blocks ?? 0);
}

/** What all of a table's rows come to in the transaction's snapshot. Once that is given up, anything. */
async function targetSum(
  tx: TargetTransaction,
  mapping: TableMapping,
  { blocks, givenUp, hash }: { readonly blocks: number; readonly hash: string; readonly givenUp: AbortSignal },
): Promise<Sum> {
  const table = pgTable(mapping.target);
  let total = NOTHING;
  for (let from = 0; from <= blocks && !givenUp.aborted; from += BLOCKS_AT_ONCE) {
    // The table may have grown since, and where it consists of others they may be longer.
    const to = from + BLOCKS_AT_ONCE > blocks ? ALL_BLOCKS : from + BLOCKS_AT_ONCE;
    const [part] = await tx.rows<{ rows: string; sum: string }>(
      `select count(*)::text as rows, coalesce(sum(${hash}), 0)::text as sum from ${table} as t where ctid >= $1::tid and ctid < $2::tid`,
      [`(${from},0)`, `(${to},0)`],
    );
    total = plus(total, { rows: Number(part?.rows ?? 0), sum: BigInt(part?.sum ?? 0) });
  }
  return total;
}

interface SourceSide extends Sum {
  readonly pending: number;
  /** Keys that are logged after the watermark, as COPY lines; null if none are. */
  readonly logged: ArrayBuffer | null;
}

interface Reading {
  readonly plain: CanonicalPages;
  readonly watermark: bigint;
  /** Null where nothing is logged. */
  readonly read: ReadHashes | null;
}

/** Null if rows were numbered anew meanwhile, more changes are in flight than can be left out, or there is no room to remember what was read. */
async function readAll(
  options: VerifyOptions,
  mapping: TableMapping,
  { plain, read: seen, watermark }: Reading,
): Promise<SourceSide | null> {
  const { captured, onRows, rest, signal, source, tooFarBehind } = options;
  const size = new PageSize({ first: FIRST_PAGE, max: MOST_ROWS });
  const version = captured ? await source.read(readSchemaVersion) : null;
  let total = NOTHING;
  let pending = 0;
  let after: Tuple | null = null;
  const isHopeless = async (reader: SourceReader) =>
    version !== null &&
    ((await lastLogged(reader)) - watermark > tooFarBehind || (await readSchemaVersion(reader)) !== version);
  const giveUp = () => {
    onRows?.(mapping.source, -total.rows);
    return null;
  };
  for (;;) {
    if (signal?.aborted === true) throw new InterruptedError();
    const from: Tuple | null = after;
    const read: PageRead | "hopeless" | null = await source.read(async (reader) => {
      const started = performance.now();
      if (await isHopeless(reader)) return "hopeless";
      const page = await plain.read(reader, from, { most: size.rows, watermark, withKeys: false });
      return page === null ? null : { page, durationMs: performance.now() - started };
    });
    if (read === "hopeless") return giveUp();
    if (read === null) break;
    const { page, durationMs } = read;
    total = plus(total, page.hashes);
    pending += page.flying;
    after = page.last;
    size.learn({ rows: page.rows, durationMs });
    onRows?.(mapping.source, page.hashes.rows);
    if ((await seen?.add(page.hashes.keys)) === "no room") return giveUp();
    await rest?.({ rows: page.rows, durationMs });
  }
  if (!captured) return { ...total, pending, logged: null };
  const logged = await source.read(async (reader) => {
    if (await isHopeless(reader)) return "hopeless";
    const [row] = await reader.rows(renderLoggedKeys(mapping), [watermark, await lastLogged(reader)]);
    return row?.[0] instanceof ArrayBuffer && row[0].byteLength > 0 ? row[0] : null;
  });
  return logged === "hopeless" ? giveUp() : { ...total, pending, logged };
}

interface PageRead {
  readonly page: CanonicalPage;
  readonly durationMs: number;
}

interface Logged {
  readonly lookUp: LookUp;
  readonly plain: CanonicalPages;
  readonly logged: ArrayBuffer | null;
  readonly read: ReadHashes | null;
}

/** The target's rows under logged keys, but for those that a page brought. */
async function leftOut(
  tx: TargetTransaction,
  mapping: TableMapping,
  { lookUp, plain, logged, read }: Logged,
): Promise<Sum> {
  if (logged === null || read === null) return NOTHING;
  const keys = await lookUp.take(tx, mapping, asUtf8(logged, mapping));
  const found = await tx.rows<{ hash: string }>(
    renderHashesUnder(mapping, plain.split, keys, lookUp.neverNull(mapping)),
    keys.parameters,
  );
  const hashes = new Map(found.map(({ hash }) => [keyOfHash(BigInt(hash)), BigInt(hash)]));
  await read.removeFrom(hashes);
  let left = NOTHING;
  for (const sum of hashes.values()) left = plus(left, { rows: 1, sum });
  return left;
}

function plus(one: Sum, other: Sum): Sum {
  return { rows: one.rows + other.rows, sum: one.sum + other.sum };
}
