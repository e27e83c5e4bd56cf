import { ChangeoverError, InterruptedError } from "../errors.ts";
import { type EventPhase, type Report, reportIn } from "../log.ts";
import type { OrmName } from "../model/orm-profile.ts";
import type { Rules } from "../model/rules.ts";
import type { CollationChoice } from "../model/text-order.ts";
import { doubling, pause, waitUntil } from "../retry.ts";
import type { MigrationPlace } from "../schema/migrate/migration-place.ts";
import { prepareRunStore } from "../schema/migrate/prepare-run-store.ts";
import type { Source } from "../source/source.ts";
import { type Backend, endBackend } from "../target/backend-state.ts";
import { refuseUnfitServer } from "../target/connection/server-state.ts";
import { runLockedError, setRunLockRequest, tryRunLock } from "../target/store/run-lock.ts";
import { hasRunStore, loadRun } from "../target/store/run-store.ts";
import type { SessionOptions, Target, TargetSession } from "../target/target.ts";
import { isConnectionLoss } from "../target/target-error.ts";
import type { Throttle } from "../throttle/throttle.ts";
import type { IdleWorkers } from "../workers/idle-workers.ts";
import type { JobRecord } from "./history/job-record.ts";

/** What every step of a command works with: both databases, the decisions of a person, and where to report. */
export interface Context {
  /** Opened when first asked for. */
  readonly source: Source;
  readonly hasSource: boolean;
  /** The given source may be another file than the run's, once the old one is proved to be out of use. */
  readonly sourceMoved?: boolean;
  /** Where that cannot be proved: someone vouches that the application writes to the given source alone. */
  readonly onlySource?: boolean;
  /** Called with each session that has the run's lock, before anything is done there. */
  readonly underLock?: (session: TargetSession) => Promise<void>;
  closeSource(): void;
  readonly target: Target;
  readonly targetUrl: string;
  readonly migrationsDirectory: string;
  readonly migrations: MigrationPlace;
  /** What a person decided; excluded tables too. */
  readonly rules: Rules;
  readonly types: "plain" | "enhanced";
  readonly names: "keep" | "snake_case";
  /** What an ORM expects of tables that are made from the source. */
  readonly profile?: OrmName;
  readonly integers?: "int4" | "int8";
  readonly collationChoice: CollationChoice;
  readonly throttle: Throttle;
  /** How many tables are worked on at once; null: as there are processors. */
  readonly jobs: number | null;
  readonly idleWorkers: IdleWorkers;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** The source is to be switched to it, by the user's word. */
  readonly sourceJournal?: "wal";
  /** Whether commands are noted in the target's history. */
  readonly keepsHistory?: boolean;
  /** What people ask of this process while it works. */
  readonly steering?: SteeredBy;
  /** Ends whatever is under way in good order, as the signal does. */
  stop(): void;
  /** The entry there of the command that is at work. */
  readonly record?: JobRecord;
}

/** How a process that works on the run is steered. */
export interface SteeredBy {
  /** A postponed cutover is to wait no longer. */
  readonly isCutoverAsked: boolean;
  /** Called with each session that has the run lock: only who holds it answers. */
  holdsLock(backend: Backend): void;
  /** Answers nothing while `work` goes on, which is behind a fence. */
  whileQuiet<T>(work: () => Promise<T>): Promise<T>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** If work went on for so long before it failed, the pauses between attempts start from the first again. */
const LONG_WORK_MS = 10_000;
/** Until the pause is the longest. */
const LOCKED_ATTEMPTS = 6;

export interface LockOptions {
  readonly requestFor?: string;
  readonly timeoutMs?: number;
  /** The session that was lost: it must not keep its locks. */
  readonly instead?: Backend | null;
}

/**
 * A session that holds the run's lock. If another process holds it and `requestFor` names a purpose, the lock is
 * requested: a running sync yields it between two batches.
 */
export async function lockedSession(context: Context, options: LockOptions = {}): Promise<TargetSession> {
  const session = await context.target.session();
  try {
    // A run that was under way waits for its server as it comes back.
    if (options.instead == null) refuseUnfitServer(session.server, context.target.location);
    if (options.instead != null) await endBackend(session, options.instead);
    // Made only when a run begins; what an older version made is brought up to date.
    if (await hasRunStore(session)) await prepareRunStore(session, context.targetUrl);
    if (await tryRunLock(session)) return await begun(context, session);
    if (options.requestFor === undefined) throw runLockedError();
    const run = await loadRun(session);
    if (run === null) throw runLockedError();
    context.report({
      kind: "step",
      message: `requesting the run lock from the running sync for the ${options.requestFor}`,
    });
    await setRunLockRequest(session, run.id, options.requestFor);
    const hasLock = await waitUntil(() => tryRunLock(session), {
      everyMs: 50,
      timeoutMs: options.timeoutMs ?? 30_000,
      signal: context.signal,
    });
    await setRunLockRequest(session, run.id, null);
    if (hasLock) return await begun(context, session);
    if (context.signal.aborted) throw new InterruptedError();
    throw runLockedError();
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function begun(context: Context, session: TargetSession): Promise<TargetSession> {
  if (context.hasSource) await context.underLock?.(session);
  context.steering?.holdsLock(session.backend);
  await context.record?.begin(session);
  return session;
}

/** Runs `work` with a locked session, once. */
export async function withLock<T>(
  context: Context,
  requestFor: string,
  work: (session: TargetSession) => Promise<T>,
): Promise<T> {
  const session = await lockedSession(context, { requestFor });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/**
 * Runs `work` with a locked session, and again with a new one when the target was lost: everything committed
 * is known there, so it goes on from where it stopped. A source whose lock others hold for long is waited for.
 */
export async function withReconnect<T>(
  context: Context,
  work: (session: TargetSession) => Promise<T>,
  first?: TargetSession,
): Promise<T> {
  const { result, session } = await withReconnectKeeping(context, work, first);
  await session.close();
  return result;
}

/**
 * The same, and the session with its lock stays open for what comes next. Not `withRetry`: long work starts the pauses
 * again, a busy source keeps the session, and each kind of failure has a limit of its own.
 */
export async function withReconnectKeeping<T>(
  context: Context,
  work: (session: TargetSession) => Promise<T>,
  first?: TargetSession,
): Promise<{ readonly result: T; readonly session: TargetSession }> {
  let session = first;
  let lost: Backend | null = null;
  // A target that never answered is a mistake to report, not an outage to wait out.
  let wasReached = first !== undefined;
  let pauses = doubling(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  for (let attempt = 0; ; attempt++) {
    try {
      session ??= await lockedSession(context, { instead: lost });
      lost = null;
      wasReached = true;
      const started = performance.now();
      try {
        return { result: await work(session), session };
      } finally {
        if (performance.now() - started > LONG_WORK_MS) {
          pauses = doubling(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
          attempt = 0;
        }
      }
    } catch (error) {
      if (session !== undefined && hasCode(error, "SOURCE_BUSY") && !context.signal.aborted) {
        context.report({
          kind: "warning",
          code: "SOURCE_BUSY",
          message: "another process has held the source's lock for half a minute: still waiting for it",
        });
        continue;
      }
      // A server that just restarted may still count the dead session's lock as held.
      const isHeld = hasCode(error, "RUN_LOCKED") && session === undefined && attempt > 0 && attempt < LOCKED_ATTEMPTS;
      if (
        !wasReached ||
        (!isConnectionLoss(error) && !isHeld && !hasCode(error, "TARGET_UNREACHABLE", "TARGET_LOST"))
      ) {
        await session?.close();
        throw error;
      }
      if (context.signal.aborted) throw new InterruptedError();
      const ms = pauses.next().value ?? LONGEST_PAUSE_MS;
      context.report({
        kind: "warning",
        code: "TARGET_LOST",
        message: `lost the connection to the target; retrying in ${ms / 1000} s (committed work is safe)`,
      });
      lost = session?.backend ?? lost;
      await session?.close();
      session = undefined;
      await pause(ms, context.signal);
      if (context.signal.aborted) throw new InterruptedError();
    }
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof ChangeoverError && codes.includes(error.code);
}

/** Runs `work` with a session of its own at the target. */
export async function withSession<T>(
  context: Pick<Context, "target">,
  work: (session: TargetSession) => Promise<T>,
  options?: SessionOptions,
): Promise<T> {
  const session = await context.target.session(options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** The context for a part of a command: its messages are of that phase. */
export function inPhase(context: Context, phase: EventPhase): Context {
  // Not a spread: that would open the source, which is opened when first asked for.
  return Object.create(context, { report: { value: reportIn(context.report, phase) } }) as Context;
}
