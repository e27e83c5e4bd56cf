import type { SourceReader } from "./source.ts";

/** SQLite's counter of schema changes. VACUUM, which may renumber rowids, moves it too. */
export async function readSchemaVersion(tx: SourceReader): Promise<number> {
  const [row] = await tx.rows("PRAGMA schema_version");
  return Number(row?.[0] ?? 0);
}
