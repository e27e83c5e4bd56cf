import { SourceError } from "../errors.ts";
import { type ForeignKeyOrphans, resolveForeignKey } from "../model/foreign-key.ts";
import type { SourceForeignKey, SourceSchema, SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { Source } from "../source/source.ts";
import { eachPage } from "./each-page.ts";

/**
 * Counts the rows that break a foreign key, key by key and in short snapshots. `PRAGMA foreign_key_check`
 * gives up on the whole database at the first foreign key that is mismatched; such are passed over here. `only`: some
 * of one table.
 */
export async function foreignKeyOrphans(
  source: Source,
  schema: SourceSchema,
  only?: { readonly table: string; readonly positions: readonly number[] },
): Promise<ForeignKeyOrphans[]> {
  const found: ForeignKeyOrphans[] = [];
  for (const table of schema.tables) {
    for (const [position, key] of table.foreignKeys.entries()) {
      if (only !== undefined && (table.name !== only.table || !only.positions.includes(position))) continue;
      const { parent, parentColumns } = resolveForeignKey(schema, key);
      if (parent === null || parentColumns === null) continue;
      const query = renderOrphans(table.name, key, parent.name, parentColumns);
      const rows = await countOrphans(source, table, query);
      if (rows !== 0) found.push({ table: table.name, position, rows, where: query.condition });
    }
  }
  return found;
}

/** A collation or function of the application's own: SQLite cannot say. */
function cannotCheck(error: unknown): boolean {
  return error instanceof SourceError && error.code === "SOURCE_FAILED";
}

/** What holds for a row `t` without a parent. A NULL in the key means that there is none to look for. */
function renderOrphans(
  table: string,
  key: SourceForeignKey,
  parent: string,
  parentColumns: readonly string[],
): { from: string; condition: string } {
  const present = key.columns.map((column) => `t.${sqliteName(column)} IS NOT NULL`);
  // The parent's column on the left: its affinity and collation decide.
  const equal = key.columns.map(
    (column, index) => `p.${sqliteName(parentColumns[index] ?? "")} = t.${sqliteName(column)}`,
  );
  return {
    from: `${sqliteName(table)} AS t`,
    condition:
      `${present.join(" AND ")} AND NOT EXISTS (SELECT 1 FROM ${sqliteName(parent)} AS p ` +
      `WHERE ${equal.join(" AND ")})`,
  };
}

async function countOrphans(
  source: Source,
  table: SourceTable,
  query: { from: string; condition: string },
): Promise<number | null> {
  let rows = 0;
  try {
    await eachPage(source, table, async (tx, range) => {
      const [row] = await tx.rows(
        `SELECT count(*) FROM ${query.from}${range.where === "" ? " WHERE" : `${range.where} AND`} ${query.condition}`,
        range.args,
      );
      return () => {
        rows += Number(row?.[0] ?? 0);
        return true;
      };
    });
    return rows;
  } catch (error) {
    if (cannotCheck(error)) return null;
    throw error;
  }
}
