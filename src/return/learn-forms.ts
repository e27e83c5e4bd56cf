import type { Source } from "../db/source.ts";
import type { Conversion } from "../model/mapping.ts";
import { sqliteName } from "../quote.ts";
import { standingRow } from "./find-rows.ts";
import { rawExpressions, rawValues } from "./raw-row.ts";
import { renderNewest } from "./render-source.ts";
import type { ReturnKey, ReturnTable } from "./return-table.ts";

const NEWEST = 2_000;
const PAGE = 50_000;

/** Kinds of key that may be written in more forms than can be tried one by one. */
const MANY_FORMS: readonly Conversion["kind"][] = ["timestamp", "time", "json", "uuid", "network"];

/**
 * Sees in which forms the source writes its values: by the newest rows, since what comes back should look like those; of keys with
 * many forms by all rows, since a row has to be found under its key. Nobody writes to the source meanwhile.
 */
export async function learnForms(source: Source, table: ReturnTable): Promise<void> {
  for (const row of await source.read((tx) => tx.rows(renderNewest(table, NEWEST)))) {
    const standing = standingRow(table, row);
    for (const [index, { forms }] of table.columns.entries())
      if (standing.refused[index] !== true) forms.see(standing.travelling[index] ?? { type: "null" });
  }
  for (const key of table.keys) {
    const conversion = key.position === null ? undefined : table.mapping.columns[key.position]?.conversion;
    if (conversion !== undefined && MANY_FORMS.includes(conversion.kind)) await learnKey(source, table, key);
  }
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
