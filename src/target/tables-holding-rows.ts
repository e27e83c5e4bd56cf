import type { TargetTableName } from "../model/mapping.ts";
import { pgTable } from "../quote.ts";
import type { TargetReader } from "./target.ts";

/** Tables of one question, which locks each while it runs. */
const TABLES_AT_ONCE = 100;

/** Those of the tables that hold rows. With thousands of tables, a question for each would take most of the time. */
export async function tablesHoldingRows<Table extends TargetTableName>(
  session: TargetReader,
  tables: readonly Table[],
): Promise<Table[]> {
  const filled: Table[] = [];
  for (let from = 0; from < tables.length; from += TABLES_AT_ONCE) {
    const some = tables.slice(from, from + TABLES_AT_ONCE);
    const asked = some.map((table, place) => `select ${place} as place where exists (select from ${pgTable(table)})`);
    const rows = await session.rows<{ place: number }>(asked.join(" union all "));
    const places = new Set(rows.map(({ place }) => place));
    filled.push(...some.filter((_, place) => places.has(place)));
  }
  return filled;
}

/** The same, but for tables that this role may not read. */
export async function readableTablesHoldingRows<Table extends TargetTableName>(
  session: TargetReader,
  tables: readonly Table[],
): Promise<Table[]> {
  try {
    return await tablesHoldingRows(session, tables);
  } catch {
    const filled: Table[] = [];
    for (const table of tables) filled.push(...(await tablesHoldingRows(session, [table]).catch(() => [])));
    return filled;
  }
}
