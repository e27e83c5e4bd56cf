import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { copyLine, keyField } from "./render-row.ts";
import { representable } from "./same-key.ts";

/** A table's keys logged in a range of `seq`, each once, as COPY lines in one value: (from, to), `from` exclusive. */
export function renderLoggedKeys(mapping: TableMapping): string {
  const keys = keyColumns(mapping);
  const logged = keys.map((key, position): KeyColumn => ({ ...key, source: logKeyColumn(position) }));
  const columns = logged.flatMap(({ source }) => [`typeof(${source})`, source]).join(", ");
  const line = copyLine(logged.map((key) => keyField(mapping, key, "l")));
  return `SELECT CAST(group_concat(line, '') AS BLOB) FROM (
    SELECT ${line} AS line FROM (
      SELECT DISTINCT ${columns} FROM ${sqliteName(LOG_TABLE)} WHERE seq > ?1 AND seq <= ?2 AND tbl = ${mapping.id}
    ) AS l WHERE ${representable(keys)})`;
}
