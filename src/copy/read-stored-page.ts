import type { Tuple } from "../model/key.ts";
import { copiedColumns, type KeyColumn, type TableMapping } from "../model/mapping.ts";
import type { BinaryEncoder } from "../rows/codec.ts";
import { LARGE_ROW_BYTES } from "../rows/large-row.ts";
import { PageSize } from "../rows/page-size.ts";
import { jsonPath } from "../rows/render-row.ts";
import { codecOf } from "../rows/types/codecs.ts";
import { LeafWalk } from "../source/btree/leaf-walk.ts";
import { readPageRows } from "../source/btree/page-rows.ts";
import { LayoutReader, type RecordColumn, type TableLayout } from "../source/btree/table-layout.ts";
import type { Source, SourceReader } from "../source/source.ts";
import { copyBinaryOfStored, roomForBinary, type StoredField } from "./copy-binary-of-stored.ts";
import type { Page } from "./page.ts";
import { PageBuffers } from "./page-buffers.ts";
import { PAGE_BYTES, type PageLimits } from "./page-limits.ts";

interface EncodedColumn {
  readonly column: KeyColumn;
  readonly encoder: BinaryEncoder;
}

/**
 * Pages of a table taken from the file's own pages, which SQLite hands over as they are: its records, made rows of a
 * binary COPY by us.
 */
export class PageReader {
  readonly #layout: LayoutReader;
  readonly #walk = new LeafWalk();
  readonly #buffers = new PageBuffers();
  readonly #columns: readonly EncodedColumn[];
  readonly #order: KeyColumn;
  readonly #rowidName: string | undefined;
  readonly #leaves = new PageSize({ first: 16, max: MAX_LEAVES, of: { kind: "file" } });
  /** Fewer, where records are mostly on pages of their own. */
  #maxLeaves = MAX_LEAVES;

  private constructor(
    mapping: TableMapping,
    { columns, order }: { readonly columns: readonly EncodedColumn[]; readonly order: KeyColumn },
  ) {
    this.#layout = new LayoutReader(mapping.source);
    this.#columns = columns;
    this.#order = order;
    this.#rowidName = mapping.identity.kind === "rowid" ? mapping.identity.rowidName : mapping.rowidName;
  }

  /**
   * Null where a table's rows cannot be had so: rules change them, a type has to be spelled, or they are not read in
   * the order in which they lie.
   */
  static of(source: Source, mapping: TableMapping, order: readonly KeyColumn[]): PageReader | null {
    const columns = copiedColumns(mapping).flatMap((column) => {
      const encoder = jsonPath(column) === null ? null : codecOf(column.conversion).encoder.binary;
      return encoder === null ? [] : [{ column, encoder }];
    });
    const [first, second] = order;
    if (
      source.kind !== "file" ||
      mapping.quarantine === true ||
      mapping.encoding !== undefined ||
      columns.length < copiedColumns(mapping).length ||
      first === undefined ||
      second !== undefined
    )
      return null;
    return new PageReader(mapping, { columns, order: first });
  }

  /**
   * The next page; null if there are no more rows; `unknown` if SQLite has to be asked what they are. Its bytes are
   * overwritten by the page after the next.
   */
  async read(source: Pick<Source, "read">, after: Tuple | null, limits: PageLimits): Promise<Page | null | "unknown"> {
    const place = after?.[0];
    const from = after === null ? null : place?.type === "integer" ? Number(place.value) : Number.NaN;
    if (from !== null && !Number.isSafeInteger(from)) return "unknown";
    const page = await source.read((tx) => this.#read(tx, from));
    limits.saw("pageReader", page !== "unknown");
    return page;
  }

  async #read(tx: SourceReader, from: number | null): Promise<Page | null | "unknown"> {
    const started = performance.now();
    const layout = await this.#layout.read(tx);
    const fields = layout === null ? null : this.#fieldsOf(layout);
    if (layout === null || fields === null) return "unknown";
    this.#buffers.turn();
    for (let after = from; ; ) {
      const rows = await readPageRows(tx, layout, {
        walk: this.#walk,
        after,
        leaves: Math.max(
          1,
          Math.min(this.#leaves.rows, this.#maxLeaves, Math.floor(PAGE_BYTES.file / layout.pageSize)),
        ),
        maxBytes: PAGE_BYTES.file,
        maxBytesOfRow: LARGE_ROW_BYTES,
        room: roomForBinary(fields.length),
        into: (bytes) => this.#buffers.take(bytes),
      });
      if (rows === null) return "unknown";
      if (rows.count === 0) {
        if (rows.isLast) return null;
        after = rows.last;
        continue;
      }
      const data = copyBinaryOfStored(rows, fields, layout.columns.size);
      if (data === null) return "unknown";
      const durationMs = performance.now() - started;
      this.#maxLeaves = rows.size < PAGE_BYTES.file / 2 ? MAX_LEAVES : Math.max(1, 2 * rows.leaves);
      this.#leaves.learn({ rows: rows.leaves, durationMs });
      return {
        rows: rows.count,
        data,
        format: "binary",
        isFastPath: true,
        refused: 0,
        last: [{ type: "integer", value: String(rows.last) }],
        isLast: rows.isLast,
        isLargeRow: false,
        keys: null,
        durationMs,
      };
    }
  }

  #fieldsOf({ columns }: TableLayout): readonly StoredField[] | null {
    if (this.#storedAs(this.#order, columns)?.kind !== "rowid") return null;
    const fields = this.#columns.flatMap(({ column, encoder }) => {
      const stored = this.#storedAs(column, columns);
      return stored === null ? [] : [{ column: stored, affinity: column.affinity, encoder }];
    });
    return fields.length === this.#columns.length ? fields : null;
  }

  #storedAs({ source }: KeyColumn, columns: TableLayout["columns"]): RecordColumn | null {
    return columns.get(source) ?? (source === this.#rowidName ? { kind: "rowid" } : null);
  }
}

const MAX_LEAVES = 1_024;
