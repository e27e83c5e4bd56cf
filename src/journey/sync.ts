import { type DriftWatch, watchDrift } from "../capture/check-drift.ts";
import type { TargetSession } from "../db/target.ts";
import { InterruptedError } from "../errors.ts";
import type { Run } from "../model/run.ts";
import { type FollowOptions, type Followed, follow } from "../replay/follow.ts";
import { type ChangeReader, changeReader } from "../replay/read-changes.ts";
import { Stage } from "../replay/stage.ts";
import { mustLoad } from "./begin.ts";
import type { Context } from "./context.ts";

/** Replay as one session does it: its staging tables, its reader, its watch for drift. */
export interface Replaying {
  readonly run: Run;
  readonly session: TargetSession;
  readonly stage: Stage;
  readonly reader: ChangeReader;
  readonly drift: DriftWatch;
}

export async function replaying(context: Context, session: TargetSession): Promise<Replaying> {
  const run = await mustLoad(session);
  if (run.sourceSchema === null) throw new RangeError("the run has no capture");
  const drift = watchDrift(context.source, run.sourceSchema, run.mappings);
  const reader = changeReader({ source: context.source, mappings: run.mappings, checkSchema: (tx) => drift.check(tx), mostEntries: context.throttle.mostRows });
  return { run, session, stage: new Stage(session), reader, drift };
}

/** Brings the target level with the source once. */
export async function catchUp(context: Context, session: TargetSession): Promise<bigint> {
  const { watermark } = await followWith(context, await replaying(context, session), { until: "caught-up" });
  return watermark;
}

export async function followWith(context: Context, replay: Replaying, options: Pick<FollowOptions, "until" | "keepLogFrom" | "onBatch"> & { readonly signal?: AbortSignal; readonly watermark?: bigint }): Promise<Followed> {
  const signal = options.signal ?? context.signal;
  try {
    return await follow({
      ...options,
      run: replay.run.id,
      source: context.source,
      session: replay.session,
      stage: replay.stage,
      reader: replay.reader,
      watermark: options.watermark ?? replay.run.watermark,
      signal,
      rest: (pass) => context.throttle.restOfRate(pass),
      onPass: (changes) => {
        const left = changes.last - changes.through;
        if (left > 100_000n) context.report({ kind: "progress", phase: "replay", done: Number(changes.through - replay.run.watermark), total: Number(changes.last - replay.run.watermark), unit: "changes" });
      },
    });
  } catch (error) {
    if (error instanceof InterruptedError && signal.aborted && options.signal !== undefined && !context.signal.aborted) {
      const run = await mustLoad(replay.session);
      return { watermark: run.watermark, ended: "stopped", handover: null };
    }
    throw error;
  }
}
