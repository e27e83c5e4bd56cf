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
/** What a batch takes that has next to nothing to bring. */
const SHORTEST_MS = 100;
const SHORT_MS = 1_000;
/** Of the time of the batch before. */
const SHORTER = 0.8;
// By then it will not come nearer.
const MOST_ROUNDS = 20;

/** Brings changes of the target to the source, batch by batch, until told to stop or asked to hand over. */
export async function followBack(
  context: Context,
  returning: Returning,
  options: FollowBackOptions,
): Promise<"even" | "stopped" | "handover"> {
  const { run, session, tables } = returning;
  const mappings = tables.map(({ mapping }) => mapping);
  let noted = Number.NEGATIVE_INFINITY;
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round++) {
    if (context.signal.aborted) return "stopped";
    const started = performance.now();
    const batch = (await anyChange(session, mappings)) ? await bring(context, returning) : null;
    if (batch !== null) options.onBatch?.(batch);
    const took = performance.now() - started;
    if (options.until === "even" && (batch === null || isNear({ took, before }) || round >= MOST_ROUNDS)) {
      await noteEven(session, run.id);
      return "even";
    }
    before = took;
    if (performance.now() - noted > NOTE_EVERY_MS) {
      noted = performance.now();
      if (!(await anyChange(session, mappings))) await noteEven(session, run.id);
      if ((await loadRun(session))?.handover != null) return "handover";
    }
    // What is written meanwhile would have to be brought, too.
    if (options.until === "even") continue;
    await delay(LOOK_EVERY_MS, undefined, { signal: context.signal }).catch(() => {});
  }
}

/**
 * A batch makes the source even with the moment at which it began, and the application does not stop for us: what it writes during one is the
 * next one's work, the last of them behind the fence. So they go on while each is notably shorter than the one before.
 */
export function isNear({ before, took }: { readonly before: number; readonly took: number }): boolean {
  return took < SHORTEST_MS || (took < SHORT_MS && took > before * SHORTER);
}

/** One batch. */
export async function bring(
  context: Context,
  { run, session, tables, checkSource, losses, onSchemaChange }: Returning,
  patience?: number,
): Promise<ReturnedBatch | null> {
  const batch = await returnBatch({
    run: run.id,
    source: context.source,
    session,
    tables,
    checkSource,
    onSchemaChange,
    ...(patience === undefined ? {} : { patience }),
  });
  for (const loss of batch?.losses ?? []) losses.note(loss);
  return batch;
}
