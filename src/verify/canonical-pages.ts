import type { Tuple } from "../model/key.ts";
import type { KeyColumn, TableMapping } from "../model/mapping.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { tupleOf } from "../rows/bind-key.ts";
import { lastLogged } from "../rows/change-log.ts";
import { fewerOf, maxBytesOfRow } from "../rows/page-size.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { SourceReader } from "../source/source.ts";
import type { TargetTransaction } from "../target/target.ts";
import type { TargetRow } from "./compare.ts";
import { type BoundRange, bindRange } from "./key-range.ts";
import type { LookUp } from "./look-up.ts";
import { type CanonicalSplit, renderCanonicalAnswer, renderCanonicalPage, splitColumns } from "./render-canonical.ts";
import { renderBoundary } from "./render-raw.ts";
import { hashRows, type RowHashes } from "./row-hash.ts";
import { type RawRow, unpackValues } from "./unpack.ts";

/** One snapshot's rows, as SQLite writes them. */
export interface CanonicalPage {
  readonly after: Tuple | null;
  readonly last: Tuple;
  readonly split: CanonicalSplit;
  readonly rows: number;
  /** Of the rows that are not in flight. */
  readonly hashes: RowHashes;
  readonly others: ArrayBuffer | null;
  readonly lines: ArrayBuffer | null;
  readonly flying: number;
  /** Some row is in flight, or has a key that is no number: they are to be compared one by one. */
  readonly rowByRow: boolean;
}

/** As many bytes as a page should have, of both sides' writing. */
const PAGE_BYTES = 1 << 20;
/** Below this a page costs more for being one than for its rows. */
const LEAST_ROWS = 256;
/** Pages that were not alike, though no row differed and no column was to blame, until it is given up for this table. */
const MOST_FAILURES = 8;

/**
 * Compares whole pages at once, where both databases write the same for equal values: that is most pages of most tables. What a page
 * that is not equal has to say, the comparison of its values says.
 */
export class CanonicalPages {
  readonly #mapping: TableMapping;
  readonly #captured: boolean;
  readonly #order: readonly KeyColumn[];
  readonly #unlike = new Set<string>();
  #split: CanonicalSplit;
  #bytesOfRow = 100;
  #most = Number.MAX_SAFE_INTEGER;
  #failures = 0;
  /** The last page had rows in flight, which says nothing of later ones. */
  #isBusy = false;

  constructor(mapping: TableMapping, options: { readonly captured: boolean; readonly order: readonly KeyColumn[] }) {
    this.#order = options.order;
    this.#mapping = mapping;
    this.#captured = options.captured;
    this.#split = splitColumns(mapping, this.#unlike);
  }

  get split(): CanonicalSplit {
    return this.#split;
  }

  /** UTF-16 texts are other bytes in SQLite; and where nothing is alike there is nothing to gain. */
  get isOfUse(): boolean {
    return this.#mapping.encoding === undefined && this.#split.alike.length > 0 && this.#failures < MOST_FAILURES;
  }

  /** Null if there are no more rows. */
  async read(
    tx: SourceReader,
    after: Tuple | null,
    {
      most,
      watermark,
      withKeys = true,
    }: { readonly most: number; readonly watermark: bigint; readonly withKeys?: boolean },
  ): Promise<CanonicalPage | null> {
    const mapping = this.#mapping;
    const range = bindRange({ after, upTo: null });
    const split = this.#split;
    // Mostly nothing is in flight, and then no row need be asked.
    const captured = this.#captured && (await lastLogged(tx)) > watermark;
    const read = async (rows: number) =>
      (
        await tx.rows(
          renderCanonicalPage(mapping, split, {
            captured,
            order: this.#order,
            range,
            most: maxBytesOfRow(rows),
            withKeys,
          }),
          [watermark, ...range.args, BigInt(rows)],
        )
      )[0] ?? [];
    let limit = Math.max(1, Math.min(most, this.#most, Math.floor(PAGE_BYTES / this.#bytesOfRow)));
    let row = await read(limit);
    // Of sizes so different that fewer of them fit into memory.
    while (Number(row[8] ?? 0) > 0 && limit > 1) {
      limit = fewerOf(limit);
      this.#most = Math.min(this.#most, Math.max(limit, LEAST_ROWS));
      row = await read(limit);
    }
    const [plain, lengths, others, lines, count, flying, exceptional, key] = row;
    const rows = Number(count);
    if (rows === 0) return null;
    this.#isBusy = Number(flying) > 0;
    this.#bytesOfRow = Math.max(1, (byteLength(plain) + byteLength(others)) / rows);
    return {
      after,
      last: await this.#last(tx, range, rows, key),
      split,
      rows,
      hashes: hashRows(bufferOf(plain) ?? NONE, bufferOf(lengths) ?? NONE, { bySeed: !split.namesRows }),
      others: bufferOf(others),
      lines: bufferOf(lines),
      flying: Number(flying),
      rowByRow: Number(flying) > 0 || Number(exceptional) > 0,
    };
  }

  /** Whether the target has the same rows; if not, nothing is said of why. */
  async isEqual(tx: TargetTransaction, lookUp: LookUp, page: CanonicalPage): Promise<boolean> {
    if (page.rowByRow) return false;
    const mapping = this.#mapping;
    let answer: Record<string, unknown> | undefined;
    const neverNull = lookUp.neverNull(mapping);
    if (page.lines === null) {
      const bounds = [numberOf(page.after), numberOf(page.last)];
      [answer] = await tx.rows<Record<string, unknown>>(
        renderCanonicalAnswer(mapping, page.split, "range", neverNull),
        bounds,
      );
    } else {
      const keys = await lookUp.take(tx, mapping, asUtf8(page.lines, mapping));
      [answer] = await tx.rows<Record<string, unknown>>(
        renderCanonicalAnswer(mapping, page.split, keys, neverNull),
        keys.parameters,
      );
    }
    if (answer?.["rows"] !== page.rows || page.hashes.rows !== page.rows) return false;
    if (answer["digest"] !== page.hashes.sum.toString()) return false;
    return this.#otherValuesMatch(page, answer);
  }

  #otherValuesMatch(
    { others: packed, rows, split: { others } }: CanonicalPage,
    answer: Record<string, unknown>,
  ): boolean {
    if (others.length === 0) return true;
    const comparisons = others.map(({ conversion }) => codecOf(conversion).comparison);
    const targetRows = others.map((_, index) => answer[`c${index}`] as readonly (string | null)[]);
    const values = unpackValues(new Uint8Array(packed ?? new ArrayBuffer(0)), this.#mapping);
    for (let row = 0; row < rows; row++) {
      for (const [index, comparison] of comparisons.entries()) {
        const raw = values();
        const text = targetRows[index]?.[row] ?? null;
        if (raw.type === "null" ? text !== null : text === null || !comparison.matches(raw, text)) return false;
      }
    }
    return true;
  }

  /** From rows of a page that was not equal, compared by their values: columns that are written otherwise are compared so from here on. */
  learn(rows: readonly RawRow[], targetRows: readonly TargetRow[]): void {
    const before = this.#unlike.size;
    for (const { column, format } of this.#split.alike) {
      const place = this.#mapping.columns.indexOf(column);
      const unlike = rows.some(({ values }, index) => {
        const [raw, text] = [values?.[place], targetRows[index]?.[place]];
        return (
          raw !== undefined &&
          raw.type !== "null" &&
          raw.type !== "refused" &&
          text !== undefined &&
          text !== null &&
          !format.isAlike(raw, text)
        );
      });
      if (unlike) this.#unlike.add(column.source);
    }
    if (this.#unlike.size > before) this.#split = splitColumns(this.#mapping, this.#unlike);
    else if (!this.#isBusy) this.#failures++;
  }

  async #last(tx: SourceReader, range: BoundRange, rows: number, key: unknown): Promise<Tuple> {
    if (typeof key === "bigint") return [{ type: "integer", value: key.toString() }];
    const [boundary = []] = await tx.rows(renderBoundary(this.#mapping, this.#order, range), [
      ...range.args,
      BigInt(rows - 1),
    ]);
    return tupleOf(boundary, 0, this.#order.length);
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

function byteLength(value: unknown): number {
  return value instanceof ArrayBuffer ? value.byteLength : 0;
}
