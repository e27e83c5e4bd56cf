import type { TargetReader } from "../../target/target.ts";
import { type MigrationPlace, migrationPlaceOf, tableOfPlace } from "./migration-place.ts";
import { isRecordOf, loadRecords, type MigrationRecord } from "./migration-records.ts";
import { type AppliedMigration, appliedMigrations } from "./migrations-table.ts";
import { compareNames, type MigrationFile, migrationFilesOf } from "./read-migration-files.ts";

/** Files, applied migrations and their records. */
export interface MigrationState {
  readonly files: readonly MigrationFile[];
  /** In order of application. */
  readonly applied: readonly AppliedMigration[];
  readonly records: ReadonlyMap<string, MigrationRecord>;
}

/** A migration and its state in the target. */
export interface MigrationStatus {
  /** File name without its ending. */
  readonly name: string;
  /**
   * `changed`: applied, and the file has changed since. `missing`: applied, without a file. `out-of-order`: pending,
   * although a later one is applied.
   */
  readonly state: "applied" | "changed" | "missing" | "pending" | "out-of-order";
  /** ISO 8601, by the server's clock; null if not applied. */
  readonly appliedAt: string | null;
  /** User and host; null if unknown, since another tool applied it. */
  readonly appliedBy: string | null;
  /** The role in the database. */
  readonly role: string | null;
  /** How long it took; null where that is not known. */
  readonly durationMs: number | null;
  /** Whether the file of an applied migration is recorded, so that changes are detected. */
  readonly recorded: boolean;
}

/** Reads files and database; creates nothing. */
export async function readState(target: TargetReader, given: MigrationPlace | string): Promise<MigrationState> {
  const place = migrationPlaceOf(given);
  const migrationsTable = tableOfPlace(place);
  const applied = await appliedMigrations(target, migrationsTable);
  return {
    files: await migrationFilesOf(place),
    applied,
    records: applied.length === 0 ? new Map() : await loadRecords(target, migrationsTable),
  };
}

/** The status of each migration, in the order in which they run. */
export async function migrationStatus(
  target: TargetReader,
  place: MigrationPlace | string,
): Promise<MigrationStatus[]> {
  return migrationStatusOf(await readState(target, place));
}

/** Whether `up` would apply it. */
export function isPending({ state }: Pick<MigrationStatus, "state">): boolean {
  return state === "pending" || state === "out-of-order";
}

export function migrationStatusOf({ files, applied, records }: MigrationState): MigrationStatus[] {
  const byName = new Map(applied.map((row) => [row.name, row]));
  const last = files.findLastIndex(({ name }) => byName.has(name));
  const present = files.map((file, index): MigrationStatus => {
    const row = byName.get(file.name);
    if (row === undefined) return { name: file.name, state: index < last ? "out-of-order" : "pending", ...NOT_APPLIED };
    const record = records.get(file.name);
    if (!isRecordOf(record, row)) return { name: file.name, state: "applied", ...NOT_APPLIED, appliedAt: seconds(row) };
    return {
      name: file.name,
      state: record.checksum === file.checksum ? "applied" : "changed",
      ...history(row, record),
    };
  });
  const names = new Set(files.map(({ name }) => name));
  const missing = applied
    .filter(({ name }) => !names.has(name))
    .map((row): MigrationStatus => {
      const record = records.get(row.name);
      return {
        name: row.name,
        state: "missing",
        ...(isRecordOf(record, row) ? history(row, record) : { ...NOT_APPLIED, appliedAt: seconds(row) }),
      };
    });
  return [...missing, ...present].sort((a, b) => compareNames(a.name, b.name));
}

const NOT_APPLIED = { appliedAt: null, appliedBy: null, role: null, durationMs: null, recorded: false };

function history(row: AppliedMigration, record: MigrationRecord): Omit<MigrationStatus, "name" | "state"> {
  return {
    appliedAt: seconds(row),
    appliedBy: record.appliedBy,
    role: record.role,
    durationMs: record.durationMs,
    recorded: true,
  };
}

function seconds({ runOn }: AppliedMigration): string {
  return runOn.slice(0, 19);
}
