import { actor } from "../../embedded/actor.ts";
import { type RefusedError, UsageError } from "../../errors.ts";
import { type ControlAction, type ControlCommand, controlRefusal } from "../../model/control.ts";
import type { Run } from "../../model/run.ts";
import { waitUntil } from "../../retry.ts";
import { prepareRunStore } from "../../schema/migrate/prepare-run-store.ts";
import { renderCount } from "../../status/render-count.ts";
import { refuseUnfitServer } from "../../target/connection/server-state.ts";
import { stateSql } from "../../target/state-schema.ts";
import {
  answerOf,
  expireRequests,
  insertRequest,
  type OpenRequest,
  openRequests,
  withdrawRequest,
} from "../../target/store/control-store.ts";
import { isRunLocked } from "../../target/store/run-lock.ts";
import { loadRun } from "../../target/store/run-store.ts";
import { loadSteering, setPaused } from "../../target/store/steering-store.ts";
import type { TargetSession } from "../../target/target.ts";
import { version } from "../../version.ts";
import { presentNotices } from "../confirmation.ts";
import { type Context, withSession } from "../context.ts";
import { endEntry, HISTORY_LOCKS, insertEntry } from "../history/store.ts";
import { noRun } from "../require-run.ts";
import { conflict, notAllowed, notConfirmed, refusedByRun, unanswered } from "./control-errors.ts";

/** How and by whom something is asked of a run. */
export interface ControlOptions {
  /** What the person came through, for the history: `the page at 10.1.2.3`, for example. */
  readonly through?: string;
  /** `taken`: returns once the working process has begun with it. Default: `answered`. */
  readonly until?: "taken" | "answered";
  /** How long the working process has to begin with it, in ms. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** What became of what was asked. What was refused is an error. */
export interface ControlResult {
  /** What was asked for. */
  readonly action: ControlAction;
  /** False: it is under way. */
  readonly isAnswered: boolean;
  /** A sentence of the process that works on the run. */
  readonly answer: string;
}

const LOOK_EVERY_MS = 200;
const TAKEN_WITHIN_MS = 10_000;

/** Asks something of the process that works on the run, wherever it is, and waits for its answer. */
export function askControl(
  context: Context,
  command: ControlCommand,
  options: ControlOptions = {},
): Promise<ControlResult> {
  return withSession(context, async (session) => {
    refuseMalformed(command);
    refuseUnfitServer(session.server, context.target.location);
    const run = await loadRun(session);
    if (run === null) throw noRun();
    await prepareRunStore(session, context.targetUrl);
    const asked = await ask(context, session, run, { command, options });
    return typeof asked === "string" ? waitForAnswer(context, session, command, { id: asked, options }) : asked;
  });
}

function refuseMalformed(command: ControlCommand): void {
  if (command.action !== "max-rate" || command.maxRate === null) return;
  if (Number.isInteger(command.maxRate) && command.maxRate > 0 && command.maxRate <= 2_147_483_647) return;
  throw new UsageError({
    code: "USAGE",
    message: "max-rate takes a whole number of rows a second, or none",
    hint: "changeover control max-rate=5000",
  });
}

interface Asking {
  readonly command: ControlCommand;
  readonly options: ControlOptions;
}

/** The id of the request; its result where no process is needed. Both are in the history, and so is a refusal. */
async function ask(
  context: Context,
  session: TargetSession,
  run: Run,
  { command, options }: Asking,
): Promise<string | ControlResult> {
  const { host, user } = actor();
  const askedBy = `${user}@${host}${options.through === undefined ? "" : `, ${options.through}`}`;
  const history = await insertEntry(session, {
    command: `control ${command.action}${command.action === "max-rate" ? `=${command.maxRate ?? "none"}` : ""}`,
    details: { asked_by: askedBy },
    user,
    host,
    pid: process.pid,
    version: version(),
    ago: 0,
  });
  const end = (outcome: "done" | "not-done", code: string | null) =>
    endEntry(session, history, { outcome, code, details: {} });
  const refusal = await whyNot(context, session, run, command);
  if (refusal !== null) {
    await end("not-done", refusal.code);
    throw refusal;
  }
  if (command.action === "resume" && !(await isRunLocked(session))) {
    await setPaused(session, run.id, null);
    await end("done", null);
    return { action: "resume", isAnswered: true, answer: "no process works on the run; the next one is not paused" };
  }
  await expireRequests(session, run.id);
  const id = await insertRequest(session, run.id, command, { askedBy, history });
  if (id !== null) return id;
  await end("not-done", "CONTROL_CONFLICT");
  const [before] = await openRequests(session, run.id, HISTORY_LOCKS);
  throw conflict(command.action, before ?? null);
}

async function whyNot(
  context: Context,
  session: TargetSession,
  run: Run,
  command: ControlCommand,
): Promise<RefusedError | UsageError | null> {
  const { action } = command;
  const reason = controlRefusal(action, run.phase);
  if (reason !== null) return notAllowed(action, run.phase, reason);
  const steering = await loadSteering(session, run.id);
  if (action === "pause" && steering.paused !== null)
    return conflict(action, { askedBy: steering.paused.by, askedAt: steering.paused.at, state: "done", action });
  if (action === "resume" && steering.paused === null) return notAllowed(action, run.phase, "the run is not paused");
  if (action !== "resume" && !(await isRunLocked(session))) return unanswered(action, "no process works on the run");
  const open = await openRequests(session, run.id, HISTORY_LOCKS);
  const same = open.find((request) => isSameUnderWay(request, action));
  if (same !== undefined) return conflict(action, same);
  if (command.action !== "cutover" || command.confirmed) return null;
  const notices = (await presentNotices(session, run.id, context.rules)).filter(
    ({ confirmedBy }) => confirmedBy === null,
  );
  return notices.length === 0 ? null : notConfirmed(renderCount(notices.length, "thing"));
}

function isSameUnderWay(request: OpenRequest, action: ControlAction): boolean {
  return request.state === "taken" && request.action === action;
}

async function waitForAnswer(
  context: Context,
  session: TargetSession,
  { action }: ControlCommand,
  { id, options }: { readonly id: string; readonly options: ControlOptions },
): Promise<ControlResult> {
  let found = await answerOf(session, id);
  const look = async (isThere: (state: string) => boolean) => {
    found = await answerOf(session, id);
    // A run that was rolled back takes its requests along.
    return found === null || isThere(found.state);
  };
  const { signal } = context;
  const timeoutMs = options.timeoutMs ?? TAKEN_WITHIN_MS;
  const isTaken = await waitUntil(() => look((state) => state !== "asked"), {
    everyMs: LOOK_EVERY_MS,
    timeoutMs,
    signal,
  });
  if (!isTaken && (await withdrawRequest(session, id))) {
    await session.rows(stateSql(session, "target/control-unanswered"), [id, "CONTROL_UNANSWERED"]);
    throw unanswered(action, "the process that works on the run did not answer in time");
  }
  if (options.until !== "taken")
    await waitUntil(() => look((state) => state !== "taken"), { everyMs: LOOK_EVERY_MS, signal });
  if (found === null) return { action, isAnswered: true, answer: "the run is gone" };
  const { answer, code, state } = found;
  if (state === "refused") throw refusedByRun(action, { code, answer: answer ?? "" });
  const isAnswered = state !== "taken";
  return { action, isAnswered, answer: isAnswered ? (answer ?? "") : "it is under way" };
}
