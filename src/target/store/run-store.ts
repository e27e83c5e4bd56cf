import type { HeldSourceTable } from "../../model/held-table.ts";
import type { TableMapping } from "../../model/mapping.ts";
import type { Phase, Run, SourceSchemaState, VerificationTotals } from "../../model/run.ts";
import type { CapturedCatalogue } from "../../model/schema-change.ts";
import type { SourceIdentity } from "../../model/source-identity.ts";
import { type InState, inState, stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader, TargetStatement } from "../target.ts";
import { runConflict } from "./run-conflict.ts";

export async function hasRunStore(session: TargetReader): Promise<boolean> {
  const [row] = await session.rows<{ found: boolean }>(
    `select to_regclass(${inState(session, "run")}) is not null and ` +
      `to_regclass(${inState(session, "migrations")}) is not null as found`,
  );
  return row?.found === true;
}

/** The run of this target, or null. */
export async function loadRun(session: TargetReader): Promise<Run | null> {
  if (!(await hasRunStore(session))) return null;
  const [row] = await session.rows<RunRow>(stateSql(session, "target/load-run"));
  return row === undefined ? null : runOf(row);
}

/** The run without what is as large as its schema, for who looks at it every second. */
export type RunInBrief = Omit<Run, "mappings" | "sourceSchema" | "sourceCatalogue" | "sourceIdentity">;

export async function loadRunBriefly(session: TargetReader): Promise<RunInBrief | null> {
  if (!(await hasRunStore(session))) return null;
  const [row] = await session.rows<BriefRow>(stateSql(session, "target/load-run-briefly"));
  return row === undefined ? null : briefOf(row);
}

interface RunRow extends BriefRow {
  readonly mappings: string;
  readonly source_schema: string | null;
  readonly source_identity: string | null;
  readonly source_catalogue: string | null;
}

interface BriefRow {
  readonly id: string;
  readonly source: string;
  readonly phase: Phase;
  readonly captured: boolean;
  readonly watermark: string;
  readonly source_seq: string;
  readonly first_caught_up: string | null;
  readonly seconds_since_caught_up: number | null;
  readonly verified_through: string | null;
  readonly verified: string | null;
  readonly lock_requested_by: string | null;
  readonly fence_seq: string | null;
  readonly downtime_ms: number | null;
  readonly held: string | null;
  readonly cut_over_at: string | null;
  readonly cutover_finished_at: string | null;
  readonly predicted_downtime_ms: string | null;
  readonly predicted_at: string | null;
}

function runOf(row: RunRow): Run {
  return {
    ...briefOf(row),
    sourceIdentity: row.source_identity === null ? null : (JSON.parse(row.source_identity) as SourceIdentity),
    mappings: JSON.parse(row.mappings) as TableMapping[],
    sourceCatalogue: row.source_catalogue === null ? null : (JSON.parse(row.source_catalogue) as CapturedCatalogue),
    sourceSchema: row.source_schema === null ? null : (JSON.parse(row.source_schema) as SourceSchemaState),
  };
}

function briefOf(row: BriefRow): RunInBrief {
  return {
    id: row.id,
    source: row.source,
    phase: row.phase,
    captured: row.captured,
    held: row.held === null ? [] : (JSON.parse(row.held) as HeldSourceTable[]),
    watermark: BigInt(row.watermark),
    sourceSeq: BigInt(row.source_seq),
    firstCaughtUp: row.first_caught_up,
    secondsSinceCaughtUp: row.seconds_since_caught_up,
    verifiedThrough: row.verified_through === null ? null : BigInt(row.verified_through),
    verified: row.verified === null ? null : (JSON.parse(row.verified) as VerificationTotals),
    lockRequestedBy: row.lock_requested_by,
    fenceSeq: row.fence_seq === null ? null : BigInt(row.fence_seq),
    downtimeMs: row.downtime_ms,
    cutOverAt: isoOf(row.cut_over_at),
    cutoverFinishedAt: isoOf(row.cutover_finished_at),
    prediction: predictionOf(row),
  };
}

function predictionOf(row: BriefRow): Run["prediction"] {
  const at = isoOf(row.predicted_at);
  return at === null || row.predicted_downtime_ms === null
    ? null
    : { downtimeMs: Number(row.predicted_downtime_ms), at };
}

function isoOf(timestamp: string | null): string | null {
  return timestamp === null ? null : new Date(timestamp).toISOString();
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
    `insert into ${stateOf(tx)}.run (id, source, captured, mappings, source_identity) values ($1, $2, $3, ` +
      "$4::text::jsonb, $5::text::jsonb)",
    [run.id, run.source, run.captured, JSON.stringify(run.mappings), JSON.stringify(run.sourceIdentity)],
  );
  const states = run.mappings.map(({ id, source }) => ({ id, source, rows: run.rows.get(id) ?? 0 }));
  await tx.rows(
    `insert into ${stateOf(tx)}.table_state (run, id, source, rows) select $1, s.id, s.source, s.rows ` +
      "from json_to_recordset($2::text::json) as s(id int, source text, rows bigint)",
    [run.id, JSON.stringify(states)],
  );
}

/** Records another source location for the run, after the file was moved. */
export async function setSource(
  tx: TargetReader,
  run: string,
  source: { readonly location: string; readonly identity: SourceIdentity },
): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.run set source = $2, source_identity = $3::text::jsonb, updated_at = clock_timestamp() ` +
      "where id = $1",
    [run, source.location, JSON.stringify(source.identity)],
  );
}

export async function deleteRun(tx: TargetReader, run: string): Promise<void> {
  await tx.rows(`delete from ${stateOf(tx)}.run where id = $1`, [run]);
}

/**
 * Moves the watermark from `from` to `to`, in the transaction of the batch's rows. Returns who requests the run lock.
 */
export async function advanceWatermark(
  tx: TargetReader,
  move: { readonly run: string; readonly from: bigint; readonly to: bigint; readonly seen: bigint },
): Promise<string | null> {
  const [row] = await tx.rows<{ lock_requested_by: string | null }>(stateSql(tx, "target/advance-watermark"), [
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
    `update ${stateOf(session)}.run set last_caught_up = clock_timestamp(), ` +
      "first_caught_up = coalesce(first_caught_up, clock_timestamp()), updated_at = clock_timestamp() " +
      "where id = $1 returning lock_requested_by",
    [run],
  );
  return row?.lock_requested_by ?? null;
}

export async function setPhase(tx: TargetReader, run: string, phase: Phase): Promise<void> {
  await tx.rows(`update ${stateOf(tx)}.run set phase = $2, updated_at = clock_timestamp() where id = $1`, [run, phase]);
}

export async function setMappings(tx: TargetReader, run: string, mappings: readonly TableMapping[]): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.run set mappings = $2::text::jsonb, updated_at = clock_timestamp() where id = $1`,
    [run, JSON.stringify(mappings)],
  );
}

export async function setSourceSchema(
  tx: TargetReader,
  run: string,
  state: SourceSchemaState,
  watermark?: bigint,
): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.run set source_schema = $2::text::jsonb, watermark = coalesce($3::bigint, watermark), ` +
      "updated_at = clock_timestamp() where id = $1",
    [run, JSON.stringify(state), watermark ?? null],
  );
}

/** What the next change of the source's schema is measured against, and which tables wait for the target. */
export async function setFollowed(
  tx: TargetReader,
  run: string,
  { catalogue, held }: { readonly catalogue: CapturedCatalogue; readonly held: readonly HeldSourceTable[] },
): Promise<void> {
  await tx.rows(
    `update ${stateOf(tx)}.run set source_catalogue = $2::text::jsonb, held = $3::text::jsonb, updated_at = ` +
      "clock_timestamp() where id = $1",
    [run, JSON.stringify(catalogue), JSON.stringify(held)],
  );
}

/** The run's state from the cutover on. */
export function renderCutoverState(
  state: InState,
  run: string,
  cutover: { readonly fenceSeq: bigint; readonly downtimeMs: number },
): TargetStatement {
  return {
    text:
      `update ${stateOf(state)}.run set phase = 'cut-over', fence_seq = $2, downtime_ms = $3, ` +
      "cut_over_at = clock_timestamp(), cutover_finished_at = null, updated_at = clock_timestamp() where id = $1",
    parameters: [run, cutover.fenceSeq, cutover.downtimeMs],
  };
}

/** The downtime with its last step, the commit, which nobody can measure within it. */
export async function setDowntime(session: TargetReader, run: string, downtimeMs: number): Promise<void> {
  await session.rows(`update ${stateOf(session)}.run set downtime_ms = $2 where id = $1`, [run, downtimeMs]);
}

/** Records what a rehearsal says of the cutover. */
export async function setPrediction(session: TargetReader, run: string, downtimeMs: number): Promise<void> {
  await session.rows(
    `update ${stateOf(session)}.run set predicted_downtime_ms = $2, predicted_at = clock_timestamp() where id = $1`,
    [run, downtimeMs],
  );
}

/** Records that a cutover has nothing left to do. */
export async function setCutoverFinished(session: TargetReader, run: string): Promise<void> {
  await session.rows(`update ${stateOf(session)}.run set cutover_finished_at = clock_timestamp() where id = $1`, [run]);
}
