import { countChanges } from "../failback/capture/target-changes.ts";
import { UNSTEERED } from "../model/control.ts";
import type { Run } from "../model/run.ts";
import { presentNotices } from "../run/confirmation.ts";
import { type Context, withSession } from "../run/context.ts";
import { HISTORY_LOCKS } from "../run/history/store.ts";
import { readSourceState } from "../run/read-source-state.ts";
import { type RunInput, type Status, statusOf } from "../status/status.ts";
import { hasControl, openRequests } from "../target/store/control-store.ts";
import { loadFailback } from "../target/store/failback-store.ts";
import { hasNoticeTable } from "../target/store/notice-store.ts";
import { quarantineSize } from "../target/store/quarantine-store.ts";
import { isRunLocked } from "../target/store/run-lock.ts";
import { loadRun, loadRunBriefly, type RunInBrief } from "../target/store/run-store.ts";
import { loadSamples } from "../target/store/sample-store.ts";
import { loadTablesForStatus } from "../target/store/status-tables.ts";
import { loadSteering } from "../target/store/steering-store.ts";
import { lastVerification } from "../target/store/verification-age.ts";
import { lastPass, type VerificationPass } from "../target/store/verification-store.ts";
import type { TargetSession } from "../target/target.ts";
import { askEachTime, type Recall } from "./recall.ts";

/** Where the run stands, read from the target and, if one is given, from the source. */
export function readStatus(context: Context): Promise<Status> {
  return withSession(
    context,
    async (session) => {
      const run = context.hasSource ? await loadRun(session) : null;
      return statusIn(context, session, {
        brief: run ?? (await loadRunBriefly(session)),
        sourceState: run === null ? null : await readSourceState(context, run),
        recall: askEachTime,
      });
    },
    { mayBeShared: true },
  );
}

/** The same from the target alone, with answers of before for what rarely changes. */
export async function readStatusIn(
  context: Pick<Context, "target" | "rules">,
  session: TargetSession,
  recall: Recall,
): Promise<Status> {
  return statusIn(context, session, { brief: await loadRunBriefly(session), sourceState: null, recall });
}

interface Reading {
  readonly brief: RunInBrief | null;
  readonly sourceState: RunInput["sourceState"];
  readonly recall: Recall;
}

async function statusIn(
  context: Pick<Context, "target" | "rules">,
  session: TargetSession,
  { brief, recall, sourceState }: Reading,
): Promise<Status> {
  return statusOf({
    target: context.target.location,
    running: await isRunLocked(session),
    run: brief === null ? null : { ...(await readRun(context, session, brief, recall)), sourceState },
  });
}

const SOON_MS = 2_000;
const RARELY_MS = 5_000;

async function readRun(
  { rules }: Pick<Context, "rules">,
  session: TargetSession,
  run: RunInBrief,
  recall: Recall,
): Promise<Omit<RunInput, "sourceState">> {
  const { id } = run;
  // What is known of one run, or of one phase, says nothing of the next.
  const known = <T>(name: string, maxAgeMs: number, ask: () => Promise<T>) =>
    recall(`${name} ${id} ${run.phase}`, maxAgeMs, ask);
  const pass = await lastPass(session, id);
  const isSteered = await known("steered", RARELY_MS, () => hasControl(session));
  return {
    run,
    tables: await known(tablesOf(pass), isMoving(run, pass) ? 0 : SOON_MS, () => loadTablesForStatus(session, id)),
    rejected: await known("rejected", SOON_MS, () => quarantineSize(session, id)),
    pass,
    ...(await known("failback", SOON_MS, () => readFailback(session, id))),
    notices: await known("notices", RARELY_MS, async () =>
      (await hasNoticeTable(session)) ? presentNotices(session, id, rules) : [],
    ),
    steering: isSteered ? await loadSteering(session, id) : UNSTEERED,
    verification: pass === null ? null : await lastVerification(session, id),
    requests: isSteered ? await openRequests(session, id, HISTORY_LOCKS) : [],
    load: (await loadSamples(session, id, 1))[0] ?? null,
  };
}

function tablesOf(pass: VerificationPass | null): string {
  return `tables ${pass?.pass ?? 0} ${pass?.endedAt ?? ""}`;
}

/** Whether rows of tables are being copied or compared. */
function isMoving({ phase }: RunInBrief, pass: VerificationPass | null): boolean {
  return phase === "copying" || (pass !== null && pass.endedAt === null);
}

async function readFailback(session: TargetSession, id: string): Promise<Pick<RunInput, "failback" | "returning">> {
  const failback = await loadFailback(session, id);
  if (failback?.state !== "enabled") return { failback, returning: 0 };
  const run: Run | null = await loadRun(session);
  return { failback, returning: run === null ? 0 : await countChanges(session, run.mappings) };
}
