import { FENCE_TABLE, FENCED, HANDED_OVER } from "../../model/change-log.ts";
import type { TableMapping } from "../../model/mapping.ts";
import { sqliteName, sqliteString } from "../../quote.ts";
import type { OwnTrigger } from "../triggers/source-triggers.ts";

/**
 * Milliseconds since 1970 by the clock of the machine on which SQLite runs. The triggers run in the application's
 * SQLite, which may be old: `unixepoch('subsec')` came with 3.42, `julianday` has counted milliseconds since 3.3. A
 * double holds it to 0.04 ms.
 */
export const NOW_MS = "(julianday('now') - 2440587.5) * 86400000.0";

/** Of a LIKE, for the names of all that belongs to the fence. */
export const FENCE_NAMES = "'\\_changeover\\_fence%' ESCAPE '\\'";

/** Rows of this table tell how often the preparation has moved the source's count of schema changes. */
export const CHANGES_TABLE = "_changeover_fence_changes";

export interface FencedTables {
  readonly mappings: readonly TableMapping[];
  /** Where the data goes, without a password: the application's users will read it. */
  readonly location: string;
}

/** Tables of the fence. While the first is empty the triggers sleep: each write looks into it and goes on. */
export function renderFenceTables(): string[] {
  return [
    `CREATE TABLE IF NOT EXISTS ${sqliteName(FENCE_TABLE)}(until INTEGER)`,
    `CREATE TABLE IF NOT EXISTS ${sqliteName(CHANGES_TABLE)}(changes INTEGER)`,
  ];
}

/** Three triggers for each table, which refuse a write while the fence's row says so. */
export function renderFenceTriggers({ location, mappings }: FencedTables): OwnTrigger[] {
  const moving = sqliteString(
    `${FENCED} state=cutting-over target=${location}: this database is moving to PostgreSQL; try again in a moment`,
  );
  const moved = sqliteString(
    `${FENCED} state=cut-over target=${location}: this database has moved to PostgreSQL; nothing is written here ` +
      "any more",
  );
  const table = sqliteName(FENCE_TABLE);
  const body =
    `  SELECT RAISE(ABORT, ${moved}) FROM ${table} WHERE until = ${HANDED_OVER};\n  SELECT RAISE(ABORT, ${moving}) ` +
    `FROM ${table} WHERE until IS NULL OR until > ${NOW_MS};`;
  return mappings.flatMap((mapping) =>
    (["INSERT", "UPDATE", "DELETE"] as const).map((event) => {
      const name = `${FENCE_TABLE}_${mapping.id}_${event.toLowerCase()}`;
      const on = `BEFORE ${event} ON ${sqliteName(mapping.source)}`;
      return { name, table: mapping.source, sql: `CREATE TRIGGER ${sqliteName(name)} ${on} BEGIN\n${body}\nEND` };
    }),
  );
}
