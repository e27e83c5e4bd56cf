import { type ChangeoverError, RefusedError } from "../../errors.ts";
import type { Tuple } from "../../model/key.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Phase, Run, SourceSchemaState, TableState, VerificationTotals } from "../../model/run.ts";
import type { SourceIdentity } from "../../model/source-identity.ts";
import { sql } from "../../sql.ts";
import type { TargetReader, TargetSession } from "../target.ts";
import { forgetPass } from "./verification-store.ts";

export async function hasRunStore(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ found: boolean }>(
    "select to_regclass('changeover.run') is not null and to_regclass('changeover.migrations') is not null as found",
  );
  return row?.found === true;
}

/** The run of this target, or null. */
export async function loadRun(session: TargetReader): Promise<Run | null> {
  if (!(await hasRunStore(session))) return null;
  const [row] = await session.rows<RunRow>(sql("target/load-run"));
  return row === undefined ? null : runOf(row);
}

interface RunRow {
  readonly id: string;
  readonly source: string;
  readonly phase: Phase;
  readonly captured: boolean;
  readonly mappings: string;
  readonly source_schema: string | null;
  readonly watermark: string;
  readonly source_seq: string;
  readonly first_caught_up: string | null;
  readonly seconds_since_caught_up: number | null;
  readonly verified_through: string | null;
  readonly verified: string | null;
  readonly lock_requested_by: string | null;
  readonly fence_seq: string | null;
  readonly downtime_ms: number | null;
  readonly source_identity: string | null;
}

function runOf(row: RunRow): Run {
  return {
    id: row.id,
    source: row.source,
    sourceIdentity: row.source_identity === null ? null : (JSON.parse(row.source_identity) as SourceIdentity),
    phase: row.phase,
    captured: row.captured,
    mappings: JSON.parse(row.mappings) as TableMapping[],
    sourceSchema: row.source_schema === null ? null : (JSON.parse(row.source_schema) as SourceSchemaState),
    watermark: BigInt(row.watermark),
    sourceSeq: BigInt(row.source_seq),
    firstCaughtUp: row.first_caught_up,
    secondsSinceCaughtUp: row.seconds_since_caught_up,
    verifiedThrough: row.verified_through === null ? null : BigInt(row.verified_through),
    verified: row.verified === null ? null : (JSON.parse(row.verified) as VerificationTotals),
    lockRequestedBy: row.lock_requested_by,
    fenceSeq: row.fence_seq === null ? null : BigInt(row.fence_seq),
    downtimeMs: row.downtime_ms,
  };
}

export interface NewRun {
  readonly id: string;
  readonly source: string;
  readonly sourceIdentity: SourceIdentity;
  readonly captured: boolean;
  readonly mappings: readonly TableMapping[];
  readonly rows: ReadonlyMap<number, number>;
}

export async function createRun(tx: TargetReader, run: NewRun): Promise<void> {
  await tx.rows(
    "insert into changeover.run (id, source, captured, mappings, source_identity) values ($1, $2, $3, " +
      "$4::text::jsonb, $5::text::jsonb)",
    [run.id, run.source, run.captured, JSON.stringify(run.mappings), JSON.stringify(run.sourceIdentity)],
  );
  for (const mapping of run.mappings) {
    await tx.rows("insert into changeover.table_state (run, id, source, rows) values ($1, $2, $3, $4)", [
      run.id,
      mapping.id,
      mapping.source,
      run.rows.get(mapping.id) ?? 0,
    ]);
  }
}

/** Records another source location for the run, after the file was moved. */
export async function setSource(
  tx: TargetReader,
  run: string,
  source: { readonly location: string; readonly identity: SourceIdentity },
): Promise<void> {
  await tx.rows(
    "update changeover.run set source = $2, source_identity = $3::text::jsonb, updated_at = clock_timestamp() " +
      "where id = $1",
    [run, source.location, JSON.stringify(source.identity)],
  );
}

export async function deleteRun(tx: TargetReader, run: string): Promise<void> {
  await tx.rows("delete from changeover.run where id = $1", [run]);
}

export async function loadTables(session: TargetReader, run: string): Promise<TableState[]> {
  const rows = await session.rows<{
    id: number;
    source: string;
    rows: string;
    copied: string;
    position: string | null;
    done: boolean;
  }>(
    "select id, source, rows::text, copied::text, position::text, done from changeover.table_state where run = " +
      "$1 order by id",
    [run],
  );
  return rows.map((row) => ({
    ...row,
    rows: Number(row.rows),
    copied: Number(row.copied),
    position: row.position === null ? null : (JSON.parse(row.position) as Tuple),
  }));
}

/**
 * Saves the progress of a table's copy, in the transaction of the page's rows. Throws if another process copied rows
 * meanwhile, one believed dead, for example.
 */
export async function savePage(
  tx: TargetReader,
  page: {
    readonly run: string;
    readonly table: number;
    readonly rows: number;
    readonly from: Tuple | null;
    readonly position: Tuple | null;
    readonly done: boolean;
  },
): Promise<void> {
  const text = (position: Tuple | null) => (position === null ? null : JSON.stringify(position));
  const saved = await tx.rows(sql("target/save-page"), [
    page.run,
    page.table,
    page.rows,
    text(page.position),
    page.done,
    text(page.from),
  ]);
  if (saved.length === 0) throw runConflict(page.run);
}

/**
 * Moves the watermark from `from` to `to`, in the transaction of the batch's rows. Returns who requests the run lock.
 */
export async function advanceWatermark(
  tx: TargetReader,
  move: { readonly run: string; readonly from: bigint; readonly to: bigint; readonly seen: bigint },
): Promise<string | null> {
  const [row] = await tx.rows<{ lock_requested_by: string | null }>(sql("target/advance-watermark"), [
    move.run,
    move.from,
    move.to,
    move.seen,
  ]);
  if (row === undefined) throw runConflict(move.run);
  return row.lock_requested_by;
}

/** Records that the target equals the source now. Returns who requests the run lock. */
export async function recordCaughtUp(session: TargetReader, run: string): Promise<string | null> {
  const [row] = await session.rows<{ lock_requested_by: string | null }>(
    "update changeover.run set last_caught_up = clock_timestamp(), first_caught_up = coalesce(first_caught_up, " +
      "clock_timestamp()), updated_at = clock_timestamp() where id = $1 returning lock_requested_by",
    [run],
  );
  return row?.lock_requested_by ?? null;
}

export async function setPhase(tx: TargetReader, run: string, phase: Phase): Promise<void> {
  await tx.rows("update changeover.run set phase = $2, updated_at = clock_timestamp() where id = $1", [run, phase]);
}

export async function setMappings(tx: TargetReader, run: string, mappings: readonly TableMapping[]): Promise<void> {
  await tx.rows("update changeover.run set mappings = $2::text::jsonb, updated_at = clock_timestamp() where id = $1", [
    run,
    JSON.stringify(mappings),
  ]);
}

export async function setSourceSchema(
  tx: TargetReader,
  run: string,
  state: SourceSchemaState,
  watermark?: bigint,
): Promise<void> {
  await tx.rows(
    "update changeover.run set source_schema = $2::text::jsonb, watermark = coalesce($3::bigint, watermark), " +
      "updated_at = clock_timestamp() where id = $1",
    [run, JSON.stringify(state), watermark ?? null],
  );
}

/** Restarts the copy of a table. */
export async function restartTable(
  tx: TargetReader,
  run: string,
  table: { readonly id: number; readonly source: string },
): Promise<void> {
  await tx.rows(
    "insert into changeover.table_state (run, id, source, rows) values ($1, $2, $3, 0) on conflict (run, id) do " +
      "update set source = excluded.source, copied = 0, position = null, done = false",
    [run, table.id, table.source],
  );
}

/** Records tables that were copied in one transaction. Throws if another process has begun one of them. */
export async function finishTables(
  tx: TargetReader,
  run: string,
  tables: readonly { readonly id: number; readonly copied: number }[],
): Promise<void> {
  const finished = await tx.rows(sql("target/finish-tables"), [
    run,
    tables.map(({ id }) => id),
    tables.map(({ copied }) => copied),
  ]);
  if (finished.length !== tables.length) throw runConflict(run);
}

/** Deletes the copy state of all tables: their rows were deleted. */
export async function forgetTables(tx: TargetReader, run: string): Promise<void> {
  await tx.rows("delete from changeover.table_state where run = $1", [run]);
}

export async function finishTable(
  tx: TargetReader,
  run: string,
  table: { readonly id: number; readonly copied: number },
): Promise<void> {
  await tx.rows("update changeover.table_state set copied = $3, rows = $3, done = true where run = $1 and id = $2", [
    run,
    table.id,
    table.copied,
  ]);
}

export async function forgetTable(tx: TargetReader, run: string, mapping: TableMapping): Promise<void> {
  await tx.rows("delete from changeover.table_state where run = $1 and id = $2", [run, mapping.id]);
  await tx.rows("delete from changeover.deferred where run = $1 and schema = $2 and relation = $3", [
    run,
    mapping.target.schema,
    mapping.target.name,
  ]);
}

/** Records a verification. Null invalidates it, and an interrupted one, too. */
export async function setVerified(
  tx: TargetReader,
  run: string,
  verified: { readonly through: bigint; readonly totals: VerificationTotals } | null,
): Promise<void> {
  if (verified === null) await forgetPass(tx, run);
  await tx.rows(
    "update changeover.run set verified_through = $2, verified = $3::text::jsonb, updated_at = clock_timestamp() " +
      "where id = $1",
    [run, verified?.through ?? null, verified === null ? null : JSON.stringify(verified.totals)],
  );
}

/** Extends a verification; returns false if it was invalidated meanwhile. */
export async function extendVerification(
  session: TargetReader,
  run: string,
  { through, totals }: { readonly through: bigint; readonly totals: VerificationTotals },
): Promise<boolean> {
  const extended = await session.rows(
    "update changeover.run set verified_through = $2, verified = $3::text::jsonb, updated_at = clock_timestamp() " +
      "where id = $1 and verified_through is not null returning id",
    [run, through, JSON.stringify(totals)],
  );
  return extended.length > 0;
}

export async function setRunLockRequest(session: TargetReader, run: string, requester: string | null): Promise<void> {
  await session.rows("update changeover.run set lock_requested_by = $2 where id = $1", [run, requester]);
}

/** Requests the run lock, unless another process already does. */
export async function requestRunLock(session: TargetReader, run: string, requester: string): Promise<void> {
  await session.rows("update changeover.run set lock_requested_by = $2 where id = $1 and lock_requested_by is null", [
    run,
    requester,
  ]);
}

/** Who requests the run lock. */
export async function runLockRequester(session: TargetReader, run: string): Promise<string | null> {
  const [row] = await session.rows<{ lock_requested_by: string | null }>(
    "select lock_requested_by from changeover.run where id = $1",
    [run],
  );
  return row?.lock_requested_by ?? null;
}

/** Withdraws a request that was granted or whose process ended; other requests stay. */
export async function withdrawRunLockRequest(session: TargetReader, run: string, requester: string): Promise<void> {
  await session.rows("update changeover.run set lock_requested_by = null where id = $1 and lock_requested_by = $2", [
    run,
    requester,
  ]);
}

export async function setCutover(
  tx: TargetReader,
  run: string,
  cutover: { readonly fenceSeq: bigint | null; readonly downtimeMs: number | null },
): Promise<void> {
  await tx.rows(
    "update changeover.run set fence_seq = $2, downtime_ms = $3, updated_at = clock_timestamp() where id = $1",
    [run, cutover.fenceSeq, cutover.downtimeMs],
  );
}

// "changeover" as a 64-bit number. One run per database, so one lock.
const LOCK = 7163384720915326582n;

/**
 * Takes the run lock for this session; false if another session holds it. PostgreSQL releases it when the connection
 * ends, so a dead process holds nothing.
 */
export async function tryRunLock(session: TargetSession): Promise<boolean> {
  const [row] = await session.rows<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [LOCK]);
  return row?.taken === true;
}

/** Takes the run lock until the transaction ends. */
export async function tryRunLockInTransaction(tx: TargetReader): Promise<boolean> {
  const [row] = await tx.rows<{ taken: boolean }>("select pg_try_advisory_xact_lock($1) as taken", [LOCK]);
  return row?.taken === true;
}

/**
 * Whether a session holds the run lock. Trying to take it instead would make other processes believe that someone holds
 * it.
 */
export async function isRunLocked(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ held: boolean }>(sql("target/lock-held"), [LOCK >> 32n, LOCK & 0xffffffffn]);
  return row?.held === true;
}

export async function releaseRunLock(session: TargetSession): Promise<void> {
  await session.rows("select pg_advisory_unlock($1)", [LOCK]);
}

const LOG_LOCK = LOCK + 1n;

const VERIFICATION_LOCK = LOCK + 2n;

/** Takes the lock of the process that verifies everything and saves its progress. */
export async function tryVerificationLock(session: TargetSession): Promise<boolean> {
  const [row] = await session.rows<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [VERIFICATION_LOCK]);
  return row?.taken === true;
}

/**
 * Until this session ends, entries of the change log that the target did not yet hold stay: a running verification
 * reads them.
 */
export async function holdChangeLog(session: TargetSession): Promise<void> {
  await session.rows("select pg_advisory_lock_shared($1)", [LOG_LOCK]);
}

/**
 * Which entries of the change log are still needed: all while a session holds the log, otherwise those after the last
 * verification, or after the start of an unfinished one.
 */
export async function neededChangeLog(
  session: TargetSession,
  run: string,
): Promise<{ readonly held: boolean; readonly verifiedThrough: bigint | null }> {
  const [row] = await session.rows<{ free: boolean; verified_through: string | null }>(sql("target/needed-log"), [
    LOG_LOCK,
    run,
  ]);
  if (row?.free === true) await session.rows("select pg_advisory_unlock($1)", [LOG_LOCK]);
  return {
    held: row?.free !== true,
    verifiedThrough: row?.verified_through == null ? null : BigInt(row.verified_through),
  };
}

export function runLockedError(): RefusedError {
  return new RefusedError({
    code: "RUN_LOCKED",
    message: "another changeover process is working on this run",
    hint: "wait for it or stop it (`changeover status` shows its progress); then run the same command again",
  });
}

function runConflict(run: string): ChangeoverError {
  return new RefusedError({
    code: "RUN_CONFLICT",
    message: "another process has continued this run meanwhile; this step was rolled back",
    hint: "see `changeover status`; then run the same command again",
    context: { run },
  });
}
