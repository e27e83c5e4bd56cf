import type { Failback } from "../../model/failback.ts";
import { sql } from "../../sql.ts";
import type { TargetReader } from "../target.ts";

/** The failback of a run; null if it has none. */
export async function loadFailback(session: TargetReader, run: string): Promise<Failback | null> {
  const [found] = await session.rows<{ found: boolean }>(
    "select to_regclass('changeover.failback') is not null as found",
  );
  if (found?.found !== true) return null;
  const [row] = await session.rows<{
    state: Failback["state"];
    batches: string;
    rows: string;
    rounded: string;
    seconds: number | null;
  }>(sql("target/load-failback"), [run]);
  return row === undefined
    ? null
    : {
        state: row.state,
        batches: BigInt(row.batches),
        rows: BigInt(row.rows),
        rounded: BigInt(row.rounded),
        secondsSinceCaughtUp: row.seconds,
      };
}

export async function setFailback(tx: TargetReader, run: string, state: Failback["state"]): Promise<void> {
  await tx.rows(
    "insert into changeover.failback (run, state) values ($1, $2) on conflict (run) do update set state = " +
      "excluded.state",
    [run, state],
  );
}

/** Records a replayed batch, in its transaction. */
export async function recordFailbackBatch(
  tx: TargetReader,
  run: string,
  batch: { readonly rows: number; readonly rounded: number },
): Promise<void> {
  await tx.rows(
    "update changeover.failback set batches = batches + 1, rows = rows + $2, rounded = rounded + $3, " +
      "caught_up_at = clock_timestamp() where run = $1",
    [run, batch.rows, batch.rounded],
  );
}

/** Records that the source equals the target now. */
export async function recordFailbackCaughtUp(session: TargetReader, run: string): Promise<void> {
  await session.rows("update changeover.failback set caught_up_at = clock_timestamp() where run = $1", [run]);
}

/** The run goes forward again: its next cutover enables a new failback. */
export async function forgetFailback(tx: TargetReader, run: string): Promise<void> {
  await tx.rows("delete from changeover.failback where run = $1", [run]);
}

/** Saves the target's schema as it was at the cutover. */
export async function saveSchemaAtCutover(tx: TargetReader, run: string, schema: object): Promise<void> {
  await tx.rows("update changeover.failback set schema_at_cutover = ($2::text)::jsonb where run = $1", [
    run,
    JSON.stringify(schema),
  ]);
}

/** The schema at the cutover, as JSON; null if an older version of changeover made the cutover. */
export async function loadSchemaAtCutover(session: TargetReader, run: string): Promise<string | null> {
  const [row] = await session.rows<{ schema: string | null }>(
    "select schema_at_cutover::text as schema from changeover.failback where run = $1",
    [run],
  );
  return row?.schema ?? null;
}
