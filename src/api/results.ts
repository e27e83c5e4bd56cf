import type { FailbackLoss } from "../model/failback-loss.ts";
import type { KeyValue, Tuple } from "../model/key.ts";
import type { Notice } from "../model/left-out.ts";
import type { Phase, VerificationTotals } from "../model/run.ts";
import type { HistoryEntry } from "../run/history/store.ts";
import type { CheckResult } from "../run/verification/check-result.ts";
import type { SourceCopy } from "../source/copy-source.ts";

/** The copy of the source that `backup` asked for. */
export interface WithBackup {
  /** Null: none was asked for. */
  readonly backup: SourceCopy | null;
}

/** What `migration.data()` did. */
export interface CompletedData extends WithBackup {
  /** Rows in the target. */
  readonly rows: number;
  /** The comparison of both sides, without a difference; null with `verify: false`. */
  readonly check: CheckResult | null;
}

/** How `migration.sync()` ended. */
export interface CompletedSync extends WithBackup {
  /** `stopped` by the signal; `returned`, `cut-over` and `rolled-back` by another process. */
  readonly ended: "caught-up" | "stopped" | "cut-over" | "returned" | "rolled-back";
  /** The run's phase at the end. */
  readonly phase: Phase;
  /** `back` after the cutover: changes went from the target to the source. */
  readonly direction: "forward" | "back";
  /** The last number of the change log that the target holds. */
  readonly watermark: number;
}

/** One batch of changes that was committed; see `onBatch`. */
export interface CommittedBatch {
  /** Changed rows in it. */
  readonly rows: number;
  /** The last number of the change log that the target holds. */
  readonly watermark: number;
  /** `back` after the cutover: the batch went from the target to the source. */
  readonly direction: "forward" | "back";
}

/** A step of the cutover, and how long it took. */
export interface TimedStep {
  /** Name of the step. */
  readonly step: string;
  /** Milliseconds, with fractions. */
  readonly durationMs: number;
}

/** What `migration.cutover()` did. One that was undone throws a {@link CutoverUndoneError} instead. */
export interface CompletedCutover {
  /** From the first refused write to the first possible one, in ms: the same figure in status, history and hooks. */
  readonly downtimeMs: number;
  /** When the target was opened, ISO 8601; null if the connection was lost before it could say. */
  readonly cutOverAt: string | null;
  /** Whether an earlier command had cut over already: this one did nothing. */
  readonly isRepeated: boolean;
  /** Rows compared on both sides. */
  readonly verified: VerificationTotals;
  /** The run's phase. */
  readonly phase: "cut-over";
  /** What the time behind the fence was spent on; empty if the run was cut over before. */
  readonly timeline: readonly TimedStep[];
  /** Foreign keys that rows of the source violate: they exist in the target, NOT VALID. */
  readonly brokenForeignKeys: readonly string[];
  /** Whether changes of the target are logged, so that a failback is possible. */
  readonly failback: boolean;
  /** What of the schema was not translated as it was, and the run's warnings. */
  readonly notices: readonly Notice[];
}

/** What `migration.full()` did. */
export type CompletedFull = WithBackup &
  (
    | { readonly kind: "cutover"; readonly cutover: CompletedCutover }
    | {
        readonly kind: "synced";
        /** Null: the sync was stopped before the comparison ended. */
        readonly check: CheckResult | null;
        readonly sync: Omit<CompletedSync, "backup">;
      }
  );

/** A rollback that removed everything of the run. */
export interface RemovedRun {
  /** Tells it from a failback. */
  readonly kind: "rollback";
  /** Names of the objects that were removed from the source. */
  readonly removed: readonly string[];
  /** Names of the migrations that were undone in the target. */
  readonly migrationsUndone: readonly string[];
}

/** A rollback after the cutover. One that was undone throws a {@link FailbackUndoneError} instead. */
export interface CompletedFailback {
  /** Tells it from a rollback before the cutover. */
  readonly kind: "failback";
  /** From the target's fence to the opening of the source, in ms. */
  readonly downtimeMs: number;
  /** Rows compared on both sides. */
  readonly verified: VerificationTotals;
  /** The run's phase. */
  readonly phase: "returned";
  /** Values that were rounded during the failback; one that came twice counts twice. */
  readonly rounded: number;
  /** What the source does not hold. */
  readonly losses: readonly FailbackLoss[];
}

/** What `migration.rollback()` did. */
export type CompletedRollback = RemovedRun | CompletedFailback;

/** What `migration.complete()` did. */
export interface CompletedRun {
  /** The phase in which the run ended. */
  readonly phase: "cut-over" | "returned";
  /** Names of the objects that were removed from the source. */
  readonly removed: readonly string[];
  /** Rows that went back to the source while there was a failback. */
  readonly returned: number;
  /** Foreign keys that rows violate: they exist in the target, NOT VALID. */
  readonly brokenForeignKeys: readonly string[];
  /** Entries in the quarantine. */
  readonly quarantined: number;
}

/** What changeover did to the target in one command. */
export interface HistoryItem extends Omit<HistoryEntry, "id"> {
  /** Ascending in time. */
  readonly id: number;
}

/** How many rows of a table the target could not take. */
export interface QuarantineTotals {
  /** The table in the source. */
  readonly table: string;
  /** Rows that are not in the target. */
  readonly rows: number;
  /** Rows that are in the target with NULL for a value. */
  readonly values: number;
}

/** A row that the target could not take, with its values. */
export interface QuarantineItem {
  /** Ascending: pass the last one as `after` to read on. */
  readonly id: number;
  /** The table in the source. */
  readonly table: string;
  /** The row's key. */
  readonly key: Tuple;
  /** `row`: it is not in the target. `value`: it is there, with NULL in `columns`. */
  readonly what: "row" | "value";
  /** Columns of the source with a rejected value; empty where PostgreSQL names none. */
  readonly columns: readonly string[];
  /** PostgreSQL's reason. */
  readonly reason: string;
  /** The row as SQLite holds it, by column. */
  readonly row: Readonly<Record<string, KeyValue>>;
  /** ISO 8601. */
  readonly quarantinedAt: string;
}
