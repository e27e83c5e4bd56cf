import { readSchemaState } from "../capture/schema-state.ts";
import { lowerFence } from "../cutover/fence.ts";
import { dismantleFence, forgetChanges } from "../cutover/prepare-fence.ts";
import { messageOf, RefusedError } from "../errors.ts";
import { lowerTargetFence, raiseTargetFence, sealTargetFence } from "../failback/fence-target.ts";
import { raiseCounters, sequencesGiven } from "../failback/open-source.ts";
import { openedAt, recordOpened } from "../failback/source-record.ts";
import { type FailbackEvent, type FailbackState, nextInFailback } from "../failback/states.ts";
import { ValueLosses } from "../failback/value-losses.ts";
import { readSchema } from "../inspect/read-schema.ts";
import type { FailbackLoss } from "../model/failback-loss.ts";
import type { Run, VerificationTotals } from "../model/run.ts";
import { logKeys } from "../rows/change-log.ts";
import type { Context } from "../run/context.ts";
import { endBackend } from "../target/backend-state.ts";
import { loadFailback, setFailback } from "../target/store/failback-store.ts";
import { setPhase, setSourceSchema } from "../target/store/run-store.ts";
import { setVerified } from "../target/store/verified-store.ts";
import type { TargetSession } from "../target/target.ts";
import { withReconnect } from "../with-reconnect.ts";
import type { AcceptLosses } from "./failback-losses.ts";
import { bring } from "./follow-failback.ts";
import { prepareFailback, refuseLateLosses } from "./prepare-failback.ts";

export interface FailbackResult {
  readonly ok: boolean;
  /** From the target's fence to the source's opening. */
  readonly downtimeMs: number;
  readonly verified: VerificationTotals;
  readonly phase: Run["phase"];
  /** Values that came back cut, batch by batch: a value that came twice counts twice. */
  readonly rounded: number;
  /** What did not come along, or would not have. */
  readonly losses: readonly FailbackLoss[];
  /** Why it did not happen. */
  readonly reason?: Error;
}

export interface FailbackSettings {
  readonly maxDowntime: number;
  /** Asked before anything is fenced; a refusal ends it with FAILBACK_LOSES_DATA. */
  readonly acceptLosses: AcceptLosses;
}

/** A cutover in reverse: every write made in PostgreSQL comes along; if anything fails, PostgreSQL goes on as before. */
export async function failBackToSource(
  context: Context,
  session: TargetSession,
  run: Run,
  settings: FailbackSettings,
): Promise<FailbackResult> {
  const failback = await loadFailback(session, run.id);
  if (failback === null || failback.state === "completed") throw noFailback(failback !== null);
  // The source is open, or nothing but that is missing: a command was killed there.
  const autoincrement = await autoincrementTables(context);
  if (failback.state === "returning")
    return finishFailback(context, session, run, autoincrement, {
      verified: { rows: 0, differences: 0 },
      asked: performance.now(),
      state: steps("sealed"),
      accepted: [],
      losses: new ValueLosses(),
    });
  const state = steps("preparing");
  // What a killed command left: its fence has fallen by itself.
  await lowerTargetFence({ run: run.id, session });
  const prepared = await prepareFailback(context, session, run, settings.acceptLosses);
  if (prepared === "interrupted") return undone(run, 0, new Error("interrupted before the target was fenced"));
  const { accepted, back, totals } = prepared;
  const { mappings } = back.run;
  context.report({ kind: "step", message: "the target is fenced: from here PostgreSQL refuses writes" });
  const fence = { run: run.id, session, mappings, location: context.source.location };
  const asked = await raiseTargetFence(fence, {
    seconds: settings.maxDowntime / 1000 + 1,
    patience: Math.max(settings.maxDowntime, 2_000),
  });
  state.to("fence-raised");
  const started = performance.now();
  const remaining = () => {
    const left = settings.maxDowntime - (performance.now() - started);
    if (left <= 0) throw outOfTime(settings.maxDowntime);
    return left;
  };
  const lost = { accepted, losses: back.losses };
  try {
    await session.run(`set statement_timeout = ${Math.ceil(remaining())}`);
    // One batch, of which each row is read back and compared before it commits; behind the fence there is no second.
    await bring(context, back, remaining());
    await refuseLateLosses(session, run, lost);
    state.to("changes-brought");
    await session.run("set statement_timeout = 0");
    await sealTargetFence(fence, remaining);
    state.to("fence-sealed");
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(messageOf(error));
    let at = session;
    if (state.now() === "even" && !session.alive) {
      state.to("outcome-unknown");
      at = await restart(context, session);
      if ((await loadFailback(at, run.id))?.state === "returning") {
        state.to("fence-sealed");
        return finishFailback(context, at, back.run, autoincrement, { verified: totals, asked, state, ...lost });
      }
    }
    state.to("failed");
    await withReconnect(
      async () => {
        if (!at.alive) at = await restart(context, at);
        await at.run("set statement_timeout = 0");
        await lowerTargetFence({ ...fence, session: at });
      },
      () => state.to("failed"),
    );
    state.to("fence-lowered");
    context.report({ kind: "warning", message: `the return was undone: ${reason.message}` });
    return undone(run, Math.round(performance.now() - asked), reason, [...accepted, ...back.losses.list()]);
  }
  return finishFailback(context, session, back.run, autoincrement, { verified: totals, asked, state, ...lost });
}

/** What does not come along: of the schema, as it was accepted, and of the values. */
interface Lost {
  readonly accepted: readonly FailbackLoss[];
  readonly losses: ValueLosses;
}

/** A session in a lost one's place. The server may still be at what was lost on the way, the seal perhaps: that ends first. */
async function restart(context: Context, lost: TargetSession): Promise<TargetSession> {
  const fresh = await withReconnect(
    () => context.target.session(),
    () => {},
  );
  if (await endBackend(fresh, lost.backend)) return fresh;
  throw new RefusedError({
    code: "TARGET_BUSY",
    message: "the target is still at work for the connection that was lost",
    hint: "its fence falls by itself unless it was sealed; run `changeover rollback` again: it finds out",
  });
}

interface Steps {
  readonly now: () => FailbackState;
  readonly to: (event: FailbackEvent) => void;
}

function steps(from: FailbackState): Steps {
  let state = from;
  return {
    now: () => state,
    to(event) {
      state = nextInFailback(state, event);
    },
  };
}

/**
 * The target is fenced for good, so the source is opened: the counters raised and the fence down in one transaction. From there on its
 * log tells what the application writes, in case it wants to go forward again.
 */
async function finishFailback(
  context: Context,
  session: TargetSession,
  run: Run,
  autoincrement: readonly string[],
  done: { readonly verified: VerificationTotals; readonly asked: number; readonly state: Steps } & Lost,
): Promise<FailbackResult> {
  const { state } = done;
  const given = await sequencesGiven(session, run.mappings);
  const open = () =>
    lowerFence(context.source, async (tx) => {
      await forgetChanges(tx);
      await raiseCounters(tx, given, autoincrement);
      await recordOpened(tx, run.id);
      // Should the run go forward again, PostgreSQL takes these rows as the source has them.
      const rows = done.losses.rows();
      for (const mapping of run.mappings) await logKeys(tx, mapping, rows.get(mapping.id) ?? []);
    });
  await withReconnect(open, () => state.to("failed"));
  state.to("source-opened");
  const downtimeMs = Math.round(performance.now() - done.asked);
  const opened = await context.source.read(async (tx) => ({
    schema: await readSchemaState(tx),
    at: await openedAt(tx),
  }));
  await session.transaction(async (tx) => {
    await setSourceSchema(tx, run.id, opened.schema, opened.at);
    await setVerified(tx, run.id, null);
    await setFailback(tx, run.id, "returned");
    await setPhase(tx, run.id, "returned");
  });
  state.to("run-noted");
  // Asleep, they cost each write a look; the application has long been let in.
  let moved = 0;
  await dismantleFence(context.source, { onSchemaChange: (by) => void (moved += by) });
  await setSourceSchema(session, run.id, { ...opened.schema, version: opened.schema.version + moved }, opened.at);
  const failback = await loadFailback(session, run.id);
  return {
    ok: true,
    downtimeMs,
    verified: done.verified,
    phase: "returned",
    rounded: Number(failback?.rounded ?? 0n),
    losses: [...done.accepted, ...done.losses.list()],
  };
}

async function autoincrementTables(context: Context): Promise<string[]> {
  return (await context.source.read(readSchema)).tables
    .filter(({ autoincrement }) => autoincrement)
    .map(({ name }) => name);
}

function undone(run: Run, downtimeMs: number, reason: Error, losses: readonly FailbackLoss[] = []): FailbackResult {
  return { ok: false, downtimeMs, verified: { rows: 0, differences: 0 }, phase: run.phase, rounded: 0, losses, reason };
}

function noFailback(ended: boolean): RefusedError {
  return new RefusedError({
    code: ended ? "COMPLETED" : "ALREADY_CUT_OVER",
    message: ended
      ? "the run is complete: its failback was removed"
      : "the target has taken over, and no failback was armed: the application may have written there, and going back would lose that",
    hint: "to open the old source again without what was written since, run `changeover clean --yes` and point the application back",
  });
}

function outOfTime(budget: number): RefusedError {
  return new RefusedError({
    code: "FAILBACK_TIMEOUT",
    message: `the return took longer than the ${budget} ms that it may`,
    hint: "run it again when the application writes less, or give it more time with --max-downtime",
    context: { budget },
  });
}
