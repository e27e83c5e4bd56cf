import { sqliteName } from "../quote.ts";
import type { Format } from "../rows/inverse.ts";
import { codecOf } from "../rows/types/codecs.ts";
import type { Source, SourceReader } from "../source/source.ts";
import type { FailbackColumn, FailbackKey, FailbackTable } from "./failback-table.ts";
import { readCurrentRow } from "./find-source-rows.ts";
import { rawExpressions, rawValues } from "./raw-row.ts";
import { renderNewest, renderNewestWith } from "./render-source.ts";
import { TypicalFormats } from "./typical-formats.ts";

const NEWEST = 2_000;
const PAGE = 50_000;

/**
 * Learns in which formats the source writes its values. The newest rows decide, since what comes back should look like
 * them. Of keys with many formats all rows are read, since a row has to be found under its key. A column without values
 * takes the format of its default, else that of the database's other columns of its type. Nobody writes to the source
 * meanwhile.
 */
export async function learnFormats(source: Source, tables: readonly FailbackTable[]): Promise<void> {
  const typical = new TypicalFormats();
  for (const table of tables) {
    await learnTable(source, table);
    for (const column of table.columns) typical.see(column);
  }
  for (const table of tables)
    for (const column of table.columns.filter(({ formats }) => formats.isUnknown))
      column.formats.prefer([...(await formatOfDefault(source, table, column)), ...typical.of(column)]);
}

async function learnTable(source: Source, table: FailbackTable): Promise<void> {
  const newest = await source.read((tx) => tx.rows(renderNewest(table, NEWEST)));
  seeRows(table, newest);
  // Of columns that are NULL in the newest rows, older ones may have values.
  for (let unknown = unknownOf(table); newest.length === NEWEST && unknown.length > 0; ) {
    const columns = unknown.map(({ source: name }) => name);
    seeRows(table, await source.read((tx) => tx.rows(renderNewestWith(table, columns, NEWEST))));
    const left = unknownOf(table);
    if (left.length === unknown.length) break;
    unknown = left;
  }
  for (const key of table.keys) {
    const conversion = key.position === null ? undefined : table.mapping.columns[key.position]?.conversion;
    // More formats than can be tried one by one.
    if (conversion !== undefined && codecOf(conversion).inverse.habit !== null) await learnKey(source, table, key);
  }
}

function unknownOf({ columns }: FailbackTable): FailbackColumn[] {
  return columns.filter(({ expression, formats }) => expression === null && formats.isUnknown);
}

function seeRows(table: FailbackTable, rows: Awaited<ReturnType<SourceReader["rows"]>>): void {
  for (const row of rows) {
    const sourceRow = readCurrentRow(table, row);
    for (const [index, { formats }] of table.columns.entries())
      if (sourceRow.refused[index] !== true) formats.see(sourceRow.copied[index] ?? { type: "null" });
  }
}

/** The format of the value that SQLite itself would write: `CURRENT_TIMESTAMP`, or `(lower(hex(randomblob(16))))`. */
async function formatOfDefault(
  source: Source,
  { table, encoding }: FailbackTable,
  column: FailbackColumn,
): Promise<Format[]> {
  const text = table.columns.find(({ name }) => name === column.source)?.defaultSql ?? null;
  if (text === null || column.expression !== null) return [];
  const rows = await source
    .read((tx) => tx.rows(`SELECT 0, ${rawExpressions([`(${text})`]).join(", ")}`))
    // The default may call functions that only the application has.
    .catch(() => []);
  const [raw] = rows[0] === undefined ? [] : rawValues(rows[0], 1, 1, encoding);
  // A default of 0 does not show how the application writes a timestamp.
  if (raw === undefined || raw.type === "null" || (raw.type === "integer" && raw.value < 100_000_000n)) return [];
  return [column.formats.formatOf(raw)];
}

async function learnKey(source: Source, { table, encoding }: FailbackTable, key: FailbackKey): Promise<void> {
  const column = sqliteName(key.source);
  const name = sqliteName(table.name);
  for (let offset = 0; ; offset += PAGE) {
    const rows = await source.read((tx) =>
      tx.rows(`SELECT 0, ${rawExpressions([column]).join(", ")} FROM ${name} LIMIT ${PAGE} OFFSET ${offset}`),
    );
    for (const row of rows) for (const raw of rawValues(row, 1, 1, encoding)) key.formats.see(raw);
    if (rows.length < PAGE) return;
  }
}
