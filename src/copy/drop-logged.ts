import { keyColumns, type TableMapping } from "../model/mapping.ts";
import { pgName, pgTable } from "../quote.ts";
import { asUtf8 } from "../rows/as-utf8.ts";
import { lastLogged } from "../rows/log-entries.ts";
import { renderLoggedKeys } from "../rows/render-logged-keys.ts";
import type { Source } from "../source/source.ts";
import { allowFullScans } from "../target/planner.ts";
import type { TargetTransaction } from "../target/target.ts";

const ENTRIES_AT_ONCE = 20_000n;

/**
 * Takes the rows of all keys that are logged since the copy began out of the target again; replay brings them. Read by
 * rowids, a row that moved meanwhile came twice, as it was and as it is, and no index is there yet that would mind.
 */
export async function dropLogged(
  source: Source,
  tx: TargetTransaction,
  mapping: TableMapping,
  since: bigint,
): Promise<void> {
  const last = await source.read(lastLogged);
  const query = renderLoggedKeys(mapping);
  const table = pgName(`_changeover_logged_${mapping.id}`);
  const keys = keyColumns(mapping).map(({ target }) => pgName(target));
  let isThere = false;
  for (let from = since; from < last; from += ENTRIES_AT_ONCE) {
    const to = from + ENTRIES_AT_ONCE < last ? from + ENTRIES_AT_ONCE : last;
    const [row] = await source.read((reader) => reader.rows(query, [from, to]));
    if (!(row?.[0] instanceof ArrayBuffer) || row[0].byteLength === 0) continue;
    if (!isThere)
      await tx.run(
        `create temporary table ${table} on commit drop as select ${keys.join(", ")} ` +
          `from ${pgTable(mapping.target)} with no data`,
      );
    isThere = true;
    const copy = await tx.copyIn(`copy pg_temp.${table} (${keys.join(", ")}) from stdin`);
    await copy.write(asUtf8(row[0], mapping));
    await copy.finish();
  }
  if (!isThere) return;
  await allowFullScans(tx);
  await tx.run(`analyze pg_temp.${table}`);
  await tx.run(
    `delete from ${pgTable(mapping.target)} as t using (select distinct ${keys.join(", ")} ` +
      `from pg_temp.${table}) as l where ${keys.map((key) => `t.${key} = l.${key}`).join(" and ")}`,
  );
}
