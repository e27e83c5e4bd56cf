import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, type TableMapping, keyColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions } from "../value/bind-key.ts";
import { balanced } from "../value/copy-text.ts";
import { copyField, copyLine } from "../value/render-row.ts";
import { representable, sameKey } from "../value/same-key.ts";

/**
 * What verification reads of the source: each query but the last two returns one row of
 * (values packed raw, COPY lines for looking the rows up in the target, number of rows).
 */
export interface RawQueries {
  /** The next rows after a key, in key order: (…key, limit). */
  page(after: readonly string[] | null): string;
  /** The rows under the keys logged in a range, or that they are gone: (from, to). */
  readonly logged: string;
  /** The row under one key, or that it is gone: (…key). */
  one(key: readonly string[]): string;
  /** Whether a key was logged in a range: (…key, from, to). */
  isLogged(key: readonly string[]): string;
  /** Bytes and number of the next rows: (…key, limit). */
  size(after: readonly string[] | null): string;
}

export function renderRawQueries(mapping: TableMapping): RawQueries {
  const table = sqliteName(mapping.source);
  const keys = keyColumns(mapping);
  const logged = keys.map((key, position): KeyColumn => ({ ...key, source: logKeyColumn(position) }));
  const order = keys.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const after = (bound: readonly string[] | null) => (bound === null ? "" : keys.length === 1 ? ` WHERE ${order} > ${bound[0]}` : ` WHERE (${order}) > (${bound.join(", ")})`);
  const present = `t.${sqliteName(keys[0]?.source ?? "")} IS NOT NULL`;
  const pack = (columns: readonly KeyColumn[], qualifier: string) => `(${balanced(columns.map((column) => `(${packed(`${qualifier}.${sqliteName(column.source)}`, mapping)})`), "||")})`;
  const lookup = (columns: readonly KeyColumn[], qualifier: string) => copyLine(columns.map((column) => copyField(column, qualifier)));
  const standing = (columns: readonly KeyColumn[], qualifier: string) => `'p'||${pack(columns, qualifier)}||${pack(mapping.columns, "t")}`;
  const either = `CASE WHEN ${present} THEN ${standing(logged, "l")} ELSE 'g'||${pack(logged, "l")} END AS raw, ${lookup(logged, "l")} AS look`;
  const joined = keys.map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`)).join(" AND ");
  const collect = (rows: string) => `SELECT CAST(group_concat(raw, '') AS BLOB), CAST(group_concat(look, '') AS BLOB), count(*) FROM (${rows})`;
  const distinct = `SELECT DISTINCT ${logged.flatMap(({ source }) => [`typeof(${source})`, source]).join(", ")} FROM ${sqliteName(LOG_TABLE)} WHERE seq > ? AND seq <= ? AND tbl = ${mapping.id}`;
  const named = (bound: readonly string[]) => bound.map((value, position) => `${value} AS ${logKeyColumn(position)}`).join(", ");
  return {
    page: (bound) => collect(`SELECT ${standing(keys, "t")} AS raw, ${lookup(keys, "t")} AS look FROM ${table} AS t${after(bound)} ORDER BY ${order} LIMIT ?`),
    logged: collect(`SELECT ${either} FROM (${distinct}) AS l LEFT JOIN ${table} AS t ON ${joined} WHERE ${present} OR (${representable(keys)})`),
    one: (bound) => collect(`SELECT ${either} FROM (SELECT ${named(bound)}) AS l LEFT JOIN ${table} AS t ON ${joined}`),
    isLogged: (bound) =>
      `SELECT 1 FROM (SELECT ${named(bound)}) AS b, ${sqliteName(LOG_TABLE)} AS l WHERE ${logged.map(({ source }) => `l.${source} = b.${source}`).join(" AND ")} AND l.seq > ? AND l.seq <= ? AND l.tbl = ${mapping.id} LIMIT 1`,
    size: (bound) => `SELECT coalesce(sum(bytes), 0), count(*) FROM (SELECT ${balanced(mapping.columns.map((column) => `coalesce(octet_length(t.${sqliteName(column.source)}),0)`), "+")} AS bytes FROM ${table} AS t${after(bound)} ORDER BY ${order} LIMIT ?)`,
  };
}

/**
 * SQLite expression: a value with its storage class and length before it, as nothing can be
 * mistaken for a separator: no escaping, and nothing shared with the copy's encoding. Blobs are hexadecimal, as is
 * text of a UTF-16 database, whose bytes are not those of the page's text.
 */
function packed(value: string, mapping: TableMapping): string {
  const text = mapping.encoding === undefined ? `'t'||length(CAST(${value} AS BLOB))||':'||${value}` : `'u'||length(hex(CAST(${value} AS BLOB)))||':'||hex(CAST(${value} AS BLOB))`;
  return `CASE typeof(${value}) WHEN 'integer' THEN 'i'||length(${value})||':'||${value} WHEN 'text' THEN ${text} WHEN 'null' THEN 'n' WHEN 'real' THEN 'r'||length(printf('%!.17g',${value}))||':'||printf('%!.17g',${value}) ELSE 'b'||(2*length(${value}))||':'||hex(${value}) END`;
}

/** The key of the nth (0-based) of the next rows: (…key, n). */
export function renderBoundary(mapping: TableMapping, after: readonly string[] | null): string {
  const keys = keyColumns(mapping);
  const order = keys.map((key) => `t.${sqliteName(key.source)}`).join(", ");
  const where = after === null ? "" : ` WHERE (${order}) > (${after.join(", ")})`;
  return `SELECT ${keyExpressions(keys, "t").join(", ")} FROM ${sqliteName(mapping.source)} AS t${where} ORDER BY ${order} LIMIT 1 OFFSET ?`;
}
