import type { LoadSample } from "../../model/load-sample.ts";
import { inState, stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** The newest samples, the oldest of them first; none where an older version began the run. */
export async function loadSamples(target: TargetReader, run: string, limit: number): Promise<LoadSample[]> {
  const [store] = await target.rows<{ found: boolean }>(
    `select to_regclass(${inState(target, "load_sample")}) is not null as found`,
  );
  return store?.found === true ? target.rows<LoadSample>(stateSql(target, "target/load-samples"), [run, limit]) : [];
}

/** What only the process knows that works at the source. */
export type MeasuredLoad = Pick<LoadSample, "logBytes" | "walBytes" | "applicationWaitMs" | "lockWaitMs" | "share">;

export async function saveSample(target: TargetReader, run: string, load: MeasuredLoad): Promise<void> {
  const { applicationWaitMs, lockWaitMs, logBytes, share, walBytes } = load;
  await target.rows(stateSql(target, "target/save-sample"), [
    run,
    textOf(logBytes),
    textOf(walBytes),
    textOf(applicationWaitMs),
    String(Math.round(lockWaitMs)),
    String(share),
  ]);
}

export async function thinSamples(target: TargetReader, run: string): Promise<void> {
  await target.rows(stateSql(target, "target/thin-samples"), [run]);
}

function textOf(value: number | null): string | null {
  return value === null ? null : String(value);
}
