import { versionColumns } from "../model/migration-tool.ts";
import type { SourceTable } from "../model/source-schema.ts";
import { sqliteName } from "../quote.ts";
import type { SourceReader } from "../source/source.ts";
import { decoder, type Encoding } from "./harmless-text.ts";

/** The last migration that another tool's table notes; null where there is none, or the table does not say. */
export async function migrationsTableVersion(
  tx: SourceReader,
  table: SourceTable,
  encoding: Encoding,
): Promise<string | null> {
  const columns = versionColumns(
    table.name,
    table.columns.map(({ name }) => name),
  );
  if (columns === null) return null;
  const rows = await tx.rows(
    `SELECT CAST(CAST(${sqliteName(columns.version)} AS TEXT) AS BLOB) FROM ${sqliteName(table.name)} AS t ` +
      `ORDER BY t.${sqliteName(columns.order)} DESC LIMIT 1`,
  );
  return decoder(encoding)(rows[0]?.[0] ?? null);
}
