import { sql } from "../../sql.ts";
import { readSchemaVersion } from "../schema-version.ts";
import type { SourceReader, SourceValue } from "../source.ts";
import { readFilePages } from "./file-pages.ts";

/**
 * Where a table's b-tree is in the file, and which column is in which field: https://www.sqlite.org/fileformat2.html
 */
export interface TableLayout {
  readonly root: number;
  readonly pageSize: number;
  /** Bytes of a page that SQLite uses; an extension may reserve the others. */
  readonly usable: number;
  /** By column name. */
  readonly columns: ReadonlyMap<string, RecordColumn>;
}

export type RecordColumn =
  /** An alias of the rowid: the record holds NULL in its field. */
  | { readonly kind: "rowid" }
  /**
   * `isNullWhenAbsent`: records from before ADD COLUMN lack the field. The value is then NULL, or the column's default.
   */
  | { readonly kind: "field"; readonly index: number; readonly isNullWhenAbsent: boolean };

/** The layout of one table, read again only after a schema change. */
export class LayoutReader {
  readonly #table: string;
  #version = Number.NaN;
  #layout: TableLayout | null = null;

  constructor(table: string) {
    this.#table = table;
  }

  /** Null for a table that cannot be read page by page: WITHOUT ROWID, virtual, or UTF-16 text. */
  async read(tx: SourceReader): Promise<TableLayout | null> {
    const version = await readSchemaVersion(tx);
    if (version !== this.#version) {
      this.#layout = await readLayout(tx, this.#table);
      this.#version = version;
    }
    return this.#layout;
  }
}

async function readLayout(tx: SourceReader, table: string): Promise<TableLayout | null> {
  const [place] = await tx.rows(sql("source/table-place"), [table]);
  const root = Number(place?.[0] ?? 0);
  const page = root < 2 ? null : await readFilePages(tx, [1]);
  if (place === undefined || page === null) return null;
  const alias = nameOf(place[1]);
  const columns = new Map<string, RecordColumn>();
  let index = 0;
  for (const [name, isNullWhenAbsent, hidden] of await tx.rows(sql("source/stored-columns"), [table])) {
    // A virtual generated column is computed on read, so no record holds it.
    if (Number(hidden) === VIRTUAL) continue;
    const column = nameOf(name) ?? "";
    columns.set(
      column,
      column === alias ? { kind: "rowid" } : { kind: "field", index, isNullWhenAbsent: Number(isNullWhenAbsent) === 1 },
    );
    index++;
  }
  return { root, pageSize: page.length, usable: page.length - (page[RESERVED_AT] ?? 0), columns };
}

const RESERVED_AT = 20;
const VIRTUAL = 2;

function nameOf(value: SourceValue | undefined): string | null {
  return value instanceof ArrayBuffer ? new TextDecoder().decode(value) : null;
}
