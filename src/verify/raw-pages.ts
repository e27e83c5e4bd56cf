import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { rawExpression, tupleOf } from "../rows/bind-key.ts";
import { LARGE_ROW_BYTES } from "../rows/large-row.ts";
import type { SourceReader } from "../source/source.ts";
import { bindRange, type KeyRange } from "./key-range.ts";
import { type RawQueries, renderBoundary, renderRawQueries } from "./render-raw.ts";

/** What one snapshot of the source brings: packed rows and their lookup lines. */
export interface RawPage {
  readonly packed: ArrayBuffer;
  readonly lines: ArrayBuffer;
  readonly rows: number;
  /** The one row that the page is, too large to be read at once. */
  readonly large?: Tuple;
  /** Where the next page begins: after this row of the table, or entry of the log. */
  readonly last: Tuple | bigint | null;
  readonly durationMs: number;
}

const PAGE_BYTES = 512 << 10;

/**
 * Reads rows of the source to be compared value by value, a page in each snapshot: of the table, or those that the log
 * names.
 */
export class RawPages {
  readonly #mapping: TableMapping;
  readonly #order: readonly KeyColumn[];
  readonly #queries: RawQueries;

  constructor(
    mapping: TableMapping,
    { captured, order }: { readonly captured: boolean; readonly order: readonly KeyColumn[] },
  ) {
    this.#mapping = mapping;
    this.#order = order;
    this.#queries = renderRawQueries(mapping, { captured, order });
  }

  /** The next rows of a range; null if there are none. */
  async read(tx: SourceReader, range: KeyRange, limit: number, watermark: bigint): Promise<RawPage | null> {
    const bound = bindRange(range);
    const { args } = bound;
    for (let rows = limit; ; ) {
      const [size] = await tx.rows(this.#queries.size(bound), [...args, BigInt(rows)]);
      const bytes = Number(size?.[0] ?? 0n);
      const found = Number(size?.[1] ?? 0n);
      if (found === 0) return null;
      if (bytes > PAGE_BYTES && found > 1) {
        rows = fewer(found, bytes);
        continue;
      }
      const keys = keyColumns(this.#mapping);
      const [boundary = []] = await tx.rows(
        renderBoundary(this.#mapping, this.#order, bound, [...this.#order, ...keys]),
        [...args, BigInt(found - 1)],
      );
      const last = tupleOf(boundary, 0, this.#order.length);
      if (bytes > LARGE_ROW_BYTES)
        return { ...NOTHING, rows: 1, large: tupleOf(boundary, 2 * this.#order.length, keys.length), last };
      const [page] = await tx.rows(this.#queries.page(bound), [watermark, ...args, BigInt(found)]);
      return { packed: page?.[0] as ArrayBuffer, lines: page?.[1] as ArrayBuffer, rows: found, last, durationMs: 0 };
    }
  }

  /** Rows whose keys stand in the log behind `from`, up to `last` at most. */
  async readLogged(tx: SourceReader, from: bigint, last: bigint, limit: number, watermark: bigint): Promise<RawPage> {
    for (let entries = limit; ; ) {
      const to = from + BigInt(entries) < last ? from + BigInt(entries) : last;
      const [size] = await tx.rows(this.#queries.loggedSize, [0n, from, to]);
      const bytes = Number(size?.[0] ?? 0n);
      if (bytes > PAGE_BYTES && to - from > 1n) {
        entries = fewer(Number(to - from), bytes);
        continue;
      }
      if (bytes > LARGE_ROW_BYTES) {
        const keys = keyColumns(this.#mapping).map((_, position) => logKeyColumn(position));
        const [entry = []] = await tx.rows(
          `SELECT ${keys.flatMap((k) => [`typeof(${k})`, rawExpression(k)]).join(", ")} ` +
            `FROM ${sqliteName(LOG_TABLE)} WHERE seq = ?`,
          [to],
        );
        return { ...NOTHING, rows: 1, large: tupleOf(entry, 0, keys.length), last: to };
      }
      const [page] = await tx.rows(this.#queries.logged, [watermark, from, to]);
      const [packed, lines, rows] = page ?? [];
      return packed == null
        ? { ...NOTHING, last: to }
        : { packed: packed as ArrayBuffer, lines: lines as ArrayBuffer, rows: Number(rows), last: to, durationMs: 0 };
    }
  }
}

const NOTHING = { packed: new ArrayBuffer(0), lines: new ArrayBuffer(0), rows: 0, durationMs: 0 };

/** How many rows to try next, if so many have more bytes than a page may. */
function fewer(rows: number, bytes: number): number {
  return Math.max(1, Math.floor(rows * Math.min(0.5, (PAGE_BYTES / bytes) * 0.9)));
}
