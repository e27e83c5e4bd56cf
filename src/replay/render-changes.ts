import { LOG_TABLE, logKeyColumn } from "../model/change-log.ts";
import { copiedColumns, type KeyColumn, keyColumns, type TableMapping } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { BinaryEncoder, TextOfJson } from "../rows/codec.ts";
import { renderFastPath, renderLongBytes } from "../rows/encode/render-fast-path.ts";
import { keyText } from "../rows/key-text.ts";
import { mappedRelation } from "../rows/render-relation.ts";
import { copyField, copyLine, rowQuarantined, rowRejected, rowSize } from "../rows/render-row.ts";
import { representable, sameKey } from "../rows/same-key.ts";
import { codecOf } from "../rows/types/codecs.ts";

/** What replay asks of one table about the keys logged in a range of `seq`: (pass, from, to) each, `from` exclusive. */
export interface ChangeQueries {
  /** Distinct keys, the bytes of the rows under them, and keys with a NULL. */
  readonly size: string;
  /**
   * COPY text of the rows under the keys, or of the bare keys where the row is deleted; their number; how many may not
   * pass. Where rows may be quarantined, also all the keys and those of the rows that a rule keeps out, which count as
   * deleted; where not, how many rows are deleted.
   */
  readonly rows: string;
  /** Whether some of the keys are NULL: (from, to). */
  readonly nullKeys: string;
  /**
   * The rows by the fast path, in far less SQL. Null where a rule says what becomes of values, or a column has no
   * such form.
   */
  readonly fastPath: FastPathChanges | null;
}

export interface FastPathChanges {
  /**
   * JSON of the rows under the keys; their number; the bare keys where the row is deleted, as COPY text; the number of
   * keys; how many rows have more than `most` bytes. Those, and rows that JSON has no place for, are reals there.
   */
  query(most: number): string;
  readonly shapes: readonly TextOfJson[];
  /** Null where a column's type has to be spelled. */
  readonly binary: readonly BinaryEncoder[] | null;
  /** Which of the columns is the key, where that is one integer. */
  readonly integerKey: number | null;
}

/**
 * The join keeps keys inside SQL, as native values. Where the column's collation is looser than bytes (NOCASE), 'ABC'
 * would find 'abc', and the stale 'ABC' would stay in the target. So equality is checked to the byte as well; where the
 * column has no affinity, to the storage class.
 */
export function renderChangeQueries(mapping: TableMapping): ChangeQueries {
  const keys = keyColumns(mapping);
  const columns = copiedColumns(mapping);
  const logged = keys.map((_, position) => logKeyColumn(position));
  const distinct =
    `SELECT DISTINCT ${logged.flatMap((k) => [`typeof(${k})`, k]).join(", ")} FROM ${sqliteName(LOG_TABLE)} ` +
    `WHERE seq > ?2 AND seq <= ?3 AND tbl = ${mapping.id}`;
  const on = keys
    .map((key, position) => sameKey(key, `t.${sqliteName(key.source)}`, `l.${logKeyColumn(position)}`))
    .join(" AND ");
  const joined = `FROM (${distinct}) AS l LEFT JOIN ${mappedRelation(mapping)} AS t ON ${on}`;
  const [firstKey] = keys;
  const present = `t.${sqliteName(firstKey?.source ?? "")} IS NOT NULL`;
  const keyed = `CASE WHEN ${present} THEN ${keyText(keys, "t")} ELSE ${keyText(
    logged.map((source) => ({ source })),
    "l",
  )} END`;
  const note = mapping.quarantine === true ? [keyed] : [];
  // The first argument is the pass, so that a later state of a row is known as such.
  const row = copyLine(["?1", "'f'", ...note, ...columns.map((column) => copyField(column, "t"))]);
  const deleted = copyLine(["?1", "'t'", ...note, ...columns.map((column) => deletedField(column, keys))]);
  const refused = `CASE WHEN ${present} THEN ${rowRejected(columns, "t")} ELSE 0 END`;
  const nullKey = logged.map((k) => `l.${k} IS NULL`).join(" OR ");
  const selected = `${joined} WHERE ${present} OR (${representable(keys)})`;
  return {
    size:
      `SELECT count(*), ?1 + coalesce(sum(CASE WHEN ${present} THEN ${rowSize(columns, "t")} ELSE 0 END), ` +
      `0), coalesce(sum(${nullKey}), 0) ${joined}`,
    rows:
      mapping.quarantine === true
        ? "SELECT CAST(group_concat(CASE WHEN quarantined = 0 THEN line WHEN representable THEN deleted ELSE '' " +
          "END, '') AS BLOB), count(*), sum(refused), CAST(group_concat(keyed, char(10)) AS BLOB), " +
          "CAST(group_concat(CASE WHEN quarantined THEN keyed END, char(10)) AS BLOB) FROM (SELECT CASE " +
          `WHEN ${present} THEN ${row} WHEN ${representable(keys)} THEN ${deleted} ELSE '' ` +
          `END AS line, ${deleted} AS deleted, (${representable(keys)}) AS representable, ` +
          `${refused} AS refused, CASE WHEN ${present} THEN ${rowQuarantined(columns, "t")} ELSE 0 ` +
          `END AS quarantined, ${keyed} AS keyed ${joined})`
        : "SELECT CAST(group_concat(line, '') AS BLOB), count(*), sum(refused), total(deleted) " +
          `FROM (SELECT CASE WHEN ${present} THEN ${row} ELSE ${deleted} END AS line, ` +
          `${refused} AS refused, NOT (${present}) AS deleted ${selected})`,
    nullKeys:
      `SELECT EXISTS (SELECT 1 FROM ${sqliteName(LOG_TABLE)} AS l WHERE seq > ? AND seq <= ? ` +
      `AND tbl = ${mapping.id} AND (${nullKey}))`,
    fastPath: fastPathChanges(mapping, { deleted, selected, present }),
  };
}

function fastPathChanges(
  mapping: TableMapping,
  { deleted, selected, present }: { readonly deleted: string; readonly selected: string; readonly present: string },
): FastPathChanges | null {
  const fastPath = renderFastPath(mapping);
  if (fastPath === null) return null;
  const bytes = renderLongBytes(mapping);
  return {
    query: (most) =>
      `SELECT CAST(json_group_array(${fastPath.row}) FILTER (WHERE here) AS BLOB), ` +
      "total(here), CAST(group_concat(deleted, '') FILTER (WHERE NOT here) AS BLOB), count(*), total(large) " +
      `FROM (SELECT ${present} AS here, CASE WHEN ${present} THEN NULL ELSE ${deleted} ` +
      `END AS deleted, (${bytes})>${most} AS large, ${fastPath.values.join(", ")} ${selected})`,
    shapes: fastPath.shapes,
    binary: fastPath.binary,
    integerKey: integerKey(mapping),
  };
}

function integerKey(mapping: TableMapping): number | null {
  const [key, ...more] = keyColumns(mapping);
  const field =
    more.length > 0
      ? -1
      : copiedColumns(mapping).findIndex(
          ({ source, conversion }) => source === key?.source && conversion.kind === "integer",
        );
  return field < 0 ? null : field;
}

function deletedField(column: KeyColumn, keys: readonly KeyColumn[]): string {
  const position = keys.findIndex(({ source }) => source === column.source);
  return position < 0
    ? "'\\N'"
    : `coalesce(${codecOf(column.conversion).encoder.copyText(`l.${logKeyColumn(position)}`)},'\\N')`;
}
