import { type Steering, UNSTEERED } from "../../model/control.ts";
import { stateOf, stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** What holds for every process that works on the run. */
export async function loadSteering(target: TargetReader, run: string): Promise<Steering> {
  const [row] = await target.rows<{
    pausedBy: string | null;
    pausedAt: string | null;
    maxRate: number | null;
    ratedBy: string | null;
    ratedAt: string | null;
  }>(stateSql(target, "target/load-steering"), [run]);
  if (row === undefined) return UNSTEERED;
  const { maxRate, pausedAt, pausedBy, ratedAt, ratedBy } = row;
  return {
    paused: pausedBy === null || pausedAt === null ? null : { by: pausedBy, at: pausedAt },
    rate: ratedBy === null || ratedAt === null ? null : { maxRate, by: ratedBy, at: ratedAt },
  };
}

/** `by`: null resumes it. */
export async function setPaused(target: TargetReader, run: string, by: string | null): Promise<void> {
  await target.rows(
    `insert into ${stateOf(target)}.steering (run, paused_by, paused_at) ` +
      "values ($1, $2, case when $2::text is null then null else clock_timestamp() end) " +
      "on conflict (run) do update set paused_by = excluded.paused_by, paused_at = excluded.paused_at",
    [run, by],
  );
}

/** `maxRate`: null lifts the limit that was asked for. */
export async function setRate(
  target: TargetReader,
  run: string,
  { by, maxRate }: { readonly by: string; readonly maxRate: number | null },
): Promise<void> {
  await target.rows(
    `insert into ${stateOf(target)}.steering (run, max_rate, rated_by, rated_at) ` +
      "values ($1, $2::text::integer, $3, clock_timestamp()) on conflict (run) do update set " +
      "max_rate = excluded.max_rate, rated_by = excluded.rated_by, rated_at = excluded.rated_at",
    [run, maxRate === null ? null : String(maxRate), by],
  );
}
