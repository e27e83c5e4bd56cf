import type { TargetReader } from "../../target/target.ts";
import { acceptChange, forgetRecord, isRecordOf, saveRecord } from "./migration-records.ts";
import type { MigrationState } from "./migration-status.ts";

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
export async function settleRecords(tx: TargetReader, state: MigrationState, acceptChanged: boolean): Promise<void> {
  for (const name of stale(state)) await forgetRecord(tx, name);
  for (const { applied, file, record } of pairs(state)) {
    if (record === null) await saveRecord(tx, { file, applied, durationMs: null });
    else if (acceptChanged && record.checksum !== file.checksum) await acceptChange(tx, file);
  }
}

function pairs({ applied, files, records }: MigrationState) {
  return applied.flatMap((row) => {
    const file = files.find(({ name }) => name === row.name);
    const record = records.get(row.name);
    return file === undefined ? [] : [{ applied: row, file, record: isRecordOf(record, row) ? record : null }];
  });
}

function stale({ applied, records }: MigrationState): string[] {
  return [...records.keys()].filter((name) => !applied.some((row) => row.name === name));
}
