import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { MAX_CANONICAL_BYTES } from "../rows/canonical-form.ts";
import { balanced } from "../rows/copy-text.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyLine, keyField } from "../rows/render-row.ts";
import { type CanonicalSplit, hasKeyRanges } from "./canonical-split.ts";
import { joinedBySqlite } from "./join-values.ts";
import { type BoundRange, renderRange } from "./key-range.ts";
import { packed, pending } from "./render-raw.ts";

export interface CanonicalPageOptions {
  readonly captured: boolean;
  readonly order: readonly KeyColumn[];
  readonly range: BoundRange;
  /** A row with more bytes is left out. */
  readonly maxBytes: number;
  /** Whether PostgreSQL will want the keys. */
  readonly withKeys: boolean;
}

/** The columns of the one row that {@link renderCanonicalPage} returns. */
export const CANONICAL_PAGE = {
  /** The canonical columns of all rows that are not pending, joined. */
  canonical: 0,
  /** How many bytes each of these rows has. */
  lengths: 1,
  /** The other columns, packed raw. */
  others: 2,
  /** Keys to look up, as COPY lines. */
  keys: 3,
  rows: 4,
  pending: 5,
  /** Rows whose key is not a number, where the canonical columns do not hold the key. */
  unnumbered: 6,
  /** The last key, where that is a number. */
  lastKey: 7,
  /** Rows that are longer than `maxBytes`. */
  large: 8,
} as const;

/** The next rows of a range in canonical form, as one row of {@link CANONICAL_PAGE}: (watermark, …keys, limit). */
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
    `${canonicalColumns(split, options.maxBytes)} AS canonical`,
    ...aliased({ others, lines, pending: isPending, unnumbered, k: place }),
  ];
  const rows =
    `SELECT ${columns.join(", ")} FROM ${mappedRelation(mapping)} AS ` +
    `t${renderRange(options.order, options.range)} ORDER BY ${order} LIMIT ?`;
  const large =
    others === null ? "canonical IS NULL" : `(canonical IS NULL OR octet_length(others)>${options.maxBytes})`;
  const leftOut = [...(isPending === null ? [] : ["pending"]), ...(others === null ? [] : [large])];
  const filter = leftOut.length === 0 ? "" : ` FILTER (WHERE NOT (${leftOut.join(" OR ")}))`;
  // In the order of CANONICAL_PAGE.
  const answers = [
    `CAST(group_concat(canonical,'')${filter} AS BLOB)`,
    `CAST(group_concat(octet_length(canonical))${filter} AS BLOB)`,
    others === null ? "NULL" : `CAST(group_concat(others,'') FILTER (WHERE NOT ${large}) AS BLOB)`,
    lines === null ? "NULL" : "CAST(group_concat(lines, '') AS BLOB)",
    "count(*)",
    isPending === null ? "0" : "total(pending)",
    unnumbered === null ? "0" : "total(unnumbered)",
    place === null ? "NULL" : "CASE typeof(max(k)) WHEN 'integer' THEN max(k) END",
    others === null ? "count(*)-count(canonical)" : `total(${large})`,
    // The watermark, which is bound whether or not rows are asked if they are pending.
    "?1",
  ];
  return `SELECT ${answers.join(", ")} FROM (${rows})`;
}

/**
 * NULL for a row with too many bytes: sizes are asked before values are joined, so that no memory is taken for them.
 */
function canonicalColumns({ canonical }: CanonicalSplit, maxBytes: number): string {
  const value = ({ source }: KeyColumn) => `t.${sqliteName(source)}`;
  const sizes = canonical.flatMap(({ column, format }) => format.bytes?.(value(column)) ?? []);
  const written = joinedBySqlite(canonical.flatMap(({ column, format }) => format.sqlite(value(column))));
  if (sizes.length === 0) return written;
  const tooLarge = sizes.map((bytes) => `${bytes}>${Math.floor(maxBytes / sizes.length)}`);
  return `CASE WHEN ${balanced(tooLarge, " OR ")} THEN NULL ELSE ${written} END`;
}

function otherColumns(mapping: TableMapping, { others }: CanonicalSplit): string | null {
  if (others.length === 0) return null;
  const values = others.map(({ source }) => {
    const value = `t.${sqliteName(source)}`;
    return `(CASE WHEN octet_length(${value})>${MAX_CANONICAL_BYTES} THEN 'n' ELSE ${packed(value, mapping)} END)`;
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
