import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { inState, stateOf } from "../../target/state-schema.ts";
import type { TargetReader } from "../../target/target.ts";
import { type AppliedMigration, MIGRATIONS_TABLE, type MigrationsTable } from "./migrations-table.ts";
import { type MigrationFile, normalised } from "./read-migration-files.ts";

/** What changeover records of an applied migration, in addition to node-pg-migrate's table. */
export interface MigrationRecord {
  readonly name: string;
  readonly file: string;
  readonly checksum: string;
  /** The file's text when it was applied, with LF line endings. */
  readonly text: string;
  readonly migrationId: string;
  readonly runOn: string;
  /** User and host; null if another tool applied it. */
  readonly appliedBy: string | null;
  readonly role: string | null;
  readonly durationMs: number | null;
}

const COLUMNS =
  `name, file, checksum, text, migration_id::text as "migrationId", to_char(run_on, 'YYYY-MM-DD"T"HH24:MI:SS.US') as ` +
  `"runOn", applied_by as "appliedBy", role, duration_ms as "durationMs"`;

/** The records by migration name. Creates nothing. */
export async function loadRecords(target: TargetReader, table: MigrationsTable): Promise<Map<string, MigrationRecord>> {
  const [exists] = await target.rows<{ found: boolean }>(
    `select to_regclass(${inState(target, "migration_record")}) is not null as found`,
  );
  if (exists?.found !== true) return new Map();
  const prefix = keyOf(table, "");
  // A file's name holds no slash.
  const own = prefix === "" ? "strpos(name, '/') = 0" : "starts_with(name, $1)";
  const rows = await target.rows<MigrationRecord>(
    `select ${COLUMNS} from ${stateOf(target)}.migration_record where ${own}`,
    prefix === "" ? [] : [prefix],
  );
  return new Map(
    rows.map((row) => {
      const name = row.name.slice(prefix.length);
      return [name, { ...row, name }];
    }),
  );
}

/** Several projects may share a database, each with a migrations table of its own. */
function keyOf(table: MigrationsTable, name: string): string {
  return table === MIGRATIONS_TABLE ? name : `${table.schema}.${table.name}/${name}`;
}

/** Whether a record belongs to this application of the file, not to one that was undone since. */
export function isRecordOf(record: MigrationRecord | undefined, applied: AppliedMigration): record is MigrationRecord {
  return record !== undefined && record.migrationId === applied.id && record.runOn === applied.runOn;
}

export interface Recording {
  readonly file: MigrationFile;
  readonly applied: AppliedMigration;
  /** Duration in ms; null if another tool applied it. */
  readonly durationMs: number | null;
}

export async function saveRecord(
  tx: TargetReader,
  table: MigrationsTable,
  { file, applied, durationMs }: Recording,
): Promise<void> {
  await tx.rows(
    `insert into ${stateOf(tx)}.migration_record
       (name, file, checksum, text, migration_id, run_on, applied_by, role, duration_ms, version)
     values ($1, $2, $3, $4, $5, $6::timestamp, $7,
             case when $7::text is null then null else session_user::text end, $8, $9)
     on conflict (name) do update set
       file = excluded.file, checksum = excluded.checksum, text = excluded.text, migration_id = excluded.migration_id,
       run_on = excluded.run_on, applied_by = excluded.applied_by, role = excluded.role,
       duration_ms = excluded.duration_ms, version = excluded.version, recorded_at = clock_timestamp()`,
    [
      keyOf(table, file.name),
      file.file,
      file.checksum,
      normalised(file.text),
      applied.id,
      applied.runOn,
      durationMs === null ? null : whoami(),
      durationMs === null ? null : Math.round(durationMs),
      version(),
    ],
  );
}

/** Accepts a changed file. Who applied it, and when, stays. */
export async function acceptChange(tx: TargetReader, table: MigrationsTable, file: MigrationFile): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.migration_record set file = $2, checksum = $3, text = $4, version = $5, recorded_at = ` +
      "clock_timestamp() where name = $1",
    [keyOf(table, file.name), file.file, file.checksum, normalised(file.text), version()],
  );
}

export async function forgetRecord(tx: TargetReader, table: MigrationsTable, name: string): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.migration_record where name = $1`, [keyOf(table, name)]);
}

function whoami(): string {
  return `${user()}@${hostname()}`;
}

/** In a container the uid may have no user name. */
function user(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"] ?? "unknown";
  }
}

function version(): string {
  return (JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string })
    .version;
}
