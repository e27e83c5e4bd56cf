import type { TableMapping } from "../model/mapping.ts";
import { readingOrder } from "../model/reading-order.ts";
import { sqliteName } from "../quote.ts";
import { CanonicalPages } from "./canonical-pages.ts";
import type { KeyRange } from "./key-range.ts";
import { lookUpOf } from "./look-up.ts";
import { addDigests, EMPTY_DIGEST, isSameDigest, type RangeDigest } from "./range-digest.ts";
import type { DigestColumns } from "./render-target-digest.ts";
import { sourceDigest } from "./source-digest.ts";
import { blocksOf, canBeSummed } from "./table-checksum.ts";
import { type BlockRange, digestOfBlocks } from "./target-blocks.ts";
import type { VerifyOptions } from "./verify-options.ts";
import { watermarkOf } from "./watermark.ts";

/** What one of several workers digests: other rows on each side, as those lie. The parts together are the table. */
export interface TablePart {
  readonly range: KeyRange;
  readonly blocks: BlockRange;
}

export interface PartDigest {
  readonly source: RangeDigest;
  readonly target: RangeDigest;
  /** Of the target's snapshot. */
  readonly watermark: bigint;
}

/**
 * Parts of a table for so many workers: ranges of the number in whose order its rows lie, and ranges of blocks. Null
 * where its rows have no such order, or cannot be digested as a whole.
 */
export async function tableParts(
  options: VerifyOptions,
  mapping: TableMapping,
  count: number,
): Promise<TablePart[] | null> {
  const order = readingOrder(mapping, { isAtRest: true });
  const pages = new CanonicalPages(mapping, { captured: false, order });
  const [place] = order;
  if (!canBeSummed(options, mapping, pages) || order.length !== 1 || place?.affinity !== "integer") return null;
  const blocks = await blocksOf(options.session, mapping);
  const ends = blocks === null ? null : await endsOf(options, mapping, place.source);
  const step = ends === null ? 0n : (ends.last - ends.first) / BigInt(count);
  if (blocks === null || ends === null || step === 0n) return null;
  const bound = (part: number): KeyRange["after"] =>
    part === 0 || part === count ? null : [{ type: "integer", value: (ends.first + step * BigInt(part)).toString() }];
  const block = (part: number) => Math.floor((blocks / count) * part);
  return Array.from({ length: count }, (_, part) => ({
    range: { after: bound(part), upTo: bound(part + 1) },
    blocks: { from: block(part), to: block(part + 1), isOpen: part + 1 === count },
  }));
}

/** The least and the largest number of the order; null where there are none. */
async function endsOf({ source }: VerifyOptions, mapping: TableMapping, column: string) {
  const end = (which: string) => `(SELECT ${which}(${sqliteName(column)}) FROM ${sqliteName(mapping.source)})`;
  const [row] = await source.read((tx) => tx.rows(`SELECT ${end("min")}, ${end("max")}`));
  const [first, last] = row ?? [];
  return typeof first === "bigint" && typeof last === "bigint" ? { first, last } : null;
}

/**
 * The digests of a part. Null where that says nothing: something was written since the target's snapshot, or a value
 * has no canonical form.
 */
export async function partDigest(
  options: VerifyOptions,
  mapping: TableMapping,
  { blocks, range }: TablePart,
): Promise<PartDigest | null> {
  const { session } = options;
  // Once something is logged, a part is given up: no row is pending.
  const pages = new CanonicalPages(mapping, { captured: false, order: readingOrder(mapping, { isAtRest: true }) });
  const lookUp = lookUpOf(session);
  await lookUp.prepare([mapping]);
  return session.transaction(
    async (tx) => {
      const watermark = await watermarkOf(tx, options);
      const columns: DigestColumns = { mapping, split: pages.split, neverNull: lookUp.neverNull(mapping) };
      const givenUp = new AbortController();
      const summing = digestOfBlocks(tx, columns, { ...blocks, givenUp: givenUp.signal });
      try {
        // With nothing written meanwhile, the parts of both sides are of one state.
        const found = await sourceDigest({ ...options, tooFarBehind: 0n }, mapping, {
          pages,
          range,
          watermark,
          read: null,
        });
        if (found !== null) return { source: found.digest, target: await summing, watermark };
      } finally {
        givenUp.abort();
        await summing.catch(() => {});
      }
      return null;
    },
    { isolation: "repeatable read" },
  );
}

/** Rows of a table whose parts are together equal on both sides, and of one state; null where they are not. */
export function rowsOfEqualParts(parts: readonly (PartDigest | null)[]): number | null {
  const [first] = parts;
  let [source, target] = [EMPTY_DIGEST, EMPTY_DIGEST];
  for (const part of parts) {
    if (part === null || part.watermark !== first?.watermark) return null;
    source = addDigests(source, part.source);
    target = addDigests(target, part.target);
  }
  return isSameDigest(source, target) ? source.rows : null;
}
