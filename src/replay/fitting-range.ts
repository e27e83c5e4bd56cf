import { ValueError } from "../errors.ts";
import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import type { Tuple } from "../model/key.ts";
import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { rawExpression, tupleOf } from "../rows/bind-key.ts";
import { LARGE_ROW_BYTES } from "../rows/large-row.ts";
import type { SourceReader } from "../source/source.ts";

/** Entries of the change log: after the one, through the other. */
export interface LogRange {
  readonly after: bigint;
  readonly through: bigint;
}

export interface RangeToFit {
  /** Limit of what is read in one snapshot. */
  readonly bytes: number;
  /** Mappings by the number of their table in the log. */
  readonly byId: ReadonlyMap<bigint, TableMapping>;
  /** Answers with (…, bytes, rows with a NULL in their key) of (pass, after, through). */
  readonly sizeQuery: (mapping: TableMapping) => string;
}

/** A range that stays within the limits, and the tables that are in it. */
export interface FittingRange {
  readonly through: bigint;
  readonly mappings: readonly TableMapping[];
  readonly bytes: number;
  /** It is one row alone, too large to be read at once. */
  readonly isLargeRow: boolean;
}

/** Halves a range of the log until what it holds stays within the limits. */
export async function fittingRange(
  tx: SourceReader,
  range: LogRange,
  { byId, bytes: maxBytes, sizeQuery }: RangeToFit,
): Promise<FittingRange> {
  const { after } = range;
  let { through } = range;
  for (;;) {
    const mappings = await mappingsIn(tx, { after, through }, byId);
    let bytes = 0;
    for (const mapping of mappings) {
      const [row] = await tx.rows(sizeQuery(mapping), [0n, after, through]);
      bytes += Number(row?.[1] ?? 0n);
      if (Number(row?.[2] ?? 0n) > 0) await refuseNullKeys(tx, mapping);
    }
    const entries = through - after;
    if (bytes <= maxBytes || entries <= 1n)
      return { through, mappings, bytes, isLargeRow: entries <= 1n && bytes > LARGE_ROW_BYTES };
    through = after + (entries / 2n > 1n ? entries / 2n : 1n);
  }
}

/** Where a range of so many entries ends. */
export function rangeEnd(after: bigint, last: bigint, entries: number): bigint {
  return last - after > BigInt(entries) ? after + BigInt(entries) : last;
}

/** The tables that a range has entries of. */
export async function mappingsIn(
  tx: SourceReader,
  { after, through }: LogRange,
  byId: ReadonlyMap<bigint, TableMapping>,
): Promise<TableMapping[]> {
  const ids = await tx.rows(`SELECT DISTINCT tbl FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ?`, [
    after,
    through,
  ]);
  return ids.flatMap(([id]) => byId.get(id as bigint) ?? []);
}

/** The key that one entry of the log holds. */
export async function loggedKey(tx: SourceReader, mapping: TableMapping, seq: bigint): Promise<Tuple> {
  const keys = keyColumns(mapping).map((_, position) => logKeyColumn(position));
  const [row = []] = await tx.rows(
    `SELECT ${keys.flatMap((key) => [`typeof(${key})`, rawExpression(key)]).join(", ")} ` +
      `FROM ${sqliteName(LOG_TABLE)} WHERE seq = ?`,
    [seq],
  );
  return tupleOf(row, 0, keys.length);
}

/** SQLite lets a primary key be NULL; such a row has no key under which it could be replayed. */
async function refuseNullKeys(tx: SourceReader, mapping: TableMapping): Promise<void> {
  const columns = keyColumns(mapping).map(({ source }) => source);
  const [found] = await tx.rows(
    `SELECT 1 FROM ${sqliteName(mapping.source)} ` +
      `WHERE ${columns.map((column) => `${sqliteName(column)} IS NULL`).join(" OR ")} LIMIT 1`,
  );
  if (found === undefined) return;
  throw new ValueError({
    code: "NULL_KEY",
    message:
      `table ${mapping.source}: a row was written whose key (${columns.join(", ")}) is NULL, ` +
      "which SQLite allows and PostgreSQL does not",
    hint: "give that row a key, or delete it, in the source; then run the same command again",
    context: { table: mapping.source, columns },
  });
}
