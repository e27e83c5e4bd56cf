import type { SourceTable } from "../model/source-schema.ts";
import { type BoundKey, bindKey } from "../rows/bind-key.ts";
import { PageSize } from "../rows/page-size.ts";
import { LeafWalk } from "../source/btree/leaf-walk.ts";
import { readPageRows } from "../source/btree/page-rows.ts";
import { LayoutReader, type TableLayout } from "../source/btree/table-layout.ts";
import type { Source } from "../source/source.ts";
import type { BadTexts, ColumnTally } from "./column-tally.ts";
import { addPage, STORAGE_CLASSES } from "./column-tally.ts";
import type { Encoding } from "./harmless-text.ts";
import { type StoredTally, tallyPages } from "./tally-pages.ts";

export interface ProfiledPage {
  readonly rows: number;
  /** Null after the last page. */
  readonly last: BoundKey | null;
  readonly commits: readonly (() => void)[];
}

const PAGE_BYTES = 1 << 20;
/** A row of more is left to SQLite. */
const MAX_BYTES_OF_ROW = 4 << 20;
const MAX_LEAVES = 1_024;
/** Pages in a row that were of no use. */
const MAX_MISSES = 3;
const NONE_BAD: BadTexts = { nul: 0, nulKeys: [], invalid: 0, invalidKeys: [] };

/**
 * Looks at a table's rows as the file has them. A page in which there is something that only SQLite can say is left to
 * it.
 */
export class PageProfile {
  readonly #table: SourceTable;
  readonly #tallies: readonly ColumnTally[];
  readonly #layout: LayoutReader;
  readonly #walk = new LeafWalk();
  readonly #leaves = new PageSize({ first: 16, max: MAX_LEAVES, of: { kind: "file" } });
  #misses = 0;

  private constructor(table: SourceTable, tallies: readonly ColumnTally[]) {
    this.#table = table;
    this.#tallies = tallies;
    this.#layout = new LayoutReader(table.name);
  }

  /** Null where a table's values are not all stored, or not in the order of its rowids. */
  static of(
    source: Source,
    table: SourceTable,
    { encoding, tallies }: { readonly encoding: Encoding; readonly tallies: readonly ColumnTally[] },
  ): PageProfile | null {
    const isStored = table.columns.every(({ generated }) => generated === null || generated.storage === "stored");
    const isOrdered = !table.withoutRowid && (table.rowidAlias ?? table.rowidName) !== null;
    return source.kind === "file" && encoding === "UTF-8" && table.relation === undefined && isStored && isOrdered
      ? new PageProfile(table, tallies)
      : null;
  }

  /** The rows behind a rowid; null if SQLite has to be asked. */
  async read(source: Source, after: BoundKey | null): Promise<ProfiledPage | null> {
    const from = after === null ? null : typeof after.args[0] === "bigint" ? Number(after.args[0]) : Number.NaN;
    if (this.#misses >= MAX_MISSES || (from !== null && !Number.isSafeInteger(from))) return null;
    const page = await this.#read(source, from);
    this.#misses = page === null ? this.#misses + 1 : 0;
    return page;
  }

  async #read(source: Source, after: number | null): Promise<ProfiledPage | null> {
    const found = await source.read(async (tx) => {
      const started = performance.now();
      const layout = await this.#layout.read(tx);
      const columns = layout === null ? null : this.#columnsOf(layout);
      if (layout === null || columns === null) return null;
      const leaves = Math.max(1, Math.min(this.#leaves.rows, Math.floor(PAGE_BYTES / layout.pageSize)));
      const rows = await readPageRows(tx, layout, {
        walk: this.#walk,
        after,
        leaves,
        maxBytes: PAGE_BYTES,
        maxBytesOfRow: MAX_BYTES_OF_ROW,
        room: () => 0,
      });
      return rows === null
        ? null
        : { columns, rows, durationMs: performance.now() - started, width: layout.columns.size };
    });
    const counted = found === null ? null : tallyPages(found.rows, found.columns, found.width);
    if (found === null || counted === null) return null;
    const { rows, durationMs } = found;
    this.#leaves.learn({ rows: rows.leaves, durationMs });
    const commits = this.#tallies.map((tally) => () => {
      const page = counted.get(tally.column) ?? new Map();
      tally.classes = new Set(
        STORAGE_CLASSES.filter((kind) => tally.classes.has(kind) || Number(page.get(kind) ?? 0) > 0),
      );
      addPage(tally, page, NONE_BAD);
    });
    return {
      rows: rows.count,
      last: rows.isLast ? null : bindKey([{ type: "integer", value: String(rows.last) }]),
      commits,
    };
  }

  #columnsOf({ columns }: TableLayout): readonly StoredTally[] | null {
    const found = this.#tallies.flatMap((tally): StoredTally[] => {
      const column = columns.get(tally.column);
      const affinity = this.#table.columns.find(({ name }) => name === tally.column)?.affinity;
      return column === undefined || affinity === undefined ? [] : [{ tally, column, affinity }];
    });
    return found.length === this.#tallies.length ? found : null;
  }
}
