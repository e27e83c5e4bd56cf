import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { copyLine, keyField } from "./render-row.ts";
import { representable } from "./same-key.ts";

/** The keys of a table that are logged in a range of `seq`, each once, as COPY lines in one value; NULL if none is: (from, to), `from` exclusive. */
export function renderLoggedKeys(mapping: TableMapping): string {
  const keys = keyColumns(mapping);
  const logged = keys.map((key, position): KeyColumn => ({ ...key, source: logKeyColumn(position) }));
  const distinct = `SELECT DISTINCT ${logged.flatMap(({ source }) => [`typeof(${source})`, source]).join(", ")} FROM ${sqliteName(LOG_TABLE)} WHERE seq > ?1 AND seq <= ?2 AND tbl = ${mapping.id}`;
  return `SELECT CAST(group_concat(look, '') AS BLOB) FROM (SELECT ${copyLine(logged.map((key) => keyField(mapping, key, "l")))} AS look FROM (${distinct}) AS l WHERE ${representable(keys)})`;
}
