import type { HeldSourceTable } from "./held-table.ts";
import type { Tuple } from "./key.ts";
import type { TableMapping } from "./mapping.ts";
import type { CapturedCatalogue } from "./schema-change.ts";
import type { SourceIdentity } from "./source-identity.ts";

/** `rolling-back`: a rollback has begun and is not finished; only running it again leads on. */
export type Phase = "new" | "copying" | "syncing" | "cutting-over" | "cut-over" | "returned" | "rolling-back";

/** The state of a run, as the target stores it. */
export interface Run {
  readonly id: string;
  /** The source as shown to people. */
  readonly source: string;
  /** Null in a run of an older version. */
  readonly sourceIdentity: SourceIdentity | null;
  readonly phase: Phase;
  /** False for `changeover data`: a source at rest, without capture. */
  readonly captured: boolean;
  readonly mappings: readonly TableMapping[];
  readonly sourceSchema: SourceSchemaState | null;
  /** What a change of the source's schema is measured against; null in a run of an older version. */
  readonly sourceCatalogue: CapturedCatalogue | null;
  /** Tables whose schema changed in the source, and that wait for the target. */
  readonly held: readonly HeldSourceTable[];
  readonly watermark: bigint;
  readonly sourceSeq: bigint;
  readonly firstCaughtUp: string | null;
  /** Seconds since the target last equalled the source as then seen; null before the first time. */
  readonly secondsSinceCaughtUp: number | null;
  readonly verifiedThrough: bigint | null;
  readonly verified: VerificationTotals | null;
  readonly lockRequestedBy: string | null;
  readonly fenceSeq: bigint | null;
  /** Of the last cutover: from the first refused write to the first possible one. */
  readonly downtimeMs: number | null;
  /** When the last cutover opened the target; null before it, and in a run of an older version. */
  readonly cutOverAt: string | null;
  /** When that cutover had nothing left to do. */
  readonly cutoverFinishedAt: string | null;
  /** What the last rehearsal said of the cutover; null before one. `at` is ISO 8601. */
  readonly prediction: { readonly downtimeMs: number; readonly at: string } | null;
}

/** The source as it was captured: what drift is measured against. See capture/schema-state.ts. */
export interface SourceSchemaState {
  /** SQLite's own counter of schema changes. */
  readonly version: number;
  /** Digest of the text of all that capture depends on. writable_schema can change text without the counter. */
  readonly digest: string;
  /** Digest of all other text. */
  readonly rest: string;
  readonly tables: Readonly<Record<string, TableSchemaState>>;
  /** An entry of the change log that only this source has. */
  readonly epoch?: LogEpoch;
}

/** Digests of one table's parts. */
export interface TableSchemaState {
  /** The table and its unique indexes. */
  readonly definition: string;
  /** The application's triggers on it. */
  readonly triggers: string;
  /** Our triggers on it. */
  readonly capture: string;
}

/** A random entry of the change log. A file restored from a backup that is older has another one there, or none. */
export interface LogEpoch {
  readonly seq: string;
  readonly token: string;
}

/** How many rows were compared, and how many differ. */
export interface VerificationTotals {
  /** Rows compared. */
  readonly rows: number;
  /** Rows that differ. */
  readonly differences: number;
}

export interface TableState {
  readonly id: number;
  readonly source: string;
  /** Rows in the source when the run began. */
  readonly rows: number;
  readonly copied: number;
  readonly position: Tuple | null;
  readonly done: boolean;
}
