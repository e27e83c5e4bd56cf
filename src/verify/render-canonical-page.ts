import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { ValuePart } from "../rows/canonical/canonical-form.ts";
import { balanced } from "../rows/copy-text.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyLine, keyField } from "../rows/render-row.ts";
import { type CanonicalSplit, hasKeyRanges } from "./canonical-split.ts";
import { type BoundRange, renderRange } from "./key-range.ts";
import { packed, pending } from "./render-raw.ts";

export interface CanonicalPageOptions {
  readonly captured: boolean;
  readonly order: readonly KeyColumn[];
  readonly range: BoundRange;
  /** A longer value is not read. */
  readonly maxBytes: number;
  /** Whether PostgreSQL will want the keys. */
  readonly withKeys: boolean;
}

/** The first columns of the one row that {@link renderCanonicalPage} returns. */
export const CANONICAL_PAGE = {
  rows: 0,
  /** A digit for each row: 1 where it is pending. */
  pending: 1,
  /** The last key, where that is a number. */
  lastKey: 2,
  /** Rows whose key is not a number, where the canonical columns do not hold the key. */
  unnumbered: 3,
  /** Keys to look up, as COPY lines. */
  keys: 4,
  /** The other columns, packed raw. */
  others: 5,
  /** Rows whose other columns are longer than `maxBytes`. */
  large: 6,
  /** From here on, the parts of the canonical columns. */
  parts: 7,
} as const;

/** What is read of each canonical column. */
export function canonicalParts(
  { canonical }: CanonicalSplit,
  { maxBytes }: Pick<CanonicalPageOptions, "maxBytes">,
): (readonly ValuePart[])[] {
  const most = Math.floor(maxBytes / Math.max(1, canonical.length));
  return canonical.map(({ format }, index) => format.sqlite(`c${index}`, { maxBytes: most }));
}

/** The next rows of a range, column by column, as one row of {@link CANONICAL_PAGE}: (watermark, …keys, limit). */
export function renderCanonicalPage(
  mapping: TableMapping,
  split: CanonicalSplit,
  options: CanonicalPageOptions,
): string {
  const keys = keyColumns(mapping);
  const order = options.order.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const others = otherColumns(mapping, split);
  const lines =
    !options.withKeys || hasKeyRanges(mapping) ? null : copyLine(keys.map((key) => keyField(mapping, key, "t")));
  const isPending = options.captured ? pending(mapping, keys, "t") : null;
  const unnumbered =
    hasKeyRanges(mapping) && !split.namesRows
      ? `CASE typeof(t.${sqliteName(keys[0]?.source ?? "")}) WHEN 'integer' THEN 0 ELSE 1 END`
      : null;
  const place = isNumbered(mapping, options.order) ? order : null;
  const columns = [
    ...split.canonical.map(({ column }, index) => `+t.${sqliteName(column.source)} COLLATE BINARY AS c${index}`),
    ...aliased({ others, lines, pending: isPending, unnumbered, k: place }),
  ];
  // SQLite asks for a column at least.
  const what = columns.length === 0 ? "1" : columns.join(", ");
  const rows =
    `SELECT ${what} FROM ${mappedRelation(mapping)} AS t${renderRange(options.order, options.range)} ORDER BY ` +
    `${order} LIMIT ?`;
  const isLarge = `octet_length(others)>${options.maxBytes}`;
  // In the order of CANONICAL_PAGE.
  const answers = [
    "count(*)",
    isPending === null ? "NULL" : "CAST(group_concat(pending,'') AS BLOB)",
    place === null ? "NULL" : "CASE typeof(max(k)) WHEN 'integer' THEN max(k) END",
    unnumbered === null ? "0" : "total(unnumbered)",
    lines === null ? "NULL" : "CAST(group_concat(lines,'') AS BLOB)",
    others === null ? "NULL" : `CAST(group_concat(others,'') FILTER (WHERE NOT ${isLarge}) AS BLOB)`,
    others === null ? "0" : `total(${isLarge})`,
    ...canonicalParts(split, options).flat().map(joined),
    // The watermark, which is bound whether or not rows are asked if they are pending.
    "?1",
  ];
  return `SELECT ${answers.join(", ")} FROM (${rows})`;
}

function joined({ separator, sql }: ValuePart): string {
  return `CAST(group_concat(${sql}${separator === "control" ? ",'\u0001'" : ""}) AS BLOB)`;
}

/** Longer values grow when they are written, and are compared by themselves. */
const MAX_PACKED_BYTES = 16 << 10;

function otherColumns(mapping: TableMapping, { others }: CanonicalSplit): string | null {
  if (others.length === 0) return null;
  const values = others.map(({ source }) => {
    const value = `t.${sqliteName(source)}`;
    return `(CASE WHEN octet_length(${value})>${MAX_PACKED_BYTES} THEN 'n' ELSE ${packed(value, mapping)} END)`;
  });
  return balanced(values, "||");
}

function aliased(columns: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(columns).flatMap(([alias, sql]) => (sql === null ? [] : [`${sql} AS ${alias}`]));
}

/** Whether one number says where a row stands. */
function isNumbered(mapping: TableMapping, order: readonly KeyColumn[]): boolean {
  return (
    order.length === 1 &&
    (hasKeyRanges(mapping) || (mapping.rowidName !== undefined && order[0]?.source === mapping.rowidName))
  );
}
