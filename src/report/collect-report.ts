import type { RunTable } from "../api/read-tables.ts";
import type { HistoryItem, QuarantineTotals, TimedStep } from "../api/results.ts";
import type { Migration } from "../migration.ts";
import type { Notice } from "../model/left-out.ts";
import { type Sample, samplesOf } from "../status/samples.ts";
import type { Status } from "../status/status.ts";
import { version } from "../version.ts";
import { EventRecord } from "./event-record.ts";

/** What is asked of a migration for its report. */
export type Reported = Pick<Migration, "status" | "tables" | "history" | "notices" | "watch"> & {
  readonly quarantine: Pick<Migration["quarantine"], "counts">;
};

/** All that a report says. Numbers and names, never values of rows. */
export interface ReportData {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly version: string;
  readonly status: Status;
  readonly tables: readonly RunTable[];
  readonly history: readonly HistoryItem[];
  readonly notices: readonly Notice[];
  readonly quarantine: readonly QuarantineTotals[];
  /** What the command that writes the report saw itself. */
  readonly events: EventRecord;
  /** What the run measured of itself, the oldest first; older times are thinned out. */
  readonly samples: readonly Sample[];
  /** The steps of the cutover behind the fence; empty where another command did it. */
  readonly timeline: readonly TimedStep[];
}

const HISTORY = 1_000;

/** Reads from the target what a report says. */
export async function collectReport(
  migration: Reported,
  seen: { readonly events?: EventRecord; readonly timeline?: readonly TimedStep[] } = {},
): Promise<ReportData> {
  const status = await migration.status();
  await using watch = migration.watch();
  const hasRun = status.source !== null;
  return {
    at: new Date().toISOString(),
    version: version(),
    status,
    tables: await migration.tables(),
    history: await migration.history({ limit: HISTORY }).catch(() => []),
    notices: hasRun ? await migration.notices() : [],
    quarantine: hasRun ? await migration.quarantine.counts() : [],
    samples: samplesOf(await watch.samples().catch(() => [])),
    events: seen.events ?? new EventRecord(),
    timeline: seen.timeline ?? [],
  };
}
