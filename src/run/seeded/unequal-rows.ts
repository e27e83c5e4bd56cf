import type { TableMapping } from "../../model/mapping.ts";
import { copiedColumns, keyColumns } from "../../model/mapping.ts";
import { pgName, pgTable } from "../../quote.ts";
import { asUtf8 } from "../../rows/as-utf8.ts";
import { mappedRelation } from "../../rows/render-relation.ts";
import { copyField, copyLine, valueRejected } from "../../rows/render-row.ts";
import type { Source } from "../../source/source.ts";
import type { TargetTransaction } from "../../target/target.ts";

/** A table with more rows is no seeded one, and would be read in one snapshot of the source. */
export const MAX_MERGED_ROWS = 20_000;

const PAGE_ROWS = 1_000;
const NAMED = 20;

export interface UnequalRows {
  readonly rows: number;
  /** Keys of the first of them, as PostgreSQL writes them. */
  readonly keys: readonly string[];
}

/**
 * Rows of the target that the source does not have, or has otherwise: by key, and where there is none by all columns.
 * The source's rows are sent as a copy would send them, so PostgreSQL compares its own values.
 */
export async function unequalRows(tx: TargetTransaction, source: Source, mapping: TableMapping): Promise<UnequalRows> {
  const bag = pgName(`_changeover_seeded_${mapping.id}`);
  const columns = mapping.columns.map(({ target }) => pgName(target));
  await tx.run(
    `create temporary table ${bag} on commit drop as select ${columns.join(", ")} from ` +
      `${pgTable(mapping.target)} with no data`,
  );
  await sendRows(tx, source, mapping, bag);
  const keys = mapping.identity.kind === "rowid" ? [] : keyColumns(mapping).map(({ target }) => pgName(target));
  const unequal = renderUnequal(mapping, { bag, columns, keys });
  const shown = (keys.length === 0 ? columns.slice(0, 1) : keys).map((key) => `t.${key}::text`).join(", ");
  const [count] = await tx.rows<{ rows: string }>(`select count(*)::text as rows from ${unequal}`);
  const named = await tx.rows<{ key: string }>(
    `select concat_ws(', ', ${keys.length === 0 ? "null" : shown}) as key from ${unequal} ` +
      `order by ${shown} limit ${NAMED}`,
  );
  await tx.run(`drop table pg_temp.${bag}`);
  return { rows: Number(count?.rows ?? 0), keys: keys.length === 0 ? [] : named.map(({ key }) => key) };
}

function renderUnequal(
  { target }: TableMapping,
  {
    bag,
    columns,
    keys,
  }: { readonly bag: string; readonly columns: readonly string[]; readonly keys: readonly string[] },
): string {
  // As text: json and xml have no equality of their own.
  const same = columns.map((column) =>
    keys.includes(column) ? `b.${column} = t.${column}` : `b.${column}::text is not distinct from t.${column}::text`,
  );
  return `${pgTable(target)} as t where not exists (select from pg_temp.${bag} as b where ${same.join(" and ")})`;
}

async function sendRows(tx: TargetTransaction, source: Source, mapping: TableMapping, bag: string): Promise<void> {
  const line = copyLine(mapping.columns.map((column) => copyField(column, "t")));
  // Such a row is never sent, so what the target has in its place is another.
  const rejected = mapping.columns.map((column) => valueRejected(column, "t")).join(" OR ");
  const page =
    `SELECT CAST(group_concat(line, '') AS BLOB), count(*) FROM (SELECT ${line} AS line FROM ` +
    `${mappedRelation(mapping)} AS t WHERE NOT (${rejected}) LIMIT ${PAGE_ROWS} OFFSET ?)`;
  const lines = await source.read(async (reader) => {
    const read: Uint8Array[] = [];
    for (let offset = 0; ; offset += PAGE_ROWS) {
      const [row] = await reader.rows(page, [BigInt(offset)]);
      const [text, count] = row ?? [];
      if (!(text instanceof ArrayBuffer)) return read;
      read.push(asUtf8(text, mapping));
      if (Number(count) < PAGE_ROWS) return read;
    }
  });
  const copy = await tx.copyIn(`copy pg_temp.${bag} from stdin`);
  for (const bytes of lines) await copy.write(bytes);
  await copy.finish();
}

/** Whether its rows can be told apart in a comparison that PostgreSQL makes. */
export function canBeMerged(mapping: TableMapping, rows: number): boolean {
  return rows <= MAX_MERGED_ROWS && copiedColumns(mapping).length > 0;
}
