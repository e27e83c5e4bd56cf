import { RefusedError } from "../errors.ts";
import { presetRowidDefaults } from "../failback/capture/enable-failback.ts";
import { renderCount } from "../status/render-count.ts";
import { type Deferred, deferredAt } from "../target/deferred/deferred-objects.ts";
import { interruptAutovacuum } from "../target/interrupt-autovacuum.ts";
import { setPhase } from "../target/store/run-store.ts";
import type { CutoverRun } from "./cutover-run.ts";
import { openInMessages } from "./open-target.ts";
import { autoincrementCounters, type PresetSequences, type SerialColumn, setSequences } from "./set-sequences.ts";

/** A round that is shorter leaves next to nothing for the time behind the fence, ms. */
const SHORT_MS = 30;
/** Rounds no longer shrink: the application writes as fast as they go. */
const SHORTER = 0.8;
const MAX_ROUNDS = 12;
/** Tables of one transaction, which holds locks on each until its end. */
const TABLES_AT_ONCE = 100;

/** What was prepared, for the steps behind the fence. */
export interface Approached {
  /** What is left to restore behind the fence: CHECKs that are NOT VALID, say. See `restoreEarly`. */
  readonly objects: readonly Deferred[];
  readonly sequences: PresetSequences;
}

/**
 * All that can be done before the fence: autovacuum ends, the opening is tried and rolled back, and replay and
 * verification go on until their rounds are short, or no longer shrink. What is left then is the downtime; where it
 * would not fit, nothing is fenced.
 */
export async function approach(cutover: CutoverRun): Promise<Approached> {
  const { catchUp, context, replay, settings } = cutover;
  const { run, session } = replay;
  const objects = await deferredAt(session, run.id, ["cutover"]);
  // It may take seconds, and what is written in them is to be replayed before the fence, not behind it.
  await interruptAutovacuum(
    session,
    run.mappings.map(({ target }) => target),
  );
  await setPhase(session, run.id, "cutting-over");
  const sequences = await presetSequences(cutover);
  if (cutover.hasFailback) await presetRowidDefaults(session, run.mappings);
  const openingMs = await tryOpening(cutover, objects);
  await context.source.read((tx) => replay.drift.checkFull(tx));
  await catchUp.prepare();
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round++) {
    const durationMs = await catchUp.round();
    if (durationMs < SHORT_MS || (round > 2 && durationMs > before * SHORTER) || round >= MAX_ROUNDS) {
      const expected = {
        catchingUpMs: Math.round(durationMs),
        openingMs: Math.round(openingMs),
        objects: objects.length,
      };
      if (durationMs + openingMs > settings.maxDowntimeMs) throw wouldBeTooSlow(expected, settings.maxDowntimeMs);
      return { objects, sequences };
    }
    before = durationMs;
  }
}

/** Nobody draws from them yet. Behind the fence only those of tables that change from here on are set once more. */
async function presetSequences({ catchUp, context, replay }: CutoverRun): Promise<PresetSequences> {
  const { watermark } = catchUp;
  const counters = await autoincrementCounters(context.source);
  const { mappings } = replay.run;
  const columns: SerialColumn[] = [];
  for (let from = 0; from < mappings.length; from += TABLES_AT_ONCE) {
    const some = mappings.slice(from, from + TABLES_AT_ONCE);
    columns.push(...(await replay.session.transaction((tx) => setSequences(tx, some, counters))));
    await catchUp.keepUp();
  }
  return { counters, columns, watermark };
}

/** How long the opening's own transaction takes, ms: it is done and rolled back. */
async function tryOpening(
  { hasFailback, replay: { run, session } }: CutoverRun,
  objects: readonly Deferred[],
): Promise<number> {
  const undo = new Error("rolled back");
  const started = performance.now();
  let durationMs = 0;
  await session
    .transaction(async (tx) => {
      await openInMessages(tx, { run, objects, hasFailback, changed: [], sequences: [], between: () => {} });
      durationMs = performance.now() - started;
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return durationMs;
}

interface ExpectedDowntime {
  readonly catchingUpMs: number;
  readonly openingMs: number;
  /** Objects that must be created behind the fence. */
  readonly objects: number;
}

function wouldBeTooSlow({ catchingUpMs, objects, openingMs }: ExpectedDowntime, budget: number): RefusedError {
  const expectedMs = catchingUpMs + openingMs;
  const isOpening = openingMs > catchingUpMs;
  const created =
    objects === 0 ? "" : `, with ${renderCount(objects, "object")} to create (foreign keys, triggers, CHECKs)`;
  return new RefusedError({
    code: "CUTOVER_TIMEOUT",
    message:
      `the cutover would take about ${expectedMs} ms, longer than the ${budget} ms that it may: nothing was fenced. ` +
      `Bringing and comparing what the application writes takes ${catchingUpMs} ms, opening the target ` +
      `${openingMs} ms${created}`,
    hint:
      isOpening && objects > 0
        ? "let the target's role prepare them beforehand (PostgreSQL 15: GRANT SET ON PARAMETER " +
          "session_replication_role TO its name), or give it more time with --max-downtime"
        : "give it more time with --max-downtime, or run it again when the application writes less",
    context: { expected_ms: expectedMs, catching_up_ms: catchingUpMs, opening_ms: openingMs, objects, budget },
  });
}
