import type { TargetReader } from "../../target/target.ts";
import { acceptChange, forgetRecord, isRecordOf, saveRecord } from "./migration-records.ts";
import type { MigrationState } from "./migration-status.ts";
import type { MigrationsTable } from "./migrations-table.ts";

/**
 * Whether the records are outdated: node-pg-migrate's own command line ran since, or changed files are accepted now.
 */
export function areRecordsBehind(state: MigrationState, acceptChanged: boolean): boolean {
  return (
    pairs(state).some(({ file, record }) => record === null || (acceptChanged && record.checksum !== file.checksum)) ||
    stale(state).length > 0
  );
}

/** Records migrations that another tool applied and changes that are accepted; deletes records of undone migrations. */
export async function settleRecords(
  tx: TargetReader,
  table: MigrationsTable,
  state: MigrationState,
  acceptChanged: boolean,
): Promise<void> {
  for (const name of stale(state)) await forgetRecord(tx, table, name);
  for (const { applied, file, record } of pairs(state)) {
    if (record === null) await saveRecord(tx, table, { file, applied, durationMs: null });
    else if (acceptChanged && record.checksum !== file.checksum) await acceptChange(tx, table, file);
  }
}

function pairs({ applied, files, records }: MigrationState) {
  const byName = new Map(files.map((file) => [file.name, file]));
  return applied.flatMap((row) => {
    const file = byName.get(row.name);
    const record = records.get(row.name);
    return file === undefined ? [] : [{ applied: row, file, record: isRecordOf(record, row) ? record : null }];
  });
}

function stale({ applied, records }: MigrationState): string[] {
  const names = new Set(applied.map(({ name }) => name));
  return [...records.keys()].filter((name) => !names.has(name));
}
