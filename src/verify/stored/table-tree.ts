import type { TableMapping } from "../../model/mapping.ts";
import { readSchemaVersion } from "../../source/schema-version.ts";
import type { SourceReader } from "../../source/source.ts";
import { sql } from "../../sql.ts";
import { readTreePages } from "./tree-pages.ts";

/** Where a table's rows lie in the file, and in which field of a record each column is. */
export interface TableTree {
  readonly root: number;
  readonly pageBytes: number;
  /** Bytes of a page that hold data. */
  readonly usableBytes: number;
  readonly fields: readonly TableField[];
  readonly schemaVersion: number;
}

export interface TableField {
  readonly column: string;
  /** The value is the rowid; the field itself is empty. */
  readonly isRowid: boolean;
  /** Of a column that was added later: records from before lack the field and have the default. */
  readonly hasDefault: boolean;
}

/** Places in the file's first page: https://www.sqlite.org/fileformat2.html#the_database_header */
const HEAD = { pageSize: 16, reserved: 20, encoding: 56 } as const;
const UTF8 = 1;
/** As which a page size of 65,536 is written. */
const LARGEST_PAGE = 1;

/** Null for what is no table of rowids, and where texts are in UTF-16. */
export async function readTableTree(
  tx: SourceReader,
  { source }: Pick<TableMapping, "source">,
): Promise<TableTree | null> {
  const schemaVersion = await readSchemaVersion(tx);
  const [[root] = []] = await tx.rows(sql("source/tree-of-table"), [source]);
  const head = root === undefined ? null : await readTreePages(tx, [1]);
  if (head === null) return null;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(HEAD.encoding) !== UTF8) return null;
  const size = view.getUint16(HEAD.pageSize);
  const pageBytes = size === LARGEST_PAGE ? 0x1_0000 : size;
  if (pageBytes !== head.byteLength) return null;
  const fields = (await tx.rows(sql("source/fields-of-table"), [source])).map(([name, hasDefault, isRowid]) => ({
    column: name instanceof ArrayBuffer ? Buffer.from(name).toString("utf8") : "",
    isRowid: Number(isRowid) === 1,
    hasDefault: Number(hasDefault) === 1,
  }));
  const usableBytes = pageBytes - view.getUint8(HEAD.reserved);
  return { root: Number(root), pageBytes, usableBytes, fields, schemaVersion };
}
