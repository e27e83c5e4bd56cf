import { describeChange } from "../follow/describe-change.ts";
import { type ControlAction, STALE_AFTER_MS, type Steering, UNSTEERED } from "../model/control.ts";
import type { Failback } from "../model/failback.ts";
import { type Notice, type ReportedNotice, reportNotices } from "../model/left-out.ts";
import type { LoadSample } from "../model/load-sample.ts";
import type { Phase } from "../model/run.ts";
import type { OpenRequest } from "../target/store/control-store.ts";
import type { RunInBrief } from "../target/store/run-store.ts";
import type { TableAtPresent } from "../target/store/status-tables.ts";
import type { LastVerification } from "../target/store/verification-age.ts";
import type { VerificationPass } from "../target/store/verification-store.ts";
import { type NextStep, nextSteps } from "./next-steps.ts";

/** Where a run stands, as one plain object. */
export interface Status {
  /** The run's phase; `new` if there is none. */
  readonly phase: Phase;
  /** Path or URL of the run's source; null without a run. */
  readonly source: string | null;
  /** The target, without password. */
  readonly target: string;
  /** The source that was looked at for this; null if none was named. */
  readonly sourceState: {
    readonly location: string | null;
    /** False for a copy, or any other file. Null: it could not be read. */
    readonly isRunSource: boolean | null;
    /** Whether it refuses writes: not at all, for a moment, or for good. Null: it could not be read. */
    readonly fence: "none" | "raised" | "sealed" | "handed-over" | null;
    readonly error: { readonly code: string; readonly message: string } | null;
  } | null;
  /** The last change-log seq that the target holds. */
  readonly watermark: number;
  /** How far the target is behind the source. */
  readonly lag: {
    /** Log entries that the target does not hold yet. Null after a failback, if the source was not looked at. */
    readonly changes: number | null;
    /** Seconds since the target last equalled the source; 0 while it does. Null before the first time. */
    readonly seconds: number | null;
  };
  /** The copy, table by table. */
  readonly tables: readonly StatusTable[];
  /** Tables whose schema changed in the source, and that wait until the target has the change; all others flow. */
  readonly schema: {
    readonly state: "following" | "waiting-for-schema";
    readonly waiting: readonly WaitingTable[];
  };
  /** Entries of the quarantine: rows kept out, and values that became NULL there. */
  readonly rejected: number;
  /** Whether a process is working on the run just now. */
  readonly running: boolean;
  /** What people asked of the run: whether it is paused, a rate, and requests that are not answered yet. */
  readonly steering: {
    readonly paused: Steering["paused"];
    readonly rate: Steering["rate"];
    readonly requests: readonly {
      readonly action: ControlAction;
      readonly by: string;
      readonly at: string;
      /** Whether the working process has begun with it. */
      readonly isTaken: boolean;
    }[];
  };
  /** The last verification that still holds; null if none does. */
  readonly verified: { readonly rows: number; readonly differences: number } | null;
  /** The last comparison of all rows, or the one under way or interrupted; null before the first. */
  readonly verification: {
    readonly pass: number;
    /** Rows compared, in this pass. */
    readonly rows: number;
    readonly differences: number | null;
    readonly startedAt: string;
    /** Null until it is through. */
    readonly endedAt: string | null;
  } | null;
  /** How old the last complete comparison is; null before the first. */
  readonly verificationAge: {
    readonly seconds: number;
    /** Older than a day: a cutover compares all rows again. */
    readonly isStale: boolean;
  } | null;
  /** What of the source's schema the target has not, or has otherwise. */
  readonly leftOut: readonly ReportedNotice[];
  /** Findings that someone should have read. */
  readonly warnings: readonly ReportedNotice[];
  /** How long the cutover refused writes; null before it. */
  readonly downtimeMs: number | null;
  /** What the last rehearsal says that the cutover would refuse writes for; null before a rehearsal. */
  readonly predictedDowntime: { readonly ms: number; readonly at: string } | null;
  /** What the working process measured at the source last; null before the first time. */
  readonly load: LoadSample | null;
  /** After the cutover; null without a failback. */
  readonly failback: {
    readonly state: Failback["state"];
    /** Logged changes of the target that the source does not have yet. */
    readonly changes: number;
    /** Seconds since the source last equalled the target; 0 while it does. Null before the first time. */
    readonly seconds: number | null;
    /** Rows brought back so far, and values that were cut to what their column can say. */
    readonly rows: number;
    readonly rounded: number;
    /** When a running sync completes the run by itself, ISO 8601; null where nobody set a window. */
    readonly endsAt: string | null;
  } | null;
  /** Commands that bring the run on, and why; the usual one first. */
  readonly nextSteps: readonly NextStep[];
}

/** A table that waits for the target. */
export interface WaitingTable {
  /** As it is called in the source now; as it was, where it is gone. */
  readonly table: string;
  /** What happened to it, in sentences. */
  readonly changes: readonly string[];
  /** The migration files to apply; none where another tool owns the target's tables. */
  readonly files: readonly string[];
  /** When it was noticed, ISO 8601. */
  readonly since: string;
}

/** A source that the user named, as it was found to be just now. */
export type SourceState =
  | {
      readonly kind: "seen";
      readonly location: string;
      /** Whether it is the file that the run reads, and not a copy of it. */
      readonly isRunSource: boolean;
      readonly fence: "none" | "raised" | "sealed" | "handed-over";
      /** The last seq of its log; null where it is not the run's. */
      readonly lastLogged: bigint | null;
    }
  | { readonly kind: "unreadable"; readonly code: string; readonly message: string };

/** The copy of one table. */
export interface StatusTable {
  /** The table in the source. */
  readonly table: string;
  /** Rows in the source when the run began. */
  readonly rows: number;
  /** Rows copied so far. */
  readonly copied: number;
  /** Whether its copy has ended. */
  readonly done: boolean;
  /** Rows compared in the comparison under way; null while there is none. */
  readonly compared: number | null;
  /** When all of its rows were compared last, ISO 8601; null before the first time. */
  readonly comparedAt: string | null;
}

export interface StatusInput {
  readonly target: string;
  /** Whether a process holds the run lock. */
  readonly running: boolean;
  /** Null: there is none. */
  readonly run: RunInput | null;
}

/** A run as the target's tables have it, and its source if one was named. */
export interface RunInput {
  readonly run: RunInBrief;
  readonly tables: readonly TableAtPresent[];
  readonly sourceState: SourceState | null;
  readonly rejected: number;
  readonly pass: VerificationPass | null;
  readonly failback: Failback | null;
  /** Logged changes of the target that a failback has still to bring. */
  readonly returning: number;
  readonly notices: readonly Notice[];
  readonly steering: Steering;
  readonly requests: readonly OpenRequest[];
  /** The last complete comparison. */
  readonly verification: LastVerification | null;
  readonly load: LoadSample | null;
}

export function statusOf({ run, running, target }: StatusInput): Status {
  const { phase, source, ...rest } = run === null ? WITHOUT_RUN : statusOfRun(run);
  const status = { phase, source, target, running, ...rest };
  return { ...status, nextSteps: nextSteps(status) };
}

type RunStatus = Omit<Status, "nextSteps" | "target" | "running">;

const WITHOUT_RUN: RunStatus = {
  phase: "new",
  source: null,
  sourceState: null,
  watermark: 0,
  lag: { changes: 0, seconds: null },
  tables: [],
  schema: { state: "following", waiting: [] },
  rejected: 0,
  steering: { ...UNSTEERED, requests: [] },
  verified: null,
  verification: null,
  verificationAge: null,
  leftOut: [],
  warnings: [],
  downtimeMs: null,
  predictedDowntime: null,
  load: null,
  failback: null,
};

function schemaOf({ held }: RunInBrief): Status["schema"] {
  return {
    state: held.length === 0 ? "following" : "waiting-for-schema",
    waiting: held.map(({ at, changes, files, now, table }) => ({
      table: now ?? table,
      changes: changes.map(describeChange),
      files,
      since: at,
    })),
  };
}

function statusOfRun({ failback, pass, run, sourceState, verification, ...input }: RunInput): RunStatus {
  return {
    phase: run.phase,
    source: run.source,
    sourceState: sourceState === null ? null : reportSource(sourceState),
    watermark: Number(run.watermark),
    lag: lagOf(run, sourceState),
    tables: input.tables.map((table) => reportTable(table, { pass, verification })),
    schema: schemaOf(run),
    rejected: input.rejected,
    steering: { ...input.steering, requests: input.requests.map(reportRequest) },
    verified: run.verified,
    verification: pass === null ? null : reportPass(pass),
    verificationAge:
      verification === null
        ? null
        : { seconds: Math.round(verification.seconds), isStale: verification.seconds * 1_000 > STALE_AFTER_MS },
    ...reportNotices(input.notices),
    downtimeMs: run.downtimeMs,
    predictedDowntime: run.prediction === null ? null : { ms: run.prediction.downtimeMs, at: run.prediction.at },
    load: input.load,
    failback: failback === null ? null : reportFailback(failback, input.returning),
  };
}

function reportTable(
  { compared, copied, done, isCompared, rows, savedAt, table }: TableAtPresent,
  { pass, verification }: Pick<RunInput, "pass" | "verification">,
): StatusTable {
  const isUnderWay = pass !== null && pass.endedAt === null;
  return {
    table,
    rows,
    copied,
    done,
    compared: isUnderWay ? (compared ?? 0) : null,
    comparedAt: isUnderWay && isCompared === true ? savedAt : (verification?.endedAt ?? null),
  };
}

function lagOf(run: RunInBrief, look: SourceState | null): Status["lag"] {
  const changes = changesBehind(run, look?.kind === "seen" ? look.lastLogged : null);
  if (changes !== 0) return { changes, seconds: run.secondsSinceCaughtUp };
  return { changes, seconds: run.firstCaughtUp === null ? null : 0 };
}

function changesBehind({ phase, sourceSeq, watermark }: RunInBrief, lastLogged: bigint | null): number | null {
  if (phase === "cut-over") return 0;
  // Nobody follows the source after a return: what was seen of it last is from before the cutover.
  if (phase === "returned" && lastLogged === null) return null;
  return Math.max(0, Number((lastLogged ?? sourceSeq) - watermark));
}

function reportSource(state: SourceState): NonNullable<Status["sourceState"]> {
  if (state.kind === "unreadable") {
    const { code, message } = state;
    return { location: null, isRunSource: null, fence: null, error: { code, message } };
  }
  return { location: state.location, isRunSource: state.isRunSource, fence: state.fence, error: null };
}

function reportRequest({ action, askedAt, askedBy, state }: OpenRequest): Status["steering"]["requests"][number] {
  return { action, by: askedBy, at: askedAt, isTaken: state === "taken" };
}

function reportPass({ differences, endedAt, pass, rows, startedAt }: VerificationPass): Status["verification"] {
  return { pass, rows, differences, startedAt, endedAt };
}

function reportFailback(failback: Failback, changes: number): Status["failback"] {
  return {
    state: failback.state,
    changes,
    seconds: changes === 0 && failback.secondsSinceCaughtUp !== null ? 0 : failback.secondsSinceCaughtUp,
    rows: Number(failback.rows),
    rounded: Number(failback.rounded),
    endsAt: failback.endsAt,
  };
}
