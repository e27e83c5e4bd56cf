import { stateSql } from "../state-schema.ts";
import type { TargetReader } from "../target.ts";

/** A table as a status shows it: without the place that its copy has reached. */
export interface TableAtPresent {
  readonly table: string;
  readonly rows: number;
  readonly copied: number;
  readonly done: boolean;
  /** Rows compared in the pass that is not through; null without one. */
  readonly compared: number | null;
  readonly isCompared: boolean | null;
  /** When that was noted, ISO 8601. */
  readonly savedAt: string | null;
}

export function loadTablesForStatus(session: TargetReader, run: string): Promise<TableAtPresent[]> {
  return session.rows<TableAtPresent>(stateSql(session, "target/status-tables"), [run]);
}
