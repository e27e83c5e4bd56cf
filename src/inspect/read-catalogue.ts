import type { CatalogueColumn, CatalogueTable, TargetCatalogue } from "../model/catalogue.ts";
import { sql } from "../sql.ts";
import type { TargetReader } from "../target/target.ts";

/** Reads the target's tables: whoever made them, they are what the engine fills. */
export async function readCatalogue(target: TargetReader): Promise<TargetCatalogue> {
  const [current] = await target.rows<{ schema: string | null }>("select current_schema()::text as schema");
  const columns = await target.rows<ColumnRow>(sql("target/catalogue-columns"));
  const keys = await target.rows<{ table: string; columns: string[] }>(sql("target/catalogue-keys"));
  const tables = new Map<string, { schema: string; name: string; columns: CatalogueColumn[]; keys: string[][] }>();
  for (const row of columns) {
    const table = tables.get(row.table) ?? { schema: row.schema, name: row.table, columns: [], keys: [] };
    tables.set(row.table, table);
    table.columns.push({
      name: row.column,
      type: row.type,
      baseType: row.base_type,
      modifier: row.modifier,
      notNull: row.not_null,
      hasDefault: row.has_default,
      generated: row.generated,
      identity: row.identity,
    });
  }
  for (const key of keys) tables.get(key.table)?.keys.push(key.columns);
  return { schema: current?.schema ?? "public", tables: [...tables.values()] satisfies CatalogueTable[] };
}

interface ColumnRow {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly base_type: string;
  readonly modifier: number;
  readonly not_null: boolean;
  readonly has_default: boolean;
  readonly generated: boolean;
  readonly identity: boolean;
}
