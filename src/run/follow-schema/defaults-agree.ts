import type { Tuple } from "../../model/key.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { ProposedColumn } from "../../model/proposal.ts";
import { readingOrder } from "../../model/reading-order.ts";
import { codecOf } from "../../rows/types/codecs.ts";
import type { TargetTransaction } from "../../target/target.ts";
import { RawPages } from "../../verify/raw-pages.ts";
import { type RawRow, unpackRows } from "../../verify/unpack.ts";
import type { Context } from "../context.ts";

const PAGE = 500;
// All rows of a larger table were written since: nobody knows what the others have.
const MAX_PAGES = 200;

export interface AddedColumns {
  readonly mapping: TableMapping;
  readonly columns: readonly ProposedColumn[];
  /** Rows that were logged after it have values of their own. */
  readonly since: bigint;
}

/**
 * Whether earlier rows have the same value on both sides in columns that are new: what SQLite shows for a row that
 * nobody wrote since, and what PostgreSQL's default gives. True where there is no such row.
 */
export async function defaultsAgree(context: Context, tx: TargetTransaction, added: AddedColumns): Promise<boolean> {
  if (added.columns.length === 0) return true;
  const row = await untouchedRow(context, added);
  if (row === "none") return true;
  if (row === null || row.values === null) return false;
  for (const column of added.columns) {
    const index = added.mapping.columns.findIndex(({ source }) => source === column.source);
    const mapped = added.mapping.columns[index];
    const raw = row.values[index];
    if (mapped === undefined || raw === undefined || raw.type === "refused") return false;
    const [given] = await tx.rows<{ value: string | null }>(
      `select (${column.default ?? "null"})::${column.type}::text as value`,
    );
    const text = given?.value ?? null;
    if (raw.type === "null" || text === null) {
      if (raw.type !== "null" || text !== null) return false;
    } else if (!codecOf(mapped.conversion).comparison.matches(raw, text)) return false;
  }
  return true;
}

async function untouchedRow({ source }: Context, { mapping, since }: AddedColumns): Promise<RawRow | "none" | null> {
  const raw = new RawPages(mapping, { captured: true, order: readingOrder(mapping, { isAtRest: false }) });
  let after: Tuple | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const from: Tuple | null = after;
    const page = await source.read((tx) => raw.read(tx, { after: from, upTo: null }, PAGE, since));
    if (page === null) return "none";
    if (page.large === undefined) {
      const row = unpackRows(new Uint8Array(page.packed), mapping).find(({ pending }) => !pending);
      if (row !== undefined) return row;
    }
    after = page.last as Tuple;
  }
  return null;
}
