import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { keyExpressions } from "../rows/bind-key.ts";
import { keyText } from "../rows/key-text.ts";
import { copyLine, keyField } from "../rows/render-row.ts";
import { representable, sameKey } from "../rows/same-key.ts";

type Bound = readonly string[] | null;

/** What the count of the source's rows asks, each about the rows after a key. */
export interface CountQueries {
  /** The key of the nth (0-based) of the next rows: (…key, n). */
  boundary(after: Bound): string;
  /** Keys of the next rows as COPY lines, and their number: (…key, limit). */
  keys(after: Bound): string;
  /** All rows after the key: (…key). */
  count(after: Bound): string;
  /** The same without any index of the table. */
  countRows(after: Bound): string;
  /** Keys of a range that were logged, as COPY lines, and how many of them have a row: (from, to, …after, …upTo). */
  pending(after: Bound, upTo: Bound): string;
  /** All keys logged, as one word each: (from). */
  readonly keysLogged: string;
}

export function renderCountQueries(mapping: TableMapping): CountQueries {
  const keys = keyColumns(mapping);
  const table = sqliteName(mapping.source);
  const columns = keys.map((key) => `t.${sqliteName(key.source)}`);
  const order = columns.join(", ");
  const compared = (values: readonly string[], operator: string, bound: Bound) =>
    bound === null
      ? []
      : [
          keys.length === 1
            ? `${values[0]} ${operator} ${bound[0]}`
            : `(${values.join(", ")}) ${operator} (${bound.join(", ")})`,
        ];
  const where = (conditions: readonly string[]) =>
    conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const logged = keys.map((key, position): KeyColumn => ({ ...key, source: logKeyColumn(position) }));
  // The log's columns have no collation of their own, and a key must fall into the range in which its row was counted.
  const collated = logged.map(({ source, collation }) => `l.${source} COLLATE ${sqliteName(collation)}`);
  const joined = keys
    .map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`))
    .join(" AND ");
  const distinct =
    `SELECT DISTINCT ${logged.map(({ source }) => source).join(", ")} FROM ${sqliteName(LOG_TABLE)} ` +
    `WHERE seq > ? AND seq <= ? AND tbl = ${mapping.id}`;
  const line = copyLine(logged.map((column) => keyField(mapping, column, "l")));
  const present = copyLine(keys.map((column) => keyField(mapping, column, "t")));
  return {
    keysLogged:
      `SELECT DISTINCT CAST(${keyText(logged, "l")} AS BLOB) FROM ${sqliteName(LOG_TABLE)} AS l WHERE seq > ? ` +
      `AND tbl = ${mapping.id}`,
    boundary: (after) =>
      `SELECT ${keyExpressions(keys, "t").join(", ")} ` +
      `FROM ${table} AS t${where(compared(columns, ">", after))} ORDER BY ${order} LIMIT 1 OFFSET ?`,
    keys: (after) =>
      `SELECT CAST(group_concat(line, '') AS BLOB), count(*) FROM (SELECT ${present} AS line ` +
      `FROM ${table} AS t${where(compared(columns, ">", after))} ORDER BY ${order} LIMIT ?)`,
    count: (after) => `SELECT count(*) FROM ${table} AS t${where(compared(columns, ">", after))}`,
    countRows: (after) => `SELECT count(*) FROM ${table} AS t NOT INDEXED${where(compared(columns, ">", after))}`,
    pending: (after, upTo) =>
      `SELECT CAST(group_concat(line, '') AS BLOB), coalesce(sum(present), 0) FROM (SELECT ${line} AS line, ` +
      `EXISTS (SELECT 1 FROM ${table} AS t WHERE ${joined}) AS present ` +
      `FROM (${distinct}) AS ` +
      `l${where([...compared(collated, ">", after), ...compared(collated, "<=", upTo), representable(keys)])})`,
  };
}
