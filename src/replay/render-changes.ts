import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, type TableMapping, keyColumns, travellingColumns } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { kindOf } from "../value/kinds.ts";
import { representable, sameKey } from "../value/same-key.ts";
import { copyField, copyLine, rowRefused, rowSize } from "../value/render-row.ts";

/** What replay asks of one table about the keys logged in a range of `seq`: (pass, from, to) each, `from` exclusive. */
export interface ChangeQueries {
  /** Distinct keys, the bytes of the rows under them, and keys with a NULL. */
  readonly size: string;
  /** COPY text of the rows under the keys, or of the bare keys where the row is gone; their number; how many may not pass. */
  readonly rows: string;
}

/**
 * The join keeps keys inside SQL, as native values. Where the column's collation is looser than
 * bytes (NOCASE), 'ABC' would find 'abc' and the stale 'ABC' would stay in the target, so equality is checked to the
 * byte as well; where the column has no affinity, to the storage class.
 */
export function renderChangeQueries(mapping: TableMapping): ChangeQueries {
  const keys = keyColumns(mapping);
  const columns = travellingColumns(mapping);
  const logged = keys.map((_, position) => logKeyColumn(position));
  const distinct = `SELECT DISTINCT ${logged.flatMap((k) => [`typeof(${k})`, k]).join(", ")} FROM ${sqliteName(LOG_TABLE)} WHERE seq > ?2 AND seq <= ?3 AND tbl = ${mapping.id}`;
  const on = keys.map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`)).join(" AND ");
  const joined = `FROM (${distinct}) AS l LEFT JOIN ${sqliteName(mapping.source)} AS t ON ${on}`;
  const [firstKey] = keys;
  const present = `t.${sqliteName(firstKey?.source ?? "")} IS NOT NULL`;
  // The first argument is the pass, so that a later state of a row is known as such.
  const row = copyLine(["?1", "'f'", ...columns.map((column) => copyField(column, "t"))]);
  const gone = copyLine(["?1", "'t'", ...columns.map((column) => goneField(column, keys))]);
  const refused = `CASE WHEN ${present} THEN ${rowRefused(columns, "t")} ELSE 0 END`;
  const nullKey = logged.map((k) => `l.${k} IS NULL`).join(" OR ");
  return {
    size: `SELECT count(*), ?1 + coalesce(sum(CASE WHEN ${present} THEN ${rowSize(columns, "t")} ELSE 0 END), 0), coalesce(sum(${nullKey}), 0) ${joined}`,
    rows: `SELECT CAST(group_concat(line, '') AS BLOB), count(*), sum(refused) FROM (SELECT CASE WHEN ${present} THEN ${row} ELSE ${gone} END AS line, ${refused} AS refused ${joined} WHERE ${present} OR (${representable(keys)}))`,
  };
}

function goneField(column: KeyColumn, keys: readonly KeyColumn[]): string {
  const position = keys.findIndex(({ source }) => source === column.source);
  return position < 0 ? "'\\N'" : `coalesce(${kindOf(column.conversion).encode(`l.${logKeyColumn(position)}`)},'\\N')`;
}
