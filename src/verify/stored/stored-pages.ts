import type { KeyColumn, TableMapping } from "../../model/mapping.ts";
import type { CanonicalForm } from "../../rows/canonical/canonical-form.ts";
import { CanonicalValue } from "../../rows/canonical/canonical-value.ts";
import { RecordValue, STORED } from "../../rows/canonical/record-value.ts";
import { TEXT_FORM } from "../../rows/canonical/text-form.ts";
import { LARGE_ROW_BYTES } from "../../rows/large-row.ts";
import { PageSize } from "../../rows/page-size.ts";
import { readSchemaVersion } from "../../source/schema-version.ts";
import type { Source, SourceReader } from "../../source/source.ts";
import type { CanonicalPage } from "../canonical-pages.ts";
import type { CanonicalColumn, CanonicalSplit } from "../canonical-split.ts";
import type { KeyRange } from "../key-range.ts";
import { RowHasher } from "../row-hash.ts";
import { type LeafRows, rowsOfLeaves } from "./leaf-rows.ts";
import { pendingRowids } from "./pending-rowids.ts";
import { RecordFields } from "./record-fields.ts";
import { readTableTree, type TableTree } from "./table-tree.ts";
import { leavesBehind } from "./tree-descent.ts";

/** What a digest takes of a page. */
export type DigestedPage = Pick<CanonicalPage, "areKnown" | "hashes" | "last" | "pending" | "rows">;

export interface StoredPagesOptions {
  readonly source: Source;
  readonly split: CanonicalSplit;
  /** In which the rows are read. */
  readonly order: readonly KeyColumn[];
  /** Whether rows may be pending. */
  readonly captured: boolean;
}

const PAGE_BYTES = 2 << 20;
const PAGE_BYTES_AT_REST = 4 << 20;
const MAX_LEAVES = 1_024;
/** Pages that only SQLite could read, until that is all that is tried. */
const MAX_FAILURES = 4;
/** Each value is hashed before the next is written. */
const WRITTEN = new CanonicalValue();

/**
 * Hashes rows in canonical form as they lie in the file: SQLite hands over pages of its snapshot, and takes several
 * times as long to hand over values. This is a reader of the verification's own, so that a misreading of the copy's is
 * seen. What it does not know for sure is left to SQLite.
 */
export class StoredPages {
  readonly #mapping: TableMapping;
  readonly #options: StoredPagesOptions;
  readonly #place: string;
  readonly #leaves = new PageSize({ first: 16, max: MAX_LEAVES });
  #tree: TableTree | null = null;
  #columns: readonly StoredColumn[] = [];
  #failures = 0;

  private constructor(mapping: TableMapping, options: StoredPagesOptions, place: string) {
    this.#mapping = mapping;
    this.#options = options;
    this.#place = place;
  }

  /** Null where rows are not read as they lie, or are not what the file holds. */
  static of(mapping: TableMapping, options: StoredPagesOptions): StoredPages | null {
    const [place, ...others] = options.order;
    const isPlain =
      mapping.encoding === undefined && mapping.columns.every(({ expression }) => expression === undefined);
    const { others: unlike, namesRows } = options.split;
    if (options.source.kind !== "file" || !isPlain || unlike.length > 0 || !namesRows) return null;
    return place === undefined || others.length > 0 ? null : new StoredPages(mapping, options, place.source);
  }

  /** The next rows of a range; null if there are no more; `unknown` where SQLite has to be asked. */
  async read(tx: SourceReader, range: KeyRange, watermark: bigint): Promise<DigestedPage | null | "unknown"> {
    const [after, upTo] = [numberOf(range.after), numberOf(range.upTo)];
    if (this.#failures >= MAX_FAILURES || Number.isNaN(after) || Number.isNaN(upTo)) return "unknown";
    const page = await this.#read(tx, { after, upTo }, watermark);
    if (page === "unknown") this.#failures++;
    return page;
  }

  async #read(
    tx: SourceReader,
    range: { readonly after: number | null; readonly upTo: number | null },
    watermark: bigint,
  ): Promise<DigestedPage | null | "unknown"> {
    const started = performance.now();
    const tree = await this.#treeIn(tx);
    const pending = this.#options.captured ? await pendingRowids(tx, this.#mapping, this.#place, watermark) : NONE;
    if (tree === null || pending === null) return "unknown";
    const pageBytes = this.#options.captured ? PAGE_BYTES : PAGE_BYTES_AT_REST;
    const max = Math.max(1, Math.min(this.#leaves.rows, Math.floor(pageBytes / tree.pageBytes)));
    for (let { after } = range; ; ) {
      const leaves = await leavesBehind(tx, tree, { after, max });
      const rows =
        leaves === null ? null : await rowsOfLeaves(tx, tree, leaves, { after, upTo: range.upTo, maxBytes: pageBytes });
      if (leaves === null || rows === null) return "unknown";
      if (rows.count === 0) {
        if (rows.upTo === null || (range.upTo !== null && rows.upTo >= range.upTo)) return null;
        after = rows.upTo;
        continue;
      }
      const hashed = this.#hash(rows, tree, pending);
      this.#leaves.learn({ rows: leaves.bytes.length / tree.pageBytes, durationMs: performance.now() - started });
      return hashed;
    }
  }

  async #treeIn(tx: SourceReader): Promise<TableTree | null> {
    if (this.#tree?.schemaVersion === (await readSchemaVersion(tx))) return this.#tree;
    this.#tree = await readTableTree(tx, this.#mapping);
    const columns = this.#tree === null ? null : columnsIn(this.#tree, this.#options.split.canonical, this.#place);
    if (columns === null) this.#tree = null;
    this.#columns = columns ?? [];
    return this.#tree;
  }

  #hash(rows: LeafRows, tree: TableTree, pending: ReadonlySet<number>): DigestedPage | "unknown" {
    const columns = this.#columns;
    const fields = new RecordFields(tree.fields.length);
    const value = new RecordValue();
    value.of(rows.bytes);
    const hasher = new RowHasher({ maxRows: rows.count, columns: columns.length, isByPlace: false });
    let left = 0;
    for (let index = 0; index < rows.count; index++) {
      const rowid = rows.rowids[index] ?? 0;
      const length = rows.lengths[index] ?? 0;
      if (pending.has(rowid)) {
        left++;
        continue;
      }
      const spilled = rows.spilled.get(index);
      if (length > LARGE_ROW_BYTES) return "unknown";
      if (spilled !== undefined) value.of(spilled);
      if (!fields.read(value.bytes, spilled === undefined ? (rows.starts[index] ?? 0) : 0, length)) return "unknown";
      if (!hashRow(columns, { fields, hasher, rowid, value })) return "unknown";
      if (spilled !== undefined) value.of(rows.bytes);
    }
    const last = String(rows.rowids[rows.count - 1] ?? 0);
    return {
      areKnown: true,
      hashes: hasher.hashes,
      last: [{ type: "integer", value: last }],
      pending: left,
      rows: rows.count,
    };
  }
}

const NONE: ReadonlySet<number> = new Set();

interface StoredColumn {
  readonly form: CanonicalForm;
  /** In a record; -1: the rowid. */
  readonly field: number;
  /** Records that lack the field have another value than NULL. */
  readonly hasDefault: boolean;
  readonly isReal: boolean;
}

/** Null where not all columns, or not the one in whose order rows are read, are in the file. */
function columnsIn(
  { fields }: TableTree,
  canonical: readonly CanonicalColumn[],
  place: string,
): readonly StoredColumn[] | null {
  const placeOf = (name: string) => fields.findIndex(({ column }) => column === name);
  const isRowid = (name: string) => fields[placeOf(name)]?.isRowid ?? name === place;
  if (!isRowid(place)) return null;
  const columns = canonical.map(({ column: { affinity, source }, format }): StoredColumn | null => {
    const field = placeOf(source);
    if (isRowid(source)) return { form: format, field: -1, hasDefault: false, isReal: false };
    if (field < 0) return null;
    return { form: format, field, hasDefault: fields[field]?.hasDefault === true, isReal: affinity === "real" };
  });
  return columns.every((column) => column !== null) ? columns : null;
}

interface StoredRow {
  readonly fields: RecordFields;
  readonly hasher: RowHasher;
  readonly rowid: number;
  readonly value: RecordValue;
}

/** False if a value has no canonical form, or is not in the file. */
function hashRow(columns: readonly StoredColumn[], { fields, hasher, rowid, value }: StoredRow): boolean {
  hasher.beginRow();
  for (let index = 0; index < columns.length; index++) {
    const { field, form, hasDefault, isReal } = columns[index] as StoredColumn;
    if (field < 0) value.setNumber(rowid);
    else if (field < fields.count) {
      fields.take(field, value);
      if (isReal && value.class === STORED.integer) value.makeReal();
    } else if (hasDefault) return false;
    else value.class = STORED.null;
    // A text as it is need not be written.
    if (form === TEXT_FORM && value.class === STORED.text) hasher.addText(index, value.view, value.start, value.end);
    else {
      WRITTEN.begin();
      if (!form.stored(WRITTEN, value)) return false;
      hasher.addValue(index, WRITTEN);
    }
  }
  hasher.endRow();
  return true;
}

/** NaN for what is no number that a double holds. */
function numberOf(tuple: KeyRange["after"]): number | null {
  if (tuple === null) return null;
  const [place] = tuple;
  const value = place?.type === "integer" ? Number(place.value) : Number.NaN;
  return Number.isSafeInteger(value) ? value : Number.NaN;
}
