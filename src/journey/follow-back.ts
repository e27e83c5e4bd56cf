import { setTimeout as delay } from "node:timers/promises";
import { loadRun } from "../db/run-store.ts";
import { noteEven } from "../db/way-back-store.ts";
import { type ReturnedBatch, returnBatch } from "../return/return-batch.ts";
import { anyChange } from "../return/target-changes.ts";
import type { Context } from "./context.ts";
import type { Returning } from "./way-back.ts";

export interface FollowBackOptions {
  /** `even` ends it as soon as the source equals the target as it was moments ago. */
  readonly until: "stopped" | "even";
  readonly onBatch?: (batch: ReturnedBatch) => void;
}

const LOOK_EVERY_MS = 100;
const NOTE_EVERY_MS = 1_000;
const SHORT_MS = 1_000;
// By then it will not come nearer.
const MOST_ROUNDS = 20;

/** Brings changes of the target to the source, batch by batch, until told to stop or asked to hand over. */
export async function followBack(context: Context, returning: Returning, options: FollowBackOptions): Promise<"even" | "stopped" | "handover"> {
  const { run, session, tables } = returning;
  const mappings = tables.map(({ mapping }) => mapping);
  let noted = Number.NEGATIVE_INFINITY;
  for (let round = 1; ; round++) {
    if (context.signal.aborted) return "stopped";
    const started = performance.now();
    const batch = (await anyChange(session, mappings)) ? await bring(context, returning) : null;
    if (batch !== null) options.onBatch?.(batch);
    // A batch makes the source even with the moment at which it began; the application does not stop for us.
    if (options.until === "even" && (batch === null || performance.now() - started < SHORT_MS || round >= MOST_ROUNDS)) {
      await noteEven(session, run.id);
      return "even";
    }
    if (performance.now() - noted > NOTE_EVERY_MS) {
      noted = performance.now();
      if (!(await anyChange(session, mappings))) await noteEven(session, run.id);
      if ((await loadRun(session))?.handover != null) return "handover";
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: context.signal }).catch(() => {});
  }
}

/** One batch. */
export function bring(context: Context, { run, session, tables, checkSource, onSchemaChange }: Returning, patience?: number): Promise<ReturnedBatch | null> {
  return returnBatch({ run: run.id, source: context.source, session, tables, checkSource, onSchemaChange, ...(patience === undefined ? {} : { patience }) });
}
