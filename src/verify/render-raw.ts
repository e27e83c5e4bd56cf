import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions } from "../rows/bind-key.ts";
import { balanced } from "../rows/copy-text.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyLine, keyField, valueRejected } from "../rows/render-row.ts";
import { representable, rowUnderKey, sameKey } from "../rows/same-key.ts";
import { type BoundRange, renderRange } from "./key-range.ts";

/**
 * What verification reads of the source. `page` and `logged` return one row of
 * (values packed raw, COPY lines for looking the rows up in the target, number of rows).
 * Rows whose key was logged after the target's watermark are marked as pending.
 */
export interface RawQueries {
  /** The next rows of a range, in key order: (watermark, …keys, limit). */
  page(range: BoundRange): string;
  /** The row under a key, alone: (0, …key). */
  one(key: readonly string[]): string;
  /** The rows under the keys logged in a range, or that they are deleted: (watermark, from, to). */
  readonly logged: string;
  /** Bytes of the rows under the keys logged in a range: (0, from, to). */
  readonly loggedSize: string;
  /** Bytes and number of the next rows of a range: (…keys, limit). */
  size(range: BoundRange): string;
}

export function renderRawQueries(
  mapping: TableMapping,
  { captured, order: inOrderOf }: { readonly captured: boolean; readonly order: readonly KeyColumn[] },
): RawQueries {
  const table = mappedRelation(mapping);
  const keys = keyColumns(mapping);
  const order = inOrderOf.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const bytes = balanced(
    mapping.columns.map((column) => `coalesce(octet_length(t.${sqliteName(column.source)}),0)`),
    "+",
  );
  const raw = sourceRow(mapping, { captured, keys, qualifier: "t" });
  const row = `SELECT ${raw} AS raw, ${lookup(mapping, keys, "t")} AS line`;
  return {
    page: (range) => collect(`${row} FROM ${table} AS t${renderRange(inOrderOf, range)} ORDER BY ${order} LIMIT ?`),
    one: (key) => collect(`${row} FROM ${rowUnderKey(mapping, key)}`),
    ...renderLogged(mapping, { captured, bytes }),
    size: (range) =>
      `SELECT coalesce(sum(bytes), 0), count(*) FROM (SELECT ${bytes} AS bytes ` +
      `FROM ${table} AS t${renderRange(inOrderOf, range)} ORDER BY ${order} LIMIT ?)`,
  };
}

function renderLogged(
  mapping: TableMapping,
  { bytes, captured }: { readonly captured: boolean; readonly bytes: string },
): Pick<RawQueries, "logged" | "loggedSize"> {
  const table = mappedRelation(mapping);
  const keys = keyColumns(mapping);
  const logged = keys.map((key, position): KeyColumn => ({ ...key, source: logKeyColumn(position) }));
  const present = `t.${sqliteName(keys[0]?.source ?? "")} IS NOT NULL`;
  const deletedRow =
    `CASE WHEN ${isPending(mapping, { captured, keys: logged, qualifier: "l" })} THEN 'h' ELSE 'g' ` +
    `END||${packKey(mapping, logged, "l")}`;
  const joined = keys
    .map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`))
    .join(" AND ");
  const distinct =
    `SELECT DISTINCT ${logged.flatMap(({ source }) => [`typeof(${source})`, source]).join(", ")} ` +
    `FROM ${sqliteName(LOG_TABLE)} WHERE seq > ?2 AND seq <= ?3 AND tbl = ${mapping.id}`;
  return {
    logged: collect(
      `SELECT CASE WHEN ${present} THEN ${sourceRow(mapping, { captured, keys: logged, qualifier: "l" })} ` +
        `ELSE ${deletedRow} END AS raw, ${lookup(mapping, logged, "l")} AS line FROM (${distinct}) AS l LEFT ` +
        `JOIN ${table} AS t ON ${joined} WHERE ${present} OR (${representable(keys)}${noneAlike(mapping, keys)})`,
    ),
    loggedSize: `SELECT ?1 + coalesce(sum(${bytes}), 0) FROM (${distinct}) AS l JOIN ${table} AS t ON ${joined}`,
  };
}

/**
 * Without an affinity, 1 and 1.0 are two entries of the log and one key of the target: it is not deleted while either
 * stands.
 */
function noneAlike(mapping: TableMapping, keys: readonly KeyColumn[]): string {
  if (!keys.some(({ affinity }) => affinity === "blob")) return "";
  const loosely = keys
    .map((key, position) =>
      sameKey({ ...key, affinity: "numeric" }, `o.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`),
    )
    .join(" AND ");
  return ` AND NOT EXISTS (SELECT 1 FROM ${sqliteName(mapping.source)} AS o WHERE ${loosely})`;
}

function collect(rows: string): string {
  return `SELECT CAST(group_concat(raw, '') AS BLOB), CAST(group_concat(line, '') AS BLOB), count(*) FROM (${rows})`;
}

interface KeysOf {
  readonly captured: boolean;
  readonly keys: readonly KeyColumn[];
  readonly qualifier: string;
}

function sourceRow(mapping: TableMapping, of: KeysOf): string {
  return (
    `CASE WHEN ${isPending(mapping, of)} THEN 'f' ELSE 'p' ` +
    `END||${packKey(mapping, of.keys, of.qualifier)}||${pack(mapping, mapping.columns, "t")}`
  );
}

function isPending(mapping: TableMapping, { captured, keys, qualifier }: KeysOf): string {
  return captured ? pending(mapping, keys, qualifier) : "?1 IS NULL";
}

function pack(mapping: TableMapping, columns: readonly KeyColumn[], qualifier: string): string {
  const values = columns.map((column) => {
    const raw = packed(`${qualifier}.${sqliteName(column.source)}`, mapping);
    return column.onBadValue === "null"
      ? `(CASE WHEN ${valueRejected(column, qualifier)} THEN 'x' ELSE ${raw} END)`
      : `(${raw})`;
  });
  return `(${balanced(values, "||")})`;
}

/** A key is itself, whatever becomes of the column. */
function packKey(mapping: TableMapping, keys: readonly KeyColumn[], qualifier: string): string {
  return pack(
    mapping,
    keys.map(({ onBadValue: _, ...column }) => column),
    qualifier,
  );
}

function lookup(mapping: TableMapping, keys: readonly KeyColumn[], qualifier: string): string {
  return copyLine(keys.map((column) => keyField(mapping, column, qualifier)));
}

/**
 * SQLite expression: the key was logged after the watermark (?1), so the two sides may differ in its row for good
 * reason.
 */
export function pending(mapping: TableMapping, columns: readonly KeyColumn[], qualifier: string): string {
  const names = columns.map((_, position) => logKeyColumn(position));
  const values = columns.map((column) => `${qualifier}.${sqliteName(column.source)}`);
  const tuple = (parts: readonly string[]) => (parts.length === 1 ? (parts[0] ?? "") : `(${parts.join(", ")})`);
  // Compared as the log's typeless columns compare, so that no collation takes two keys for one.
  return (
    `${tuple(values.map((value) => `+${value} COLLATE BINARY`))} IN (SELECT ${names.join(", ")} ` +
    `FROM ${sqliteName(LOG_TABLE)} WHERE seq > ?1 AND tbl = ${mapping.id} ` +
    `AND ${names.map((name) => `${name} IS NOT NULL`).join(" AND ")})`
  );
}

/**
 * SQLite expression: a value with its storage class and length before it, as nothing can be
 * mistaken for a separator: no escaping, and nothing shared with the copy's encoding. Blobs are hexadecimal, as is
 * text of a UTF-16 database, whose bytes are not those of the page's text.
 */
export function packed(value: string, mapping: TableMapping): string {
  const text =
    mapping.encoding === undefined
      ? `'t'||length(CAST(${value} AS BLOB))||':'||${value}`
      : `'u'||length(hex(CAST(${value} AS BLOB)))||':'||hex(CAST(${value} AS BLOB))`;
  return (
    `CASE typeof(${value}) WHEN 'integer' THEN 'i'||length(${value})||':'||${value} WHEN 'text' THEN ${text} ` +
    `WHEN 'null' THEN 'n' WHEN 'real' THEN CASE WHEN ${value} COLLATE BINARY=0 AND atan2(${value},-1.0)<0 ` +
    `THEN 'r2:-0' ELSE 'r'||length(printf('%!.17g',${value}))||':'||printf('%!.17g',${value}) END ` +
    `ELSE 'b'||(2*length(${value}))||':'||hex(${value}) END`
  );
}

/** Where the nth (0-based) of the next rows of a range stands: (…place, n). */
export function renderBoundary(
  mapping: TableMapping,
  inOrderOf: readonly KeyColumn[],
  range: BoundRange,
  what: readonly KeyColumn[] = inOrderOf,
): string {
  const order = inOrderOf.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  return (
    `SELECT ${keyExpressions(what, "t").join(", ")} ` +
    `FROM ${sqliteName(mapping.source)} AS t${renderRange(inOrderOf, range)} ORDER BY ${order} LIMIT 1 OFFSET ?`
  );
}
