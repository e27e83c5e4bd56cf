import type { Source, SourceReader } from "../db/source.ts";
import type { Conversion } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import type { Form } from "../value/inverse/inverse.ts";
import { standingRow } from "./find-rows.ts";
import { Habits } from "./habits.ts";
import { rawExpressions, rawValues } from "./raw-row.ts";
import { renderNewest, renderNewestWith } from "./render-source.ts";
import type { ReturnColumn, ReturnKey, ReturnTable } from "./return-table.ts";

const NEWEST = 2_000;
const PAGE = 50_000;

/** Kinds of key that may be written in more forms than can be tried one by one. */
const MANY_FORMS: readonly Conversion["kind"][] = ["timestamp", "time", "json", "uuid", "network"];

/**
 * Sees in which forms the source writes its values: by the newest rows, since what comes back should look like those; of keys with
 * many forms by all rows, since a row has to be found under its key. A column without values takes the form of its default, else that of the
 * database's other columns of its type. Nobody writes to the source meanwhile.
 */
export async function learnForms(source: Source, tables: readonly ReturnTable[]): Promise<void> {
  const habits = new Habits();
  for (const table of tables) {
    await learnTable(source, table);
    for (const column of table.columns) habits.see(column);
  }
  for (const table of tables)
    for (const column of table.columns.filter(({ forms }) => forms.isUnknown))
      column.forms.prefer([...(await formOfDefault(source, table, column)), ...habits.of(column)]);
}

async function learnTable(source: Source, table: ReturnTable): Promise<void> {
  const newest = await source.read((tx) => tx.rows(renderNewest(table, NEWEST)));
  seeRows(table, newest);
  // Where there are more rows, older ones may hold what the newest have nothing of.
  for (let unknown = unknownOf(table); newest.length === NEWEST && unknown.length > 0; ) {
    const columns = unknown.map(({ source: name }) => name);
    seeRows(table, await source.read((tx) => tx.rows(renderNewestWith(table, columns, NEWEST))));
    const left = unknownOf(table);
    if (left.length === unknown.length) break;
    unknown = left;
  }
  for (const key of table.keys) {
    const conversion = key.position === null ? undefined : table.mapping.columns[key.position]?.conversion;
    if (conversion !== undefined && MANY_FORMS.includes(conversion.kind)) await learnKey(source, table, key);
  }
}

function unknownOf({ columns }: ReturnTable): ReturnColumn[] {
  return columns.filter(({ expression, forms }) => expression === null && forms.isUnknown);
}

function seeRows(table: ReturnTable, rows: Awaited<ReturnType<SourceReader["rows"]>>): void {
  for (const row of rows) {
    const standing = standingRow(table, row);
    for (const [index, { forms }] of table.columns.entries())
      if (standing.refused[index] !== true) forms.see(standing.travelling[index] ?? { type: "null" });
  }
}

/** What SQLite itself would put there: `CURRENT_TIMESTAMP`, or `(lower(hex(randomblob(16))))`. */
async function formOfDefault(source: Source, { table, encoding }: ReturnTable, column: ReturnColumn): Promise<Form[]> {
  const text = table.columns.find(({ name }) => name === column.source)?.defaultSql ?? null;
  if (text === null || column.expression !== null) return [];
  const rows = await source
    .read((tx) => tx.rows(`SELECT 0, ${rawExpressions([`(${text})`]).join(", ")}`))
    // Of functions that only the application has nothing can be learnt.
    .catch(() => []);
  const [raw] = rows[0] === undefined ? [] : rawValues(rows[0], 1, 1, encoding);
  // A default of 0 or '' where a timestamp is meant says nothing of how one is written.
  if (raw === undefined || raw.type === "null" || (raw.type === "integer" && raw.value < 100_000_000n)) return [];
  return [column.forms.formOf(raw)];
}

async function learnKey(source: Source, { table, encoding }: ReturnTable, key: ReturnKey): Promise<void> {
  const column = sqliteName(key.source);
  const name = sqliteName(table.name);
  for (let offset = 0; ; offset += PAGE) {
    const rows = await source.read((tx) =>
      tx.rows(`SELECT 0, ${rawExpressions([column]).join(", ")} FROM ${name} LIMIT ${PAGE} OFFSET ${offset}`),
    );
    for (const row of rows) for (const raw of rawValues(row, 1, 1, encoding)) key.forms.see(raw);
    if (rows.length < PAGE) return;
  }
}
