import type { VerificationPass } from "../db/verification-store.ts";
import { type Notice, type ToldNotice, tellNotices } from "../model/left-out.ts";
import type { Phase, Run, TableState } from "../model/run.ts";
import type { WayBack } from "../model/way-back.ts";

/** Where a run stands, as one plain object: what `--json` prints and everything else renders. */
export interface Status {
  readonly phase: Phase;
  readonly source: string | null;
  readonly target: string;
  /** The last change-log seq that the target holds. */
  readonly watermark: number;
  readonly lag: {
    /** Log entries that the target does not hold yet. */
    readonly changes: number;
    /** Seconds since the target last equalled the source; 0 while it does. Null before the first time. */
    readonly seconds: number | null;
  };
  readonly tables: readonly StatusTable[];
  /** Entries of the quarantine: rows kept out, and values that became NULL there. */
  readonly rejected: number;
  /** Whether a process is working on the run just now. */
  readonly running: boolean;
  readonly verified: { readonly rows: number; readonly differences: number } | null;
  /** The last comparison of all rows, or the one under way or interrupted; null before the first. */
  readonly verification: {
    readonly pass: number;
    /** Rows compared, in this pass. */
    readonly rows: number;
    readonly differences: number | null;
    readonly started_at: string;
    /** Null until it is through. */
    readonly ended_at: string | null;
  } | null;
  /** What of the source's schema the target has not, or has otherwise. */
  readonly left_out: readonly ToldNotice[];
  readonly warnings: readonly ToldNotice[];
  readonly downtime_ms: number | null;
  /** After the cutover; null without a way back. */
  readonly way_back: {
    readonly state: WayBack["state"];
    /** Logged changes of the target that the source does not have yet. */
    readonly changes: number;
    /** Seconds since the source last equalled the target; 0 while it does. Null before the first time. */
    readonly seconds: number | null;
    /** Rows brought back so far, and values that were cut to what their column can say. */
    readonly rows: number;
    readonly rounded: number;
  } | null;
}

export interface StatusTable {
  readonly table: string;
  /** Rows in the source when the run began. */
  readonly rows: number;
  readonly copied: number;
  readonly done: boolean;
}

export interface StatusInput {
  readonly target: string;
  readonly run: Run | null;
  readonly tables: readonly TableState[];
  /** The source's own last seq, where it could be read. */
  readonly lastLogged: bigint | null;
  readonly running: boolean;
  readonly rejected: number;
  readonly pass: VerificationPass | null;
  readonly wayBack: WayBack | null;
  readonly returning: number;
  readonly notices: readonly Notice[];
}

export function statusOf({
  target,
  run,
  tables,
  lastLogged,
  running,
  rejected,
  pass,
  wayBack,
  returning,
  notices,
}: StatusInput): Status {
  if (run === null) {
    return {
      phase: "new",
      source: null,
      target,
      watermark: 0,
      lag: { changes: 0, seconds: null },
      tables: [],
      rejected: 0,
      running,
      verified: null,
      verification: null,
      left_out: [],
      warnings: [],
      downtime_ms: null,
      way_back: null,
    };
  }
  const seen = lastLogged ?? run.sourceSeq;
  const changes = run.phase === "cut-over" ? 0 : Math.max(0, Number(seen - run.watermark));
  return {
    phase: run.phase,
    source: run.source,
    target,
    watermark: Number(run.watermark),
    lag: { changes, seconds: changes === 0 ? (run.firstCaughtUp === null ? null : 0) : run.secondsSinceCaughtUp },
    tables: tables.map(({ source, rows, copied, done }) => ({ table: source, rows, copied, done })),
    rejected,
    running,
    verified: run.verified,
    verification:
      pass === null
        ? null
        : {
            pass: pass.pass,
            rows: pass.rows,
            differences: pass.differences,
            started_at: pass.startedAt,
            ended_at: pass.endedAt,
          },
    ...tellNotices(notices),
    downtime_ms: run.downtimeMs,
    way_back:
      wayBack === null
        ? null
        : {
            state: wayBack.state,
            changes: returning,
            seconds: returning === 0 && wayBack.secondsSinceEven !== null ? 0 : wayBack.secondsSinceEven,
            rows: Number(wayBack.rows),
            rounded: Number(wayBack.rounded),
          },
  };
}
