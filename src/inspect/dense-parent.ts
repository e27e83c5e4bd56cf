import type { Source } from "../db/source.ts";
import type { SourceForeignKey, SourceTable } from "../model/schema.ts";
import { sqliteName } from "../quote.ts";
import { eachPage } from "./each-page.ts";

/** The first and the last number of a table whose rows are numbered without gaps. */
export interface DenseRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** The numbers of a table's rows if there are no gaps between them, as where nothing was ever deleted; else null. */
export async function denseRange(source: Source, parent: SourceTable): Promise<DenseRange | null> {
  if (parent.rowidAlias === null) return null;
  const id = `t.${sqliteName(parent.rowidAlias)}`;
  const spans = new Span();
  await eachPage(source, parent, async (tx, range) => {
    const [row = []] = await tx.rows(`SELECT count(*), min(${id}), max(${id}) FROM ${sqliteName(parent.name)} AS t${range.where}`, range.args);
    return () => {
      spans.add(row[0], row[1], row[2]);
      return spans.isDense;
    };
  });
  return spans.isDense && spans.range !== null ? spans.range : null;
}

/**
 * Whether all values of a foreign key's one column are whole numbers of such a range, or NULL. Then none is without its parent, and no parent
 * had to be looked up: that is a twentieth of the work.
 */
export async function isWithin(source: Source, table: SourceTable, key: SourceForeignKey, { first, last }: DenseRange): Promise<boolean> {
  const value = `t.${sqliteName(key.columns[0] ?? "")}`;
  let within = true;
  await eachPage(source, table, async (tx, range) => {
    const [row = []] = await tx.rows(`SELECT min(${value}), max(${value}), total(${value} IS NOT NULL AND typeof(${value})<>'integer') FROM ${sqliteName(table.name)} AS t${range.where}`, range.args);
    return () => {
      const [least, most, others] = row;
      within &&= others === 0 && (least === null || (typeof least === "bigint" && typeof most === "bigint" && least >= first && most <= last));
      return within;
    };
  });
  return within;
}

class Span {
  range: DenseRange | null = null;
  isDense = true;

  /** Pages come in the order of the numbers. */
  add(count: unknown, first: unknown, last: unknown): void {
    if (typeof count !== "bigint" || typeof first !== "bigint" || typeof last !== "bigint") return;
    this.isDense &&= last - first + 1n === count && (this.range === null || first === this.range.last + 1n);
    this.range = { first: this.range?.first ?? first, last };
  }
}
