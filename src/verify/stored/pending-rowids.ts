import { LOG_TABLE, logKeyColumn } from "../../model/change-log.ts";
import { keyColumns, type TableMapping } from "../../model/mapping.ts";
import { sqliteName } from "../../quote.ts";
import { lastLogged } from "../../rows/log-entries.ts";
import { mappedRelation } from "../../rows/render-relation.ts";
import { sameKey } from "../../rows/same-key.ts";
import type { SourceReader } from "../../source/source.ts";

/** Of so many entries of the log, rows are looked up by other keys than the rowid in a few milliseconds. */
const MAX_LOOKED_UP = 2_000n;
const NONE: ReadonlySet<number> = new Set();

/**
 * The rowids of the rows whose keys were logged after the watermark. `place`: the column that is the rowid. Null where
 * there are too many to be looked up. A row that is not found counts as not pending: then the digests differ.
 */
export async function pendingRowids(
  tx: SourceReader,
  mapping: TableMapping,
  place: string,
  watermark: bigint,
): Promise<ReadonlySet<number> | null> {
  const entries = (await lastLogged(tx)) - watermark;
  if (entries <= 0n) return NONE;
  const keys = keyColumns(mapping);
  const isByRowid = keys.length === 1 && keys[0]?.source === place;
  if (!isByRowid && entries > MAX_LOOKED_UP) return null;
  const [[rowids] = []] = await tx.rows(renderPendingRowids(mapping, isByRowid ? null : place), [watermark]);
  if (!(rowids instanceof ArrayBuffer)) return NONE;
  return new Set(Buffer.from(rowids).toString("latin1").split(",").map(Number));
}

/** `place`: what the rows' rowid is called, if the key is another. */
export function renderPendingRowids(mapping: TableMapping, place: string | null): string {
  const keys = keyColumns(mapping);
  const names = keys.map((_, position) => logKeyColumn(position));
  const log = sqliteName(LOG_TABLE);
  const logged = `SELECT DISTINCT ${names.join(", ")} FROM ${log} WHERE seq > ? AND tbl = ${mapping.id}`;
  const joined = keys
    .map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`))
    .join(" AND ");
  const rowids =
    place === null
      ? `SELECT k1 AS rowid FROM (${logged}) WHERE typeof(k1) = 'integer'`
      : `SELECT t.${sqliteName(place)} AS rowid FROM (${logged}) AS l ` +
        `JOIN ${mappedRelation(mapping)} AS t ON ${joined}`;
  return `SELECT CAST(group_concat(rowid, ',') AS BLOB) FROM (${rowids})`;
}
