import type { TableMapping } from "./mapping.ts";
import type { Tuple } from "./key.ts";

export type Phase = "new" | "copying" | "syncing" | "cutting-over" | "cut-over" | "returned";

/** The run as the target remembers it. */
export interface Run {
  readonly id: string;
  /** The source as shown to people. */
  readonly source: string;
  readonly phase: Phase;
  /** False for `changeover data`: a source at rest, without capture. */
  readonly captured: boolean;
  readonly mappings: readonly TableMapping[];
  readonly sourceSchema: SourceSchemaState | null;
  readonly watermark: bigint;
  readonly sourceSeq: bigint;
  readonly firstCaughtUp: string | null;
  /** Seconds since the target last equalled the source as then seen; null before the first time. */
  readonly secondsSinceCaughtUp: number | null;
  readonly verifiedThrough: bigint | null;
  readonly verified: VerificationTotals | null;
  readonly handover: string | null;
  readonly fenceSeq: bigint | null;
  readonly downtimeMs: number | null;
}

/** The schema of the source as it was captured. See capture/schema-state.ts. */
export interface SourceSchemaState {
  readonly version: number;
  readonly digest: string;
  readonly tables: Readonly<Record<string, string>>;
}

export interface VerificationTotals {
  readonly rows: number;
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
