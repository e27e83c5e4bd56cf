import type { Tuple } from "../model/key.ts";
import type { KeyColumn, TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { tupleOf } from "../rows/bind-key.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { fewerOf, maxBytesOfRow } from "../rows/page-size.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { SourceReader, SourceRow } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import { type CanonicalHashes, hashPage } from "./canonical-hashes.ts";
import { type CanonicalSplit, splitColumns } from "./canonical-split.ts";
import type { TargetRow } from "./compare.ts";
import { type BoundRange, bindRange, type KeyRange } from "./key-range.ts";
import type { LookUp } from "./look-up.ts";
import { isSameDigest, targetDigest } from "./range-digest.ts";
import { CANONICAL_PAGE, canonicalParts, renderCanonicalPage } from "./render-canonical-page.ts";
import { renderBoundary } from "./render-raw.ts";
import type { TargetRange } from "./render-target-digest.ts";
import type { RowHashes } from "./row-hash.ts";
import { type RawRow, unpackValues } from "./unpack.ts";

/** Rows of one snapshot of the source, hashed in canonical form. */
export interface CanonicalPage {
  readonly after: Tuple | null;
  readonly last: Tuple;
  readonly split: CanonicalSplit;
  readonly rows: number;
  /** Of the rows that are not pending. */
  readonly hashes: RowHashes;
  readonly others: ArrayBuffer | null;
  readonly lines: ArrayBuffer | null;
  readonly pending: number;
  /** All rows that are not pending have a canonical form. */
  readonly areKnown: boolean;
  /** A row is pending, or has no canonical form, or a key that is not a number: the digests say nothing. */
  readonly needsValues: boolean;
}

export interface CanonicalRead {
  readonly maxRows: number;
  readonly watermark: bigint;
  /** Whether PostgreSQL will want the keys. */
  readonly withKeys?: boolean;
}

/** As many bytes as a page should have, of both sides' writing. */
const PAGE_BYTES = 2 << 20;
/** The same where nobody waits for the end of a snapshot. */
const PAGE_BYTES_AT_REST = 4 << 20;
const MAX_ROWS_AT_REST = 20_000;
/** Preparing a statement of hundreds of columns takes as long as reading so many bytes: a page has no fewer. */
const MIN_BYTES = 1 << 20;
/** A page of fewer rows costs more for being a page than for its rows. */
const MIN_ROWS = 256;
/** Unequal pages in which no row differed and no column was to blame, until digests are given up for this table. */
const MAX_FAILURES = 8;

/** Reads pages of the source in canonical form and compares their digests with the target's. */
export class CanonicalPages {
  readonly #mapping: TableMapping;
  readonly #captured: boolean;
  /** In which rows are read. */
  readonly order: readonly KeyColumn[];
  readonly #unlike = new Set<string>();
  #split: CanonicalSplit;
  #bytesOfRow = 2_000;
  #maxRows = Number.MAX_SAFE_INTEGER;
  #failures = 0;

  constructor(mapping: TableMapping, options: { readonly captured: boolean; readonly order: readonly KeyColumn[] }) {
    this.order = options.order;
    this.#mapping = mapping;
    this.#captured = options.captured;
    this.#split = splitColumns(mapping, this.#unlike);
  }

  get #pageBytes(): number {
    return this.#captured ? PAGE_BYTES : PAGE_BYTES_AT_REST;
  }

  get split(): CanonicalSplit {
    return this.#split;
  }

  /** So many rows a page has, even if such pages have been slow: fewer take no less time. */
  get leastRows(): number {
    if (!this.#captured) return Math.min(MAX_ROWS_AT_REST, Math.ceil(this.#pageBytes / this.#bytesOfRow));
    return Math.min(MIN_ROWS, Math.ceil(MIN_BYTES / this.#bytesOfRow));
  }

  /** UTF-16 texts are other bytes in SQLite; and without a canonical column there is nothing to gain. */
  get isOfUse(): boolean {
    return this.#mapping.encoding === undefined && this.#split.canonical.length > 0 && this.#failures < MAX_FAILURES;
  }

  /** The next rows of a range; null if there are no more. */
  async read(
    tx: SourceReader,
    keyRange: KeyRange,
    { maxRows, watermark, withKeys = true }: CanonicalRead,
  ): Promise<CanonicalPage | null> {
    const range = bindRange(keyRange);
    const split = this.#split;
    // Mostly nothing is pending, and then no row need be asked.
    const captured = this.#captured && (await lastLogged(tx)) > watermark;
    const { canonical, row } = await this.#fitting(maxRows, split, async (limit, maxBytes) => {
      const options = { captured, order: this.order, range, maxBytes, withKeys };
      const sql = renderCanonicalPage(this.#mapping, split, options);
      return (await tx.rows(sql, [watermark, ...range.args, BigInt(limit)]))[0] ?? [];
    });
    const rows = Number(row[CANONICAL_PAGE.rows]);
    if (rows === 0) return null;
    const others = bufferOf(row[CANONICAL_PAGE.others]);
    const { pending } = canonical;
    return {
      after: keyRange.after,
      last: await this.#last(tx, range, rows, row[CANONICAL_PAGE.lastKey]),
      split,
      rows,
      hashes: canonical.hashes,
      others,
      lines: bufferOf(row[CANONICAL_PAGE.keys]),
      pending,
      areKnown: canonical.areKnown,
      needsValues: pending > 0 || !canonical.areKnown || Number(row[CANONICAL_PAGE.unnumbered]) > 0,
    };
  }

  /** Reads fewer rows where sizes differ so much that not all of them fit into memory. */
  async #fitting(
    maxRows: number,
    split: CanonicalSplit,
    read: (rows: number, maxBytes: number) => Promise<SourceRow>,
  ): Promise<{ readonly row: SourceRow; readonly canonical: CanonicalHashes }> {
    let limit = Math.max(1, Math.min(maxRows, this.#maxRows, Math.floor(this.#pageBytes / this.#bytesOfRow)));
    for (;;) {
      const maxBytes = maxBytesOfRow(limit);
      const row = await read(limit, maxBytes);
      const parts = row.slice(CANONICAL_PAGE.parts, -1).map(bufferOf);
      const rows = Number(row[CANONICAL_PAGE.rows]);
      const pending = bufferOf(row[CANONICAL_PAGE.pending]);
      const canonical = hashPage(split, canonicalParts(split, { maxBytes }), {
        rows,
        parts,
        pending: pending === null ? null : new Uint8Array(pending),
      });
      const isCut = canonical.hasTooLong || Number(row[CANONICAL_PAGE.large] ?? 0) > 0;
      if (!isCut || limit === 1) {
        const others = bufferOf(row[CANONICAL_PAGE.others])?.byteLength ?? 0;
        const bytes = parts.reduce((sum, part) => sum + (part?.byteLength ?? 0), others);
        this.#bytesOfRow = Math.max(1, bytes / Math.max(1, rows));
        return { row, canonical };
      }
      limit = fewerOf(limit);
      this.#maxRows = Math.min(this.#maxRows, Math.max(limit, MIN_ROWS));
    }
  }

  /** Whether the target has the same rows; if not, nothing is known of the reason. */
  async isEqual(tx: TargetTransaction, lookUp: LookUp, page: CanonicalPage): Promise<boolean> {
    if (page.needsValues) return false;
    const mapping = this.#mapping;
    const range: TargetRange =
      page.lines === null
        ? { kind: "keyRange", after: numberOf(page.after), upTo: numberOf(page.last) }
        : { kind: "keys", keys: await lookUp.take(tx, mapping, asUtf8(page.lines, mapping)) };
    const found = await targetDigest(tx, range, { mapping, split: page.split, neverNull: lookUp.neverNull(mapping) });
    return page.hashes.rows === page.rows && isSameDigest(found, page.hashes) && this.#othersMatch(page, found.others);
  }

  #othersMatch(page: CanonicalPage, targetColumns: readonly (readonly (string | null)[])[]): boolean {
    const { others } = page.split;
    if (others.length === 0) return true;
    const comparisons = others.map(({ conversion }) => codecOf(conversion).comparison);
    const values = unpackValues(new Uint8Array(page.others ?? NONE), this.#mapping);
    for (let row = 0; row < page.rows; row++) {
      for (const [index, comparison] of comparisons.entries()) {
        const raw = values();
        const text = targetColumns[index]?.[row] ?? null;
        if (raw.type === "null" ? text !== null : text === null || !comparison.matches(raw, text)) return false;
      }
    }
    return true;
  }

  /**
   * From rows of an unequal page: columns that the two sides write differently are compared by their values from here
   * on.
   */
  learn(rows: readonly RawRow[], targetRows: readonly TargetRow[]): void {
    const before = this.#unlike.size;
    for (const { column, format } of this.#split.canonical) {
      const place = this.#mapping.columns.indexOf(column);
      const unlike = rows.some(({ values }, index) => {
        const [raw, text] = [values?.[place], targetRows[index]?.[place]];
        if (raw === undefined || raw.type === "null" || raw.type === "refused") return false;
        return text !== undefined && text !== null && !format.isAlike(raw, text);
      });
      if (unlike) this.#unlike.add(column.source);
    }
    if (this.#unlike.size > before) this.#split = splitColumns(this.#mapping, this.#unlike);
  }

  /** Called when all of an unequal page is compared. Pending rows say nothing of later pages. */
  endUnequal({ pending, split }: CanonicalPage): void {
    if (split === this.#split && pending === 0) this.#failures++;
  }

  async #last(tx: SourceReader, range: BoundRange, rows: number, key: unknown): Promise<Tuple> {
    if (typeof key === "bigint") return [{ type: "integer", value: key.toString() }];
    const [boundary = []] = await tx.rows(renderBoundary(this.#mapping, this.order, range), [
      ...range.args,
      BigInt(rows - 1),
    ]);
    return tupleOf(boundary, 0, this.order.length);
  }
}

const NONE = new ArrayBuffer(0);

function numberOf(tuple: Tuple | null): string | null {
  const value = tuple?.[0];
  return value?.type === "integer" ? value.value : null;
}

function bufferOf(value: unknown): ArrayBuffer | null {
  return value instanceof ArrayBuffer ? value : null;
}
